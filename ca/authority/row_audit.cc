#include "ca/authority/row_audit.h"

#include "base/encoding.h"
#include "ca/authority/issuer_audit.h"
#include "ca/authority/record_audit.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"

namespace antin::authority {
namespace {

// What the approved row says of its certificate; a renewed one says what the one before said.
struct Approved {
  x509::Name subject;
  std::vector<std::string> mails, dns_names;
  Bytes public_key_info;
};

Result<Approved> approved_content(store::Store& store, const issuance::ProfileSet& profiles, const Roster::Row& row,
                                  const store::RosterRow& stored, Time now) {
  std::optional<x509::Certificate> before;
  if (!row.replaces.empty()) {
    ANTIN_TRY(const store::CertificateRecord record, store.certificate(row.replaces, now));
    ANTIN_TRY(before, x509::Certificate::from_der(record.der));
  }
  const bool same_key = before && row.key == "same";
  ANTIN_TRY(Bytes key, same_key ? Result<Bytes>(to_bytes(before->public_key_info())) : public_key_of(stored.request));
  if (before && row.act == policy::Act::renew)
    return Approved{before->subject(), before->mails(), before->dns_names(), std::move(key)};
  ANTIN_TRY(const issuance::Profile profile, profiles.find(row.profile));
  ANTIN_TRY(x509::Name subject, profile.subject(row.fields));
  std::vector<std::string> mails;
  if (std::string mail = field_of(row, "mail"); !mail.empty()) mails.push_back(std::move(mail));
  return Approved{std::move(subject), std::move(mails), dns_names_of(row), std::move(key)};
}

// Beyond the content: issuer, purposes and length of life are those of the row's bloc and profile.
Status check_frame(const ApprovalLog& log, const Roster::Row& row, const IssuedRow& issued,
                   const x509::Certificate& certificate) {
  ANTIN_TRY(const issuance::Profile profile, issued.profiles.find(row.profile));
  ANTIN_TRY(const auto longest, profile.validity(certificate.not_before(), std::nullopt));
  const RegisteredIssuer* issuer = log.issuers().find(issued.issuer);
  const bool fits = issuer != nullptr && bloc_of(issuer->name) == row.bloc && issued_by(*issuer, certificate) &&
                    !certificate.is_ca() && certificate.key_usage() == profile.key_usage() &&
                    certificate.extended_key_usage() == profile.extended_key_usage() &&
                    (issued.profiles.of_program() || certificate.policies() == profile.policies()) &&
                    certificate.not_after() + issued.spread.earlier <= longest.not_after + days(1);
  if (fits) return {};
  return fail(ErrorCode::data_loss,
              "approvals: the certificate " + issued.id +
                  " comes from another CA, for other purposes or for longer than its approved row says");
}

// That an end was put earlier is what the recorded days make of roster and row: computed anew.
Status check_spread(const store::RosterRecord& roster, const Roster::Row& row, const IssuedRow& issued,
                    const x509::Certificate& certificate) {
  const days earlier = issued.spread.earlier;
  const seconds whole = certificate.not_after() + earlier - certificate.not_before();
  if (earlier == days(0) || earlier == policy::spread(issued.spread.over, roster.hash, row.row, roster.rows, whole))
    return {};
  return fail(ErrorCode::data_loss,
              "approvals: the certificate " + issued.id + " ends on another day than policy and roster say");
}

// The row's columns: what the approved row and the request stored with it say.
Status check_row_columns(const store::CertificateRecord& record, const Roster::Row& row, const store::RosterRow& stored,
                         const std::string& roster_hash, const Approved& approved, const IssuedRow& issued,
                         const x509::Certificate& certificate) {
  store::Intent decided = as_recorded(record);
  decided.request_id = roster_hash + "/" + std::to_string(stored.row);
  decided.issuer = issued.issuer;
  decided.kind = row.kind;
  decided.profile = row.profile;
  decided.key_location = row.key == "csr" ? "subscriber" : row.key == "token" ? "token" : stored.key_location;
  decided.key_uri = stored.key_uri;
  decided.subscriber = row.code;
  decided.mail = approved.mails.empty() ? std::string() : approved.mails.front();
  decided.succession = succession_of(row);
  return check_columns(record, decided, certificate);
}

Status check_content(store::Store& store, const ApprovalLog& log, const store::RosterRecord& roster,
                     const store::RosterRow& stored, const IssuedRow& issued) {
  ANTIN_TRY(const store::CertificateRecord record, store.certificate(issued.id, roster.submitted_at));
  ANTIN_TRY(const Roster::Row row, row_from_canonical(roster.format, stored.content));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_CHECK(check_decided_bytes(issued.id, certificate, issued.tbs));
  ANTIN_TRY(const Approved approved, approved_content(store, issued.profiles, row, stored, roster.submitted_at));
  const std::string& id = issued.id;
  const Bytes binding = request_binding_of_stored(row, stored, approved.public_key_info);
  if (!equal(approved.public_key_info, certificate.public_key_info()) ||
      !equal(canonical_row(roster.format, row, binding), stored.content))
    return fail(ErrorCode::data_loss, "approvals: the certificate " + id + " has another key than its approved row");
  if (!equal(approved.subject.der(), certificate.subject().der()))
    return fail(ErrorCode::data_loss,
                "approvals: the certificate " + id + " has another subject than its approved row");
  if (certificate.mails() != approved.mails || certificate.dns_names() != approved.dns_names)
    return fail(ErrorCode::data_loss,
                "approvals: the certificate " + id + " has other mail addresses or host names than its approved row");
  ANTIN_CHECK(check_row_columns(record, row, stored, to_hex(roster.hash), approved, issued, certificate));
  ANTIN_CHECK(check_spread(roster, row, issued, certificate));
  return check_frame(log, row, issued, certificate);
}

Status check_link(const store::RosterRecord& roster, const store::RosterRow& stored, const FollowedRow& link) {
  ANTIN_TRY(const Roster::Row row, row_from_canonical(roster.format, stored.content));
  if (row.act == policy::Act::revoke && row.replaces == link.certificate && row.followed_by == link.followed_by)
    return {};
  return not_approved_to_follow(link);
}

}  // namespace

Status check_rows(store::Store& store, const ApprovalLog& log, const store::RosterRecord& roster,
                  ApprovalLog::OfRows& of_rows, ApprovalLog::Following& following) {
  const std::string hash = to_hex(roster.hash);
  std::vector<Bytes> canonical;
  ANTIN_CHECK(store.for_each_row(roster.hash, 1, [&](const store::RosterRow& stored) -> Status {
    canonical.push_back(stored.content);
    const std::string request = hash + "/" + std::to_string(stored.row);
    if (const auto link = following.extract(request); !link.empty()) return check_link(roster, stored, link.mapped());
    const auto issued = of_rows.extract(request);
    if (issued.empty()) return {};
    return check_content(store, log, roster, stored, issued.mapped());
  }));
  return check_unchanged(roster, canonical);
}

}  // namespace antin::authority
