// Log: the append-only record of every act of the authority, with RFC 9162 leaf and root hashes. docs/formats/log.md.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "ca/store/store.h"

namespace antin::log {

// One act as canonical octets: JSON with sorted keys, no white space, UTF-8 in NFC: {"at":…,"type":…, fields…}.
// Binary values are lower-case hex. Never a PIN, a private key or a citizen number.
Bytes entry(Time at, std::string_view type, const std::vector<std::pair<std::string, std::string>>& fields);

Sha256 leaf_hash(ByteView entry);
Sha256 node_hash(const Sha256& left, const Sha256& right);

// The Merkle tree hash of leaves that come one at a time; O(log n) memory.
class RootBuilder {
 public:
  void add(const Sha256& leaf);
  Sha256 root() const;  // of the leaves so far; SHA-256 of nothing for none
  std::uint64_t size() const noexcept { return size_; }

 private:
  std::vector<std::pair<std::uint64_t, Sha256>> stack_;  // complete subtrees, largest first
  std::uint64_t size_ = 0;
};

struct Verification {
  std::uint64_t size = 0;
  Sha256 root{};
};
// Recomputes each leaf and the root; data_loss names the first index that is missing or does not match. With `earlier`,
// what somebody wrote down who is no part of this machine, also that the log still begins with those entries: whoever
// may write to the store can cut off or write anew all that it holds, in agreement with itself.
Result<Verification> verify(store::Store& store, const std::optional<Verification>& earlier = std::nullopt);

}  // namespace antin::log
