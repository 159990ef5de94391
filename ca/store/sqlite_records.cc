#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

using Act = RevocationEvent::Act;

std::optional<Time> optional_time(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return row.time_at(column);
}

#define ANTIN_ROSTER                                                                                             \
  "SELECT hash, name, submitted_at, row_count, (SELECT count(*) FROM intent JOIN certificate USING (seq) WHERE " \
  "request_id > "                                                                                                \
  "lower(hex(hash)) || '/' AND request_id < lower(hex(hash)) || '0') + (SELECT count(*) FROM row_done WHERE "    \
  "request_id > lower(hex(hash)) || '/' AND request_id < lower(hex(hash)) || '0'), "                             \
  "(SELECT count(*) FROM approval a WHERE a.subject_hash = hash), format "                                       \
  "FROM roster "

RosterRecord read_roster(const Statement& row) {
  return {to_bytes(row.blob_at(0)),
          row.text_at(1),
          row.time_at(2),
          row.count_at(3),
          row.count_at(4),
          row.count_at(5),
          static_cast<unsigned>(row.count_at(6))};
}

}  // namespace

Status SqliteStore::for_each_revoked(const std::string& issuer,
                                     const std::function<Status(const x509::CrlEntry&, Time)>& visit) {
  ANTIN_TRY(
      auto statement,
      database_->prepare(
          "SELECT serial, act, reason, at, invalidity_date, not_after FROM revocation r WHERE issuer = ?1 AND turn = "
          "(SELECT max(turn) FROM revocation l WHERE l.issuer = ?1 AND l.serial = r.serial) ORDER BY serial"));
  statement.text(issuer);
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return {};
    if (statement.integer_at(1) == static_cast<int>(Act::resume)) continue;
    ANTIN_TRY(auto serial, serial_of(statement.blob_at(0)));
    const auto reason = static_cast<x509::RevocationReason>(statement.integer_at(2));
    ANTIN_CHECK(
        visit({std::move(serial), statement.time_at(3), reason, optional_time(statement, 4)}, statement.time_at(5)));
  }
}

Result<std::vector<RevocationEvent>> SqliteStore::revocations(const std::string& certificate_id) {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT r.act, r.reason, r.at, r.invalidity_date, r.remark, r.followed_by FROM intent i "
                               "JOIN revocation r ON r.issuer = i.issuer "
                               "AND r.serial = i.serial WHERE i.id = ?1 ORDER BY r.turn"));
  statement.text(certificate_id);
  std::vector<RevocationEvent> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back({certificate_id, static_cast<Act>(statement.integer_at(0)),
                   static_cast<x509::RevocationReason>(statement.integer_at(1)), statement.time_at(2),
                   optional_time(statement, 3), statement.text_at(4), statement.text_at(5)});
  }
}

Result<std::vector<std::string>> SqliteStore::followed(const std::string& subscriber) {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT DISTINCT i.id FROM revocation r JOIN intent i ON i.id = r.issuer || '-' || "
                               "ltrim(hex(r.serial), '0') WHERE r.followed_by = ?1 AND r.followed_by <> '' "
                               "ORDER BY i.id"));
  statement.text(subscriber);
  std::vector<std::string> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back(statement.text_at(0));
  }
}

Result<std::vector<ListedSerial>> SqliteStore::listed_serials() {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT issuer, serial, r.act, r.reason, r.at, r.invalidity_date, r.remark, r.not_after "
                               "FROM listed_serial JOIN revocation r USING (issuer, serial) ORDER BY issuer, serial"));
  std::vector<ListedSerial> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    ANTIN_TRY(auto serial, serial_of(statement.blob_at(1)));
    out.push_back({statement.text_at(0),
                   std::move(serial),
                   {{},
                    static_cast<Act>(statement.integer_at(2)),
                    static_cast<x509::RevocationReason>(statement.integer_at(3)),
                    statement.time_at(4),
                    optional_time(statement, 5),
                    statement.text_at(6)},
                   statement.time_at(7)});
  }
}

Result<std::vector<RosterRecord>> SqliteStore::rosters() {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_ROSTER "ORDER BY seq"));
  std::vector<RosterRecord> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back(read_roster(statement));
  }
}

Result<RosterRecord> SqliteStore::roster(ByteView hash) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_ROSTER "WHERE hash = ?1"));
  statement.blob(hash);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return fail(ErrorCode::not_found, "store: no roster with this hash was submitted");
  return read_roster(statement);
}

Status SqliteStore::for_each_row(ByteView roster_hash, std::uint64_t from_row,
                                 const std::function<Status(const RosterRow&)>& visit) {
  ANTIN_TRY(auto statement, database_->prepare("SELECT number, content, request, key_location, key_uri FROM roster_row "
                                               "WHERE roster = (SELECT seq FROM roster WHERE "
                                               "hash = ?1) AND number >= ?2 ORDER BY number"));
  statement.blob(roster_hash).count(from_row);
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return {};
    ANTIN_CHECK(visit({statement.count_at(0), to_bytes(statement.blob_at(1)), to_bytes(statement.blob_at(2)),
                       statement.text_at(3), statement.text_at(4)}));
  }
}

Result<std::vector<Approval>> SqliteStore::approvals(ByteView subject_hash) {
  ANTIN_TRY(auto statement,
            database_->prepare(
                "SELECT officer_id, scheme, signature, at FROM approval WHERE subject_hash = ?1 ORDER BY seq"));
  statement.blob(subject_hash);
  std::vector<Approval> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back({to_bytes(subject_hash), statement.text_at(0), statement.text_at(1), to_bytes(statement.blob_at(2)),
                   statement.time_at(3)});
  }
}

Result<std::vector<ProposalRecord>> SqliteStore::proposals() {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT number, hash, content, at, of_ceremony FROM proposal ORDER BY number"));
  std::vector<ProposalRecord> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back({statement.count_at(0), to_bytes(statement.blob_at(1)), to_bytes(statement.blob_at(2)),
                   statement.time_at(3), statement.integer_at(4) != 0});
  }
}

Result<std::vector<Approval>> SqliteStore::proposal_approvals() {
  ANTIN_TRY(auto statement, database_->prepare("SELECT subject_hash, officer_id, scheme, signature, at FROM approval "
                                               "WHERE subject_hash IN (SELECT hash FROM proposal) ORDER BY seq"));
  std::vector<Approval> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back({to_bytes(statement.blob_at(0)), statement.text_at(1), statement.text_at(2),
                   to_bytes(statement.blob_at(3)), statement.time_at(4)});
  }
}

Result<std::optional<CrlRecord>> SqliteStore::last_crl(const std::string& issuer) {
  ANTIN_TRY(auto statement, database_->prepare("SELECT number, this_update, next_update, entries, sha256 FROM crl "
                                               "WHERE issuer = ?1 AND sha256 IS NOT NULL ORDER BY "
                                               "number DESC LIMIT 1"));
  statement.text(issuer);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return std::nullopt;
  return CrlRecord{issuer,
                   statement.count_at(0),
                   statement.time_at(1),
                   statement.time_at(2),
                   statement.count_at(3),
                   to_bytes(statement.blob_at(4))};
}

Result<std::optional<BlockedKey>> SqliteStore::blocked_key(ByteView key_hash) {
  ANTIN_TRY(auto statement, database_->prepare("SELECT at, reason FROM blocked_key WHERE key_hash = ?1"));
  statement.blob(key_hash);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return std::nullopt;
  return BlockedKey{to_bytes(key_hash), statement.time_at(0), statement.text_at(1)};
}

Result<std::vector<BlockedKey>> SqliteStore::blocked_keys() {
  ANTIN_TRY(auto statement, database_->prepare("SELECT key_hash, at, reason FROM blocked_key ORDER BY key_hash"));
  std::vector<BlockedKey> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back({to_bytes(statement.blob_at(0)), statement.time_at(1), statement.text_at(2)});
  }
}

Result<std::uint64_t> SqliteStore::log_size() {
  ANTIN_TRY(const auto size, database_->number("SELECT coalesce(max(idx), -1) + 1 FROM log"));
  return static_cast<std::uint64_t>(size);
}

Status SqliteStore::for_each_log_entry(std::uint64_t from, const std::function<Status(const LogEntry&)>& visit) {
  ANTIN_TRY(auto statement, database_->prepare("SELECT idx, entry, leaf FROM log WHERE idx >= ?1 ORDER BY idx"));
  statement.count(from);
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return {};
    LogEntry entry{.index = statement.count_at(0), .entry = to_bytes(statement.blob_at(1))};
    const auto leaf = statement.blob_at(2);
    if (leaf.size() != entry.leaf_hash.size())
      return fail(ErrorCode::data_loss, "store: log entry " + std::to_string(entry.index) + " has no whole leaf hash");
    std::copy(leaf.begin(), leaf.end(), entry.leaf_hash.begin());
    ANTIN_CHECK(visit(entry));
  }
}

Result<std::optional<std::string>> SqliteStore::fact(const std::string& name) {
  ANTIN_TRY(auto statement, database_->prepare("SELECT value FROM fact WHERE name = ?1"));
  statement.text(name);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return std::nullopt;
  return statement.text_at(0);
}

}  // namespace antin::store
