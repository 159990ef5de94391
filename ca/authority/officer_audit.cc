#include "ca/authority/officer_audit.h"

#include "base/encoding.h"
#include "ca/authority/issuer_audit.h"
#include "hsm/public_key.h"

namespace antin::authority {
namespace {

std::unexpected<Error> refuse(const std::string& ceremony, const std::string& why) {
  return fail(ErrorCode::permission_denied, "approvals: the ceremony " + ceremony + ": " + why);
}

bool signed_by_root(const RegisteredIssuer& root, const LoggedAct& entry, ByteView content) {
  const auto signature = from_hex(entry.text("signature"));
  const ByteView key = root.certificate->public_key_info();
  const auto algorithm = hsm::key_algorithm_of(key);
  if (!signature || !algorithm || entry.text("root") != root.certificate_id) return false;
  return hsm::verify_signature(key, hsm::default_scheme(*algorithm),
                               officer_ceremony_statement(sha256(content), root.certificate_id), *signature)
      .value_or(false);
}

}  // namespace

Status OfficerAudit::certify(const LoggedAct& entry, const RoleRegister& roles, unsigned required) {
  const std::string name = entry.text("ceremony"), content = entry.text("content");
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  ANTIN_TRY(OfficerCeremony ceremony, in("approvals", read_officer_ceremony(bytes_of(content))));
  if (ceremony.name() != name || ceremony.number != held_.size() + 2)
    return refuse(name, "it is not the one that follows");
  ANTIN_CHECK(in("approvals", check_officer_ceremony(roles, required, ceremony, at)));
  ANTIN_TRY(const RegisteredIssuer root, in("approvals", root_of_officers(roles.issuers(), at)));
  if (!signed_by_root(root, entry, bytes_of(content))) return refuse(name, "the root's key did not sign it");
  Held& held = held_[name];
  held.ceremony = std::move(ceremony);
  held.at = entry.text("at");
  for (const OfficerCeremony::Officer& one : held.ceremony.officers)
    requests_[held.ceremony.request_id(one.token)] = {name, &one};
  return {};
}

Status OfficerAudit::add_certificate(const std::string& id, const std::string& request, const RegisteredIssuer* issuer,
                                     const x509::Certificate& certificate, const issuance::ProfileSet& profiles) {
  const auto& [name, officer] = requests_.at(request);
  ANTIN_TRY(const issuance::Profile profile, profiles.find("officer"));
  const auto longest = profile.validity(certificate.not_before(), std::nullopt);
  const bool fits = issuer != nullptr && bloc_of(issuer->name) == "government" && issued_by(*issuer, certificate) &&
                    !certificate.is_ca() && equal(certificate.public_key_info(), officer->public_key_info) &&
                    certificate.subject().rfc4514() == officer->subject &&
                    certificate.key_usage() == profile.key_usage() &&
                    certificate.extended_key_usage() == profile.extended_key_usage() && longest &&
                    certificate.not_after() <= longest->not_after + days(1);
  if (!fits) return refuse(name, "the certificate " + id + " is not the one that the root's key signed for");
  held_.at(name).certificates.insert_or_assign(request, std::pair(id, certificate));
  return {};
}

void OfficerAudit::note(const LoggedAct& entry) {
  const auto found = held_.find(entry.text("ceremony"));
  if (found == held_.end()) return;
  Held& held = found->second;
  if (entry.type() == "ceremony.transcript" && held.transcript.empty()) held.transcript = entry.text("transcript");
  if (entry.type() != "ceremony.witness" || entry.text("transcript") != held.transcript) return;
  const OfficerCeremony::Witness* witness = held.ceremony.witness(entry.text("witness"));
  const auto transcript = from_hex(held.transcript), signature = from_hex(entry.text("signature"));
  if (witness != nullptr && transcript && signature && witness_signed(*witness, *transcript, *signature))
    held.witnesses.insert(witness->name);
}

Status OfficerAudit::put_in_force(const LoggedAct& entry, RoleRegister& roles) {
  const std::string name = entry.text("ceremony");
  const auto found = held_.find(name);
  if (found == held_.end()) return refuse(name, "the root's key did not sign it");
  Held& held = found->second;
  if (held.witnesses.size() != held.ceremony.witnesses.size())
    return refuse(name, "its officers were put in force without the signatures of all witnesses");
  if (held.certificates.size() != held.ceremony.officers.size())
    return refuse(name, "its officers were put in force without certificates");
  if (held.in_force) return {};
  held.in_force = true;
  for (const auto& [request, issued] : held.certificates) roles.add_officer_of_ceremony(issued.first, issued.second);
  return {};
}

std::vector<OfficersByCeremony> OfficerAudit::told() const {
  std::vector<OfficersByCeremony> all;
  for (const auto& [name, held] : held_) {
    OfficersByCeremony one{name, held.at, held.transcript, {}, {}, held.in_force};
    for (const OfficerCeremony::Officer& officer : held.ceremony.officers) one.officers.push_back(officer.subject);
    one.witnesses.assign(held.witnesses.begin(), held.witnesses.end());
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace antin::authority
