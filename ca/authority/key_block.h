// Keys that are never certified again: the authority's own list in the store, and published lists beside it.
#pragma once

#include <map>

#include "ca/authority/authority.h"

namespace antin::authority {

// The lists as they are now, for asking about many keys.
class BlockedKeys {
 public:
  static Result<BlockedKeys> read(const Context& context);
  // failed_precondition when the key stands on one of the lists; the message says on which and why. Safe for all
  // threads.
  Status check(ByteView public_key_info) const;

 private:
  const issuance::BlockList* published_ = nullptr;
  std::map<Bytes, store::BlockedKey> own_;  // by key_hash
};

// Puts the key on the authority's list, with its log entry `key.block`. False when it was there. Certificates with it
// stay as they are.
Result<bool> block_key(const Context& context, ByteView public_key_info, const std::string& reason);

struct Compromise {
  bool blocked = false;                  // false: it was on the list before
  std::vector<std::string> revoked;      // ids, by this call
  std::vector<std::string> not_revoked;  // ids of roots, which no list can revoke
};
// For a key that is known to others: blocks it and revokes every certificate with it for keyCompromise. May be called
// again after a kill; what was revoked for another reason or has expired stays so.
Result<Compromise> compromise_key(const Context& context, ByteView public_key_info, const std::string& remark,
                                  std::optional<Time> invalidity_date);

}  // namespace antin::authority
