// Pkcs11Token: a Token on a session pool. Keys outlive it; they share its state.
#pragma once

#include "hsm/key_import.h"
#include "hsm/pkcs11/object_index.h"
#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct PrivateKey {
  CK_OBJECT_HANDLE handle = 0;
  bool asks_each_time = false;
};

// What a token and its keys share.
struct TokenState {
  std::shared_ptr<SessionPool> pool;
  TokenInfo info;
  std::mutex mutex;  // guards index
  ObjectIndex index;

  // By CKA_ID, with the mutex held.
  Result<const std::map<Bytes, KeyObjects>*> keys_of(const SessionPool::Lease& lease);
  // The private key, its handle in the lease's generation.
  Result<PrivateKey> private_key(const SessionPool::Lease& lease, const Bytes& id);
};

// What a key pair is made for: one thing alone.
enum class Purpose { sign, agree };

template <class Octets>
CK_ATTRIBUTE octets(CK_ATTRIBUTE_TYPE type, const Octets& value) {
  return {type, const_cast<void*>(static_cast<const void*>(value.data())), value.size()};
}
// Both have references into `ref`. The private key does what it is made for and nothing else: a key of the authority
// that could also unwrap or decrypt could be talked out of its token, or into opening what others sent.
std::vector<CK_ATTRIBUTE> private_template(const KeyRef& ref, Purpose purpose);
std::vector<CK_ATTRIBUTE> public_template(const KeyRef& ref, Purpose purpose);
// The DER object identifier of the curve.
Bytes curve_parameters(KeyAlgorithm algorithm);
// ML-DSA came with PKCS#11 3.2, of which p11-kit's header knows nothing yet.
std::unexpected<Error> no_ml_dsa(const std::string& module);

class Pkcs11Token final : public Token, public KeyImport {
 public:
  explicit Pkcs11Token(std::shared_ptr<TokenState> state) : state_(std::move(state)) {}
  const TokenInfo& info() const noexcept override { return state_->info; }
  Result<TokenAbilities> abilities() const override;
  Result<std::vector<KeyInfo>> keys() const override;
  Result<std::vector<StoredCertificate>> certificates() const override;
  Result<std::shared_ptr<const SigningKey>> find_key(const KeyRef& ref) const override;
  Result<std::shared_ptr<const SigningKey>> generate_key(const KeyRef& ref, const KeySpec& spec) override;
  Result<std::shared_ptr<const SigningKey>> import_key(const KeyRef& ref, const Secret& private_key_info) override;
  Result<std::shared_ptr<const AgreementKey>> generate_agreement_key(const KeyRef& ref) override;
  Result<std::shared_ptr<const AgreementKey>> find_agreement_key(const KeyRef& ref) const override;
  Status write_certificate(const KeyRef& ref, ByteView certificate_der) override;
  Status destroy_key(const KeyRef& ref) override;

 private:
  // Runs `act(lease, objects)` on the key's objects, once more on a new session when that may help.
  template <class Act>
  Status with_key(std::string_view where, const KeyRef& ref, Act act) const;
  Result<bool> pair_is_there(const SessionPool::Lease& lease, const Bytes& id);
  Status generate(const KeyRef& ref, const KeySpec& spec, Purpose purpose);
  CK_RV make_pair(const SessionPool::Lease& lease, const KeyRef& ref, const KeySpec& spec, Purpose purpose);
  Result<KeyObjects> find(const SessionPool::Lease& lease, const KeyRef& ref) const;
  Result<std::shared_ptr<const SigningKey>> make_key(const SessionPool::Lease& lease, const KeyObjects& objects) const;
  std::shared_ptr<TokenState> state_;
};

std::shared_ptr<const SigningKey> make_pkcs11_key(std::shared_ptr<TokenState> state, KeyRef ref, KeyAlgorithm algorithm,
                                                  Bytes public_key_info);

}  // namespace antin::hsm::pkcs11
