// Token: one PKCS#11 token after login. Keys are named by CKA_ID and CKA_LABEL, never by handle.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/secret.h"
#include "hsm/agreement_key.h"
#include "hsm/signing_key.h"

namespace antin::hsm {

struct KeyRef {
  Bytes id;           // CKA_ID; empty: any
  std::string label;  // CKA_LABEL; empty: any
};

struct KeySpec {
  KeyAlgorithm algorithm = KeyAlgorithm::ec_p256;
  unsigned rsa_bits = 2048;  // for rsa alone
};

struct TokenInfo {
  std::string label, serial, model, manufacturer;
  std::string uri;  // RFC 7512, to paste: `pkcs11:token=…;serial=…`
  bool initialised = false, user_pin_set = false;
  bool pin_final_try = false, pin_locked = false;
  bool pin_at_token = false;  // a protected authentication path: the token asks for its PIN itself
};

// What a module says that its token can do; asked without making anything. `token doctor` names what it cannot.
struct TokenAbilities {
  unsigned most_rsa_bits = 0;                                         // of a key pair made inside; 0: none is made
  bool rsa_pss = false, p256 = false, p384 = false, ed25519 = false;  // made inside, and signing
  bool agrees = false;                                                // agrees on secrets with a P-256 key: ECDH
  bool writes = true;                                                 // takes keys and certificates
  bool pin_at_token = false;
  bool in_files = false;  // keys are in files of this machine, encrypted with the PIN, and are opened in our memory
  unsigned long most_sessions = 0;  // 0: no limit is named
};

// What `token doctor` shows of one key: which of the three objects are there.
struct KeyInfo {
  KeyRef ref;
  std::optional<KeyAlgorithm> algorithm;
  bool has_private = false, has_public = false, has_certificate = false;
  bool sensitive = false, extractable = false;
  bool signs = true;            // an encryption key does not
  bool asks_each_time = false;  // CKA_ALWAYS_AUTHENTICATE: the PIN is given anew before each signature
};

// A certificate as it lies on a token, whether its key is there or not.
struct StoredCertificate {
  KeyRef ref;
  Bytes der;  // as the token has it: nobody has read it
};

class Token {
 public:
  virtual ~Token() = default;
  virtual const TokenInfo& info() const noexcept = 0;
  virtual Result<TokenAbilities> abilities() const = 0;
  // All keys, from the index of this session generation: cheap after the first call.
  virtual Result<std::vector<KeyInfo>> keys() const = 0;
  // All certificates, read from the token now.
  virtual Result<std::vector<StoredCertificate>> certificates() const = 0;
  // not_found, or failed_precondition when the reference fits several keys.
  virtual Result<std::shared_ptr<const SigningKey>> find_key(const KeyRef& ref) const = 0;
  // Makes a key pair inside the token, sensitive and not extractable. already_exists when the id is taken.
  virtual Result<std::shared_ptr<const SigningKey>> generate_key(const KeyRef& ref, const KeySpec& spec) = 0;
  // A key pair of P-256 that agrees on secrets and cannot sign, and finding one: as generate_key and find_key.
  virtual Result<std::shared_ptr<const AgreementKey>> generate_agreement_key(const KeyRef& ref) = 0;
  virtual Result<std::shared_ptr<const AgreementKey>> find_agreement_key(const KeyRef& ref) const = 0;
  // Writes a certificate object with the key's CKA_ID and label, replacing one that is there.
  virtual Status write_certificate(const KeyRef& ref, ByteView certificate_der) = 0;
  // Removes private key, public key and certificate.
  virtual Status destroy_key(const KeyRef& ref) = 0;
};

// PinSource: where the PIN of a token comes from. Asked at most once a login; a wrong PIN is never tried twice. Never
// asked for a token that asks for its PIN itself.
class PinSource {
 public:
  virtual ~PinSource() = default;
  // unauthenticated when there is none to be had for this token.
  virtual Result<Secret> pin(const TokenInfo& token) = 0;
};

}  // namespace antin::hsm
