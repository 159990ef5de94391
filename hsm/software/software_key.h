// Software keys: private keys in this process's memory, for tests, for the requests of the sample's persons, and behind
// the tokens of software_token.h, which a production configuration refuses: nothing that is issued or signed for real
// depends on them.
#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "hsm/token.h"

namespace antin::hsm::software {

// A new key pair, made by OpenSSL. unimplemented for ML-DSA where OpenSSL has none.
Result<std::shared_ptr<const SigningKey>> generate(const KeySpec& spec, std::string label = "software");
// A new key pair as an encrypted PKCS#8 PEM (PBES2, AES-256-CBC).
Result<std::string> generate_encrypted_pem(const KeySpec& spec, const Secret& passphrase);
// unauthenticated for a wrong passphrase.
Result<std::shared_ptr<const SigningKey>> from_encrypted_pem(std::string_view pem, const Secret& passphrase,
                                                             std::string uri = "software:pem");

// A new key pair of P-256 that agrees on secrets.
Result<std::shared_ptr<const AgreementKey>> generate_agreement(std::string label = "software");

}  // namespace antin::hsm::software
