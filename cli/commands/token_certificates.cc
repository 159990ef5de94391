#include "cli/commands/token_certificates.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/encoding.h"
#include "ca/x509/certificate.h"

namespace antin::commands {
namespace {

std::string name_of(const hsm::KeyRef& ref) { return ref.label.empty() ? "id " + to_hex(ref.id) : ref.label; }

// Empty for a key whose public half cannot be read: that is found elsewhere.
Bytes public_key_of(const hsm::Token& token, const hsm::KeyInfo& key) {
  if (!key.has_private || !key.has_public) return {};
  if (key.signs) {
    const auto found = token.find_key({key.ref.id, {}});
    return found ? to_bytes((*found)->public_key_info()) : Bytes();
  }
  const auto found = token.find_agreement_key({key.ref.id, {}});
  return found ? to_bytes((*found)->public_key_info()) : Bytes();
}

class Examination {
 public:
  Examination(const hsm::Token& token, const std::vector<hsm::KeyInfo>& keys) {
    for (const hsm::KeyInfo& key : keys)
      if (key.has_private || key.has_public) keys_.emplace(key.ref.id, Key{key, public_key_of(token, key)});
  }

  void look(const hsm::StoredCertificate& stored) {
    const auto certificate = x509::Certificate::from_der(stored.der);
    if (!certificate) return find("token.certificate_unreadable", {name_of(stored.ref)});
    const Key* of = key_of(certificate->public_key_info());
    const auto beside = keys_.find(stored.ref.id);
    if (of != nullptr) certified_.insert(of->info.ref.id);
    if (beside != keys_.end()) return look_beside(beside->second, of, stored.ref);
    if (of != nullptr) return find("token.certificate_id", {name_of(of->info.ref), name_of(stored.ref)});
    if (!certificate->is_ca()) find("token.certificate_alone", {name_of(stored.ref)});
  }

  CertificateRemarks take() {
    std::vector<std::string> without;
    for (const auto& [id, key] : keys_)
      if (key.info.has_private && !certified_.contains(id)) without.push_back(name_of(key.info.ref));
    if (!without.empty())
      remarks_.notes.push_back({"token.no_certificate", {without.front(), std::to_string(without.size())}});
    return std::move(remarks_);
  }

 private:
  struct Key {
    hsm::KeyInfo info;
    Bytes public_key_info;
  };

  void find(std::string id, std::vector<std::string> arguments) {
    remarks_.findings.push_back({std::move(id), std::move(arguments)});
  }
  const Key* key_of(ByteView public_key_info) const {
    const auto found = std::ranges::find_if(
        keys_, [&](const auto& one) { return equal(one.second.public_key_info, public_key_info); });
    return found == keys_.end() ? nullptr : &found->second;
  }
  void look_beside(const Key& key, const Key* of, const hsm::KeyRef& stored) {
    const std::string name = name_of(key.info.ref);
    certified_.insert(key.info.ref.id);                        // whatever is wrong with it is said below
    if (of == nullptr && key.public_key_info.empty()) return;  // there is nothing to compare it with
    if (of == nullptr) return find("token.certificate_of_stranger", {name});
    if (of != &key) return find("token.certificate_of_other", {name, name_of(of->info.ref)});
    if (stored.label != key.info.ref.label) find("token.certificate_label", {name, stored.label});
  }

  std::map<Bytes, Key> keys_;  // by CKA_ID
  std::set<Bytes> certified_;
  CertificateRemarks remarks_;
};

}  // namespace

Result<CertificateRemarks> examine_certificates(const hsm::Token& token, const std::vector<hsm::KeyInfo>& keys) {
  ANTIN_TRY(const auto certificates, token.certificates());
  Examination examination(token, keys);
  for (const hsm::StoredCertificate& one : certificates) examination.look(one);
  return examination.take();
}

}  // namespace antin::commands
