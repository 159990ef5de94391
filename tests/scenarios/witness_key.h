// WitnessKey: a key that writes down each digest it signed before it hands the signature over: what the outside world
// may have seen, kept by a file that outlives the process.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <set>
#include <string>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/file.h"
#include "hsm/signing_key.h"

namespace antin::tests {

class WitnessKey final : public hsm::SigningKey {
 public:
  // `around`: called before a signature is made and after it was written down; may not return.
  WitnessKey(std::shared_ptr<const hsm::SigningKey> inner, Path journal, std::function<void()> around)
      : inner_(std::move(inner)), journal_(std::move(journal)), around_(std::move(around)) {}
  hsm::KeyAlgorithm algorithm() const noexcept override { return inner_->algorithm(); }
  ByteView public_key_info() const noexcept override { return inner_->public_key_info(); }
  std::string uri() const override { return inner_->uri(); }
  Result<Bytes> sign_digest(hsm::SignatureScheme scheme, ByteView digest) const override {
    if (around_) around_();
    auto signature = inner_->sign_digest(scheme, digest);
    note(digest);
    if (around_) around_();
    return signature;
  }
  Result<Bytes> sign(hsm::SignatureScheme scheme, ByteView message) const override {
    return sign_digest(scheme, digest(hsm::digest_of(scheme), message));
  }

 private:
  void note(ByteView digest) const {
    const int file = ::open(journal_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string line = to_hex(digest) + "\n";
    if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
    ::close(file);
  }
  std::shared_ptr<const hsm::SigningKey> inner_;
  Path journal_;
  std::function<void()> around_;
};

// The digests of a journal, in hexadecimal.
inline std::set<std::string> signed_digests(const Path& journal) {
  std::set<std::string> lines;
  const auto content = read_file(journal);
  if (!content) return lines;
  for (std::size_t at = 0; at + 65 <= content->size(); at += 65) lines.emplace(text_of(*content).substr(at, 64));
  return lines;
}

}  // namespace antin::tests
