// Issuers: the CAs of a home, opened with their tokens. Only `antin` and `antin authority run` call open_issuer, for
// which antind has no PIN; antind asks chain_of and require_valid. Which issuers there are the register of the store
// says (ca/authority/issuer_register.h); those that are published are the files of HOME/out/ca.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ca/authority/issuer_register.h"
#include "ca/issuance/issuer.h"
#include "ca/store/store.h"
#include "cli/wiring/tokens.h"

namespace antin::wiring {

// How the keys of this program's own making are named on their tokens: CKA_LABEL `label`, CKA_ID from it.
hsm::KeyRef named_key(std::string_view label);
// The published certificate of one CA; unavailable before the ceremony made it.
Result<x509::Certificate> read_ca_certificate(const Home& home, std::string_view name);
// Every published CA certificate, by the order of their file names; unavailable when there is none.
Result<std::vector<x509::Certificate>> published_authorities(const Home& home);
// Signs with the key of its name in its token. `ca` stays open as long as the issuer is used. failed_precondition for
// one that has no certificate yet.
Result<issuance::Issuer> open_issuer(const Config& config, Tokens& ca, const authority::RegisteredIssuer& registered);
// What an issuer writes into what it issues, from its certificate and the configuration.
issuance::IssuerIdentity issuer_identity(const Config& config, std::string_view name,
                                         const x509::Certificate& certificate, hsm::SignatureScheme scheme);
// The authority's own word on a signer, which is newer than its last CRL: permission_denied when the certificate was
// revoked or suspended, or is over, at the time that `record` was asked for.
Status require_valid(const store::CertificateRecord& record);
// From the issuing CA of `leaf` up to its self-signed root, of the published certificates: by names and key ids, as
// generations share their name. not_found for a stranger's.
Result<std::vector<x509::Certificate>> chain_of(const Home& home, const x509::Certificate& leaf);

}  // namespace antin::wiring
