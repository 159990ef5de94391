// WitnessKey: a key that writes down each digest it signed before it hands the signature over: what the outside world
// may have seen, kept by a file that outlives the process, or by whoever listens.
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
  // Told each digest, in hexadecimal, when it was signed.
  using Note = std::function<void(const std::string& digest)>;
  WitnessKey(std::shared_ptr<const hsm::SigningKey> inner, Note note)
      : inner_(std::move(inner)), note_(std::move(note)) {}
  // `around`: called before a signature is made and after it was written down; may not return.
  WitnessKey(std::shared_ptr<const hsm::SigningKey> inner, const Path& journal, std::function<void()> around)
      : inner_(std::move(inner)), note_([journal](const std::string& digest) { append_to(journal, digest); }),
        around_(std::move(around)) {}
  hsm::KeyAlgorithm algorithm() const noexcept override { return inner_->algorithm(); }
  ByteView public_key_info() const noexcept override { return inner_->public_key_info(); }
  std::string uri() const override { return inner_->uri(); }
  Result<Bytes> sign_digest(hsm::SignatureScheme scheme, ByteView digest) const override {
    if (around_) around_();
    auto signature = inner_->sign_digest(scheme, digest);
    note_(to_hex(digest));
    if (around_) around_();
    return signature;
  }
  Result<Bytes> sign(hsm::SignatureScheme scheme, ByteView message) const override {
    return sign_digest(scheme, digest(hsm::digest_of(scheme), message));
  }

 private:
  static void append_to(const Path& journal, const std::string& digest) {
    const int file = ::open(journal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string line = digest + "\n";
    if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
    ::close(file);
  }
  std::shared_ptr<const hsm::SigningKey> inner_;
  Note note_;
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
