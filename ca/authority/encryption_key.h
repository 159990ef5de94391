// The officers' encryption keys, to which backups are sealed: an officer names the second key of the token with the
// first one, which goes into the log, and one of the issuing CAs certifies it. docs/formats/backup.md.
#pragma once

#include <string>

#include "ca/authority/authority.h"
#include "ca/issuance/issuer.h"

namespace antin::authority {

// What the officer signs.
Bytes encryption_key_statement(ByteView public_key_info, const std::string& officer_id);
// Of the certificate; the same for the same officer and key.
std::string encryption_request_id(const std::string& officer_id, ByteView public_key_info);

// Checks that `signer` is the key of that officer, whose certificate is valid, and writes the officer's word into the
// log; once for each key.
Status name_encryption_key(const Context& context, const std::string& officer_id, const hsm::SigningKey& signer,
                           ByteView public_key_info);
// Issues for a key that its officer named (failed_precondition for another); the same key again gives the same
// certificate. Earlier encryption certificates of the officer stay as they are.
Result<store::CertificateRecord> certify_encryption_key(const Context& context, const issuance::Issuer& issuer,
                                                        const std::string& issuer_name, const std::string& officer_id,
                                                        ByteView public_key_info);

}  // namespace antin::authority
