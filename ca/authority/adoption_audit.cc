#include "ca/authority/adoption_audit.h"

#include <cstdlib>

#include "base/encoding.h"
#include "ca/authority/adoption.h"
#include "ca/authority/record_audit.h"
#include "ca/x509/signature_check.h"

namespace antin::authority {
namespace {

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::permission_denied, "approvals: " + why);
}

Result<Holding::Revocation> revocation_in(const LoggedAct& entry) {
  Holding::Revocation said;
  ANTIN_TRY(said.at, parse_rfc3339(entry.text("revoked_at")));
  ANTIN_TRY(said.reason, x509::revocation_reason(entry.text("reason")));
  if (const std::string date = entry.text("invalidity_date"); !date.empty()) {
    ANTIN_TRY(said.invalidity_date, parse_rfc3339(date));
  }
  return said;
}

}  // namespace

Status check_adopted_certificate(const RegisteredIssuer& issuer, const x509::Certificate& certificate) {
  if (!issuer.certificate) return refuse("the issuer " + issuer.name + " has no certificate");
  const bool named = equal(issuer.certificate->subject().der(), certificate.issuer().der());
  if (named && x509::signed_by(certificate, *issuer.certificate).value_or(false)) return {};
  return refuse("the certificate " + certificate.serial().hex() + " was not signed by the issuer " + issuer.name);
}

Result<Holding*> AdoptionAudit::item(const LoggedAct& entry) {
  const std::string issuer = entry.text("issuer");
  ANTIN_TRY(const x509::SerialNumber serial, x509::SerialNumber::from_hex(entry.text("serial")));
  const auto [found, fresh] = open_[issuer].items.emplace(serial, Holding());
  if (!fresh) return refuse("the serial " + serial.hex() + " came along twice with the issuer " + issuer);
  return &found->second;
}

Status AdoptionAudit::add_certificate(const LoggedAct& entry, const IssuerRegister& issuers) {
  const std::string id = entry.text("certificate"), name = entry.text("issuer");
  const RegisteredIssuer* issuer = issuers.find(name);
  if (issuer == nullptr || issuer->holdings.empty() || issuer->took_holdings ||
      id != name + "-" + entry.text("serial"))
    return refuse("the certificate " + id + " came along with no issuer that officers decided to adopt");
  ANTIN_TRY(Holding* const holding, item(entry));
  holding->certificate = entry.text("sha256");
  if (!entry.text("revoked_at").empty()) {
    ANTIN_TRY(holding->revocation, revocation_in(entry));
  }
  ANTIN_TRY(const store::CertificateRecord record, store_.certificate(id, Time{}));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  if (to_hex(certificate.fingerprint()) != holding->certificate || certificate.serial().hex() != entry.text("serial"))
    return refuse("the certificate " + id + " is not the one that came along");
  store::Intent decided = as_recorded(record);
  decided.request_id = adopted_request_id(name, certificate.serial());
  decided.issuer = name;
  decided.profile = adopted_profile;
  decided.succession = std::nullopt;
  ANTIN_CHECK(check_columns(record, decided, certificate));
  return check_adopted_certificate(*issuer, certificate);
}

Status AdoptionAudit::add_serial(const LoggedAct& entry) {
  ANTIN_TRY(Holding* const holding, item(entry));
  ANTIN_TRY(holding->revocation, revocation_in(entry));
  ANTIN_TRY(holding->not_after, parse_rfc3339(entry.text("not_after")));
  return {};
}

Result<std::uint64_t> AdoptionAudit::take(const LoggedAct& entry, IssuerRegister& issuers) {
  const std::string name = entry.text("issuer");
  const RegisteredIssuer* issuer = issuers.find(name);
  if (issuer == nullptr || !issuer->certificate)
    return refuse("the issuer " + name + " was adopted without the officers' decision");
  Holdings holdings;
  if (const auto found = open_.find(name); found != open_.end()) holdings = found->second;
  holdings.authority = to_hex(issuer->certificate->fingerprint());
  holdings.last_crl_number = std::strtoull(entry.text("crl_number").c_str(), nullptr, 10);
  if (const std::string next = entry.text("next_serial"); !next.empty()) {
    ANTIN_TRY(holdings.next_serial, x509::SerialNumber::from_hex(next));
  }
  if (!issuers.take_holdings(name, holdings_digest(holdings)))
    return refuse("what came along with the issuer " + name + " is not what officers decided on");
  open_.erase(name);
  std::uint64_t certificates = 0;
  for (const auto& [serial, holding] : holdings.items) certificates += holding.certificate.empty() ? 0 : 1;
  return certificates;
}

Status AdoptionAudit::finish() const {
  if (open_.empty()) return {};
  return refuse("certificates came along with the issuer " + open_.begin()->first + " that no act of adoption ends");
}

}  // namespace antin::authority
