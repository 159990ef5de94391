// The dry run: everything that can be said of a roster without writing.
#include <algorithm>
#include <map>
#include <thread>

#include "base/encoding.h"
#include "ca/authority/key_block.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/issuance/key_gate.h"
#include "ca/issuance/profile_explain.h"
#include "ca/x509/csr.h"

namespace antin::authority {
namespace {

struct Checked {
  std::vector<Finding> findings;
  Bytes key_hash;       // empty when there is no usable request
  std::string subject;  // RFC 4514, empty when the name does not fit
};

Finding finding(const Roster::Row& row, std::string field, std::string rule, std::vector<std::string> arguments = {}) {
  return {row.row, std::move(field), std::move(rule), std::move(arguments), true};
}

void check_request(const Roster::Row& row, Checked& checked) {
  const auto request = x509::CertificationRequest::from_der(row.request);
  if (!request) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_malformed", {request.error().message}));
    return;
  }
  const auto possession = request->proof_of_possession();
  if (!possession) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_malformed", {possession.error().message}));
    return;
  }
  if (!*possession) {
    checked.findings.push_back(finding(row, "csr", "roster.csr_no_possession"));
    return;
  }
  if (const Status gate = issuance::check_key(request->public_key_info()); !gate) {
    checked.findings.push_back(finding(row, "csr", "roster.key_weak", {gate.error().message}));
    return;
  }
  checked.key_hash = issuance::key_hash(request->public_key_info());
}

// Builds and lints what issuing would sign, for an issuer and a serial that stand for any.
Status dry_lint(const Roster::Row& row, Time now) {
  ANTIN_TRY(x509::Name name, x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "-"}}, {{"CN", "-"}}}));
  const issuance::IssuerIdentity issuer{.name = std::move(name),
                                        .key_id = Bytes(20, 1),
                                        .not_after = std::nullopt,
                                        .crl_url = {},
                                        .certificate_url = {},
                                        .ocsp_url = {}};
  ANTIN_TRY(const x509::SerialNumber serial, x509::SerialNumber::from_unsigned(Bytes(20, 1)));
  ANTIN_TRY(Bytes key, row.key == "csr" ? public_key_of(row.request) : Result<Bytes>(issuance::sample_public_key()));
  ANTIN_TRY([[maybe_unused]] const issuance::LintedTbs linted, linted_row(row, std::move(key), issuer, serial, now));
  return {};
}

// What needs nothing but the row itself.
Checked check_row(const Roster::Row& row, Time now) {
  Checked checked;
  const auto profile = issuance::built_in_profile(row.profile);
  if (!profile) {
    checked.findings.push_back(finding(row, "profile", "roster.profile_unknown", {row.profile}));
    return checked;
  }
  if (to_string(profile->kind()) != row.kind)
    checked.findings.push_back(finding(row, "kind", "roster.kind_profile", {row.kind, row.profile}));
  const auto subject = profile->subject(row.fields);
  if (subject)
    checked.subject = subject->rfc4514();
  else
    checked.findings.push_back(finding(row, "fields", "roster.name_unfit", {subject.error().message}));
  if (row.key == "csr") check_request(row, checked);
  if (!checked.findings.empty()) return checked;  // the linter would say the same once more
  if (const Status linted = dry_lint(row, now); !linted)
    checked.findings.push_back(finding(row, "certificate", "roster.lint", {linted.error().message}));
  return checked;
}

std::vector<Checked> check_rows(const std::vector<Roster::Row>& rows, Time now) {
  std::vector<Checked> checked(rows.size());
  const auto part = [&](std::size_t first) {
    for (std::size_t i = first; i < rows.size(); i += 2) checked[i] = check_row(rows[i], now);
  };
  std::thread other(part, 1);
  part(0);
  other.join();
  return checked;
}

// A key that stands on a list of broken ones, or was seen before: with another subject, or revoked because it was
// exposed.
Status check_known_key(const Context& context, const BlockedKeys& blocked, const Roster::Row& row, Checked& checked,
                       Time now) {
  ANTIN_TRY(const Bytes key, public_key_of(row.request));
  if (const Status free = blocked.check(key); !free)
    checked.findings.push_back(finding(row, "csr", "roster.key_weak", {free.error().message}));
  ANTIN_TRY(const auto known, context.store.certificates_by_key(checked.key_hash, now));
  for (const store::CertificateRecord& certificate : known) {
    if (certificate.subject != checked.subject)
      checked.findings.push_back(finding(row, "csr", "roster.key_of_another", {certificate.id}));
    if (certificate.status != store::CertificateStatus::revoked) continue;
    ANTIN_TRY(const auto events, context.store.revocations(certificate.id));
    if (!events.empty() && events.back().reason == x509::RevocationReason::key_compromise)
      checked.findings.push_back(finding(row, "csr", "roster.key_compromised", {certificate.id}));
  }
  return {};
}

}  // namespace

Result<std::vector<Finding>> check_roster(const Context& context, const Roster& roster) {
  const Time now = context.clock.now();
  std::vector<Checked> checked = check_rows(roster.rows, now);
  ANTIN_TRY(const BlockedKeys blocked, BlockedKeys::read(context));
  std::map<std::string, std::uint64_t> codes;
  std::map<Bytes, std::uint64_t> keys;
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < checked.size(); ++i) {
    const Roster::Row& row = roster.rows[i];
    if (const auto [first, fresh] = codes.emplace(row.code, row.row); !fresh)
      checked[i].findings.push_back(
          finding(row, "code", "roster.code_twice", {row.code, std::to_string(first->second)}));
    if (!checked[i].key_hash.empty()) {
      if (const auto [first, fresh] = keys.emplace(checked[i].key_hash, row.row); !fresh)
        checked[i].findings.push_back(finding(row, "csr", "roster.key_twice", {std::to_string(first->second)}));
      ANTIN_CHECK(check_known_key(context, blocked, row, checked[i], now));
    }
    findings.insert(findings.end(), checked[i].findings.begin(), checked[i].findings.end());
  }
  return findings;
}

}  // namespace antin::authority
