#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/replaced.h"
#include "ca/authority/roster_json.h"
#include "ca/log/log.h"
#include "ca/x509/csr.h"

namespace antin::authority {
namespace {

// CKA_ID from roster and row: after a kill the key is found and used, never orphaned.
hsm::KeyRef key_ref(const Roster& roster, const Roster::Row& row) {
  Bytes hash = Hasher().update(roster.file_hash).update(bytes_of("/" + std::to_string(row.row))).finish();
  hash.resize(20);
  return {std::move(hash), row.code};
}

Result<std::shared_ptr<const hsm::SigningKey>> make_or_find(hsm::Token& seals, const hsm::KeyRef& ref,
                                                            const hsm::KeySpec& spec) {
  auto made = seals.generate_key(ref, spec);
  if (made || made.error().code != ErrorCode::already_exists) return made;
  return seals.find_key({ref.id, ""});
}

// The key, and a request signed with it.
Status fill_token_row(const issuance::ProfileSet& profiles, const Roster& roster, Roster::Row& row, hsm::Token& seals) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(row.profile));
  ANTIN_TRY(const x509::Name subject, profile.subject(row.fields));
  ANTIN_TRY(const auto key, make_or_find(seals, key_ref(roster, row), row.key_spec));
  ANTIN_TRY(const auto request, x509::CertificationRequest::make(subject, *key));
  row.request = to_bytes(request.der());
  row.key_uri = key->uri();
  return {};
}

Status refuse_findings(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings)
    if (finding.error)
      return fail(ErrorCode::failed_precondition, "roster row " + std::to_string(finding.row) + ": " + finding.field +
                                                      ": " + finding.rule +
                                                      "; `antin roster check` lists all findings");
  return {};
}

Status record(const Context& context, const Roster& roster, const Bytes& hash, std::vector<store::RosterRow> rows) {
  const Time now = context.clock.now();
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->add_roster(
      {.hash = hash, .name = roster.name, .submitted_at = now, .rows = rows.size(), .format = roster.format}, rows));
  ANTIN_CHECK(transaction->set_fact(roster_file_fact(roster.file_hash), to_hex(hash)));
  ANTIN_TRY([[maybe_unused]] const auto index,
            transaction->append_log(
                log::entry(now, "roster.submit",
                           {{"roster", to_hex(hash)}, {"name", roster.name}, {"rows", std::to_string(rows.size())}})));
  return transaction->commit();
}

// The row as it is stored; its key is made when it wants one in the token.
Result<store::RosterRow> stored_row(const Context& context, const issuance::ProfileSet& profiles, const Roster& roster,
                                    Roster::Row& row, hsm::Token* seals) {
  const std::string where = "roster row " + std::to_string(row.row);
  if (row.key == "same") {
    ANTIN_TRY(const auto replaced, read_replaced(context, row, context.clock.now()));
    if (!replaced) return fail(ErrorCode::not_found, where + ": there is no certificate " + row.replaces);
    return store::RosterRow{row.row,
                            canonical_row(roster.format, row, request_binding(row, replaced->public_key_info)),
                            {},
                            replaced->record.key_location,
                            replaced->record.key_uri};
  }
  if (row.key == "token") {
    if (seals == nullptr)
      return fail(ErrorCode::unavailable, where + ": wants a key in the token `seals`, which is not open");
    ANTIN_CHECK(in(where, fill_token_row(profiles, roster, row, *seals)));
  }
  ANTIN_TRY(const Bytes key, public_key_of(row.request));
  return store::RosterRow{row.row, canonical_row(roster.format, row, request_binding(row, key)), row.request,
                          row.key == "token" ? "token" : "subscriber", row.key_uri};
}

// The hash of this very file when it was submitted before: once its acts are done, the same acts would be refused.
Result<std::optional<Bytes>> submitted_before(const Context& context, const Roster& roster) {
  if (roster.format == 1) return std::nullopt;
  ANTIN_TRY(const auto hash, context.store.fact(roster_file_fact(roster.file_hash)));
  if (!hash) return std::nullopt;
  ANTIN_TRY(Bytes octets, from_hex(*hash));
  ANTIN_TRY([[maybe_unused]] const store::RosterRecord known, context.store.roster(octets));
  return octets;
}

}  // namespace

std::string roster_file_fact(const Sha256& file_hash) { return "roster.file." + to_hex(file_hash); }

Result<Bytes> submit_roster(const Context& context, Roster roster, hsm::Token* seals,
                            const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ANTIN_CHECK(check_clock(context.store, context.clock.now()));  // before keys are made
  ANTIN_TRY(const auto before, submitted_before(context, roster));
  if (before) return *before;
  ANTIN_TRY(const std::vector<Finding> findings, check_roster(context, roster));
  ANTIN_CHECK(refuse_findings(findings));
  ANTIN_TRY(const issuance::ProfileSet profiles, issuing_profiles(context, context.clock.now()));
  std::vector<Bytes> canonical;
  std::vector<store::RosterRow> rows;
  for (Roster::Row& row : roster.rows) {
    ANTIN_TRY(store::RosterRow stored, stored_row(context, profiles, roster, row, seals));
    canonical.push_back(stored.content);
    rows.push_back(std::move(stored));
    if (progress) progress(row.row, roster.rows.size());
  }
  const Bytes hash = roster_hash(roster.format, roster.name, canonical);
  if (const auto known = context.store.roster(hash); known) return hash;
  ANTIN_CHECK(record(context, roster, hash, std::move(rows)));
  return hash;
}

}  // namespace antin::authority
