// Officers' ceremony: new officers, certified with the root's key present and before witnesses, when too few are left
// to decide. docs/formats/ceremony.md.
//
// It stands in the log as `ceremony.officers`, signed by the root's key. Its officers count from `officers.in_force`,
// which the signature of the last witness over the transcript brings about. The audit checks both, and tells of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ca/authority/role_register.h"

namespace antin::authority {

struct OfficerCeremony {
  struct Officer {
    std::string token;    // label
    std::string subject;  // RFC 4514, of the certificate that the officer gets
    Bytes public_key_info;
  };
  struct Witness {
    std::string token, name;
    Bytes public_key_info;
  };
  unsigned number = 2;  // the home's own ceremony was the first
  std::string file;     // SHA-256 of the reviewed file, hex
  std::vector<Officer> officers;
  std::vector<Witness> witnesses;

  std::string name() const;  // `officers-2`
  // Of the officer's certificate: the same ceremony and token, the same certificate.
  std::string request_id(const std::string& token) const;  // `officers-2/officer-4`
  // The witness of that name or token; none when there is none.
  const Witness* witness(const std::string& name_or_token) const;
};

// Canonical JSON, whose SHA-256 the root's key signs.
Bytes officer_ceremony_content(const OfficerCeremony& ceremony);
Result<OfficerCeremony> read_officer_ceremony(ByteView content);  // data_loss when it is none, or not canonical
Bytes officer_ceremony_statement(ByteView content_sha256, const std::string& root_certificate_id);
// What a witness signs.
Bytes witness_statement(ByteView transcript_sha256, const std::string& name);
bool witness_signed(const OfficerCeremony::Witness& witness, ByteView transcript_sha256, ByteView signature);

// How many approvals decide by the log of this home: what its first ceremony recorded, else `otherwise`.
Result<unsigned> approvals_that_decide(store::Store& store, unsigned otherwise);
// failed_precondition while as many officers as decide are able to, for fewer new officers than decide, for fewer than
// two witnesses, and for a key that two of them share.
Status check_officer_ceremony(const RoleRegister& roles, unsigned required, const OfficerCeremony& ceremony, Time at);
// The root that issues at `at` and whose certificate has not ended; failed_precondition when there is none.
Result<RegisteredIssuer> root_of_officers(const IssuerRegister& issuers, Time at);

// The number of the next one.
Result<unsigned> next_officer_ceremony(store::Store& store);
// The one of this name that the root's key has signed; none before.
Result<std::optional<OfficerCeremony>> find_officer_ceremony(store::Store& store, const std::string& name);
// All of them, in their order.
struct KnownOfficerCeremony {
  std::string name;
  Sha256 content_sha256{};
  bool in_force = false;  // every witness signed
};
Result<std::vector<KnownOfficerCeremony>> officer_ceremonies(store::Store& store);
// Certificates of officers whose witnesses have signed, in their order.
Result<std::vector<store::CertificateRecord>> officers_of_ceremonies(store::Store& store, Time now);

// The root's word, recorded. The same again changes nothing. failed_precondition as check_officer_ceremony(), for a
// number that is not the next one, and for a key that is not the root's.
Status certify_officers(const Context& context, const OfficerCeremony& ceremony, const hsm::SigningKey& root_key,
                        unsigned otherwise_required);
// failed_precondition before the ceremony's transcript is in the log; not_found for a stranger; permission_denied for
// another's key; already_exists for a second signature. The last one puts the officers in force: true.
Result<bool> sign_as_witness(const Context& context, const std::string& ceremony, const std::string& witness,
                             const hsm::SigningKey& key);

}  // namespace antin::authority
