// Listing certificates: one statement for each condition that an index answers, so that a page costs the same whether a
// thousand certificates are stored or a million.
#include "ca/store/sqlite_certificate_row.h"
#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

// The first condition chooses the index; the others are asked of each row. ?1 and ?2: the row to go on after.
#define ANTIN_NARROWED                                                                                    \
  " AND (?3 = '' OR i.issuer = ?3) AND (?4 = '' OR i.kind = ?4) AND (?5 = '' OR i.subscriber = ?5) AND (" \
  "?6 = '' OR i.mail = ?6) AND (?7 = '' OR i.profile = ?7) "
#define ANTIN_IN_ORDER ANTIN_NARROWED "AND (i.issuer, i.serial) > (?1, ?2) ORDER BY i.issuer, i.serial"

constexpr std::string_view all = ANTIN_CERTIFICATE "WHERE true" ANTIN_IN_ORDER;
// With the issuer given, SQLite does not seek by the pair: the number is told it by itself.
constexpr std::string_view of_issuer =
    ANTIN_CERTIFICATE "WHERE i.issuer = ?3 AND i.serial >= CASE WHEN ?1 = ?3 THEN ?2 ELSE x'' END" ANTIN_IN_ORDER;
constexpr std::string_view of_kind = ANTIN_CERTIFICATE "WHERE i.kind = ?4" ANTIN_IN_ORDER;
constexpr std::string_view of_subscriber =
    ANTIN_CERTIFICATE "WHERE i.subscriber = ?5 AND i.subscriber <> ''" ANTIN_IN_ORDER;
constexpr std::string_view of_mail = ANTIN_CERTIFICATE "WHERE i.mail = ?6 AND i.mail <> ''" ANTIN_IN_ORDER;
constexpr std::string_view of_profile = ANTIN_CERTIFICATE "WHERE i.profile = ?7" ANTIN_IN_ORDER;
// Few certificates are revoked or suspended: their events lead.
constexpr std::string_view with_event = ANTIN_CERTIFICATE_OF
    "revocation e CROSS JOIN intent i ON i.issuer = e.issuer AND i.serial = e.serial CROSS JOIN certificate c USING "
    "(seq) LEFT JOIN succession s USING (seq) WHERE e.act = ?8 AND e.turn = (SELECT max(turn) FROM revocation l WHERE "
    "l.issuer = e.issuer AND l.serial = e.serial)" ANTIN_NARROWED
    "AND (e.issuer, e.serial) > (?1, ?2) ORDER BY e.issuer, e.serial";
// What ends soon, the first to end first.
constexpr std::string_view ending = ANTIN_CERTIFICATE_OF
    "certificate c CROSS JOIN intent i USING (seq) LEFT JOIN succession s USING (seq) WHERE c.not_after >= ?8 AND "
    "c.not_after <= ?9" ANTIN_NARROWED "ORDER BY c.not_after, i.issuer, i.serial";

bool asks_for_events(const CertificateQuery& query) {
  return query.status == CertificateStatus::revoked || query.status == CertificateStatus::suspended;
}

std::string_view statement_for(const CertificateQuery& query) {
  if (query.ends_by) return ending;
  if (query.subscriber) return of_subscriber;
  if (query.mail) return of_mail;
  if (asks_for_events(query)) return with_event;
  if (query.profile) return of_profile;
  if (query.kind) return of_kind;
  return query.issuer ? of_issuer : all;
}

}  // namespace

Status SqliteStore::for_each_certificate(const CertificateQuery& query, Time now,
                                         const std::function<Status(CertificateRecord)>& visit) {
  std::string after_issuer;
  Bytes after_serial;
  if (!query.after_id.empty()) {
    if (query.ends_by) return fail(ErrorCode::invalid_argument, "store: what ends soon has no pages");
    ANTIN_TRY(const auto parts, parts_of_id(query.after_id));
    after_issuer = parts.first;
    after_serial = padded(parts.second);
  }
  const std::string_view sql = statement_for(query);
  ANTIN_TRY(auto statement, database_->prepare(sql));
  statement.text(after_issuer).blob(after_serial);
  for (const auto* field : {&query.issuer, &query.kind, &query.subscriber, &query.mail, &query.profile})
    statement.text(*field ? std::string_view(**field) : "");
  if (sql == with_event)
    statement.integer(static_cast<int>(query.status == CertificateStatus::revoked ? RevocationEvent::Act::revoke
                                                                                  : RevocationEvent::Act::suspend));
  if (sql == ending) statement.time(now).time(*query.ends_by);
  for (std::uint64_t found = 0; found < query.limit;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) break;
    ANTIN_TRY(auto record, read_certificate(statement, now));
    if (query.status && *query.status != record.status) continue;
    if (query.ends_by && record.status != CertificateStatus::valid) continue;
    ++found;
    ANTIN_CHECK(visit(std::move(record)));
  }
  return {};
}

Result<std::vector<CertificateRecord>> SqliteStore::certificates(const CertificateQuery& query, Time now) {
  std::vector<CertificateRecord> out;
  ANTIN_CHECK(for_each_certificate(query, now, [&](CertificateRecord record) -> Status {
    out.push_back(std::move(record));
    return {};
  }));
  return out;
}

}  // namespace antin::store
