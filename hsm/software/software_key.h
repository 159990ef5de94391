// Software keys: private keys in this process's memory, for tests and for the requests of the sample's persons. No
// configuration can name one, so nothing that is issued or signed for real depends on them.
#pragma once

#include <memory>
#include <string>

#include "base/secret.h"
#include "hsm/token.h"

namespace antin::hsm::software {

// A new key pair, made by OpenSSL.
Result<std::shared_ptr<const SigningKey>> generate(const KeySpec& spec, std::string label = "software");
// A new key pair as an encrypted PKCS#8 PEM, kept by tests alone (PBES2, AES-256-CBC).
Result<std::string> generate_encrypted_pem(const KeySpec& spec, const Secret& passphrase);
// unauthenticated for a wrong passphrase.
Result<std::shared_ptr<const SigningKey>> from_encrypted_pem(std::string_view pem, const Secret& passphrase,
                                                             std::string label = "software");

// A new key pair of P-256 that agrees on secrets.
Result<std::shared_ptr<const AgreementKey>> generate_agreement(std::string label = "software");

}  // namespace antin::hsm::software
