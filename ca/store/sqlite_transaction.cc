#include <algorithm>

#include "base/digest.h"
#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

// RFC 9162 §2.1.1.
Sha256 leaf_of(ByteView entry) {
  Bytes input{0x00};
  append(input, entry);
  return sha256(input);
}

}  // namespace

std::string certificate_id(const std::string& issuer, const x509::SerialNumber& serial) {
  return issuer + "-" + serial.hex();
}

Bytes padded(const x509::SerialNumber& serial) {
  Bytes out(20, 0);
  const auto magnitude = serial.magnitude();
  std::copy(magnitude.begin(), magnitude.end(), out.end() - static_cast<std::ptrdiff_t>(magnitude.size()));
  return out;
}

Result<x509::SerialNumber> serial_of(ByteView padded) {
  auto serial = x509::SerialNumber::from_unsigned(padded);
  if (!serial) return fail(ErrorCode::data_loss, "store: a serial number is damaged: " + serial.error().message);
  return serial;
}

Status SqliteTransaction::add_intents(const std::vector<Intent>& intents) {
  ANTIN_TRY(auto statement,
            database_.prepare(
                "INSERT INTO intent (request_id, id, issuer, serial, tbs, kind, profile, key_location, key_uri, "
                "subscriber, mail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  for (const auto& intent : intents) {
    const auto id = certificate_id(intent.issuer, intent.serial);
    const auto serial = padded(intent.serial);
    statement.again();
    statement.text(intent.request_id)
        .text(id)
        .text(intent.issuer)
        .blob(serial)
        .blob(intent.tbs)
        .text(intent.kind)
        .text(intent.profile);
    statement.text(intent.key_location).text(intent.key_uri).text(intent.subscriber).text(intent.mail);
    ANTIN_CHECK(in("intent " + intent.request_id, statement.run()));
    ANTIN_CHECK(in("intent " + intent.request_id, add_succession(intent)));
  }
  return {};
}

Status SqliteTransaction::add_succession(const Intent& intent) {
  if (!intent.succession) return {};
  const Succession& succession = *intent.succession;
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO succession (seq, act, predecessor, reason, invalidity_date) VALUES "
                              "((SELECT seq FROM intent WHERE request_id = ?1), ?2, ?3, ?4, ?5)"));
  statement.text(intent.request_id).text(succession.act).text(succession.predecessor);
  if (succession.reason)
    statement.integer(static_cast<int>(*succession.reason));
  else
    statement.null();
  return statement.time(succession.invalidity_date).run();
}

Status SqliteTransaction::complete_row(const std::string& request_id, const std::string& certificate_id) {
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO row_done (request_id, id) VALUES (?, ?)"));
  return in("row " + request_id, statement.text(request_id).text(certificate_id).run());
}

Status SqliteTransaction::add_certificate(const CertificateRecord& record, const std::string& request_id) {
  ANTIN_TRY(auto intent, database_.prepare("SELECT seq, id FROM intent WHERE request_id = ?"));
  intent.text(request_id);
  ANTIN_TRY(const bool known, intent.step());
  if (!known) return fail(ErrorCode::failed_precondition, "store: no intent was recorded for " + request_id);
  if (intent.text_at(1) != certificate_id(record.issuer, record.serial))
    return fail(ErrorCode::invalid_argument, "store: the intent of " + request_id + " names another serial");
  ANTIN_TRY(
      auto statement,
      database_.prepare(
          "INSERT INTO certificate (seq, subject, not_before, not_after, key_hash, der) VALUES (?, ?, ?, ?, ?, ?)"));
  statement.integer(intent.integer_at(0)).text(record.subject).time(record.not_before).time(record.not_after);
  statement.blob(record.key_hash).blob(record.der);
  return in("certificate of " + request_id, statement.run());
}

Status SqliteTransaction::add_revocation(const RevocationEvent& event) {
  ANTIN_TRY(auto find,
            database_.prepare(
                "SELECT i.issuer, i.serial, c.not_after FROM intent i JOIN certificate c USING (seq) WHERE i.id = ?"));
  find.text(event.certificate_id);
  ANTIN_TRY(const bool known, find.step());
  if (!known) return fail(ErrorCode::not_found, "store: there is no certificate " + event.certificate_id);
  const auto issuer = find.text_at(0);
  const auto serial = to_bytes(find.blob_at(1));
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO revocation (issuer, serial, turn, act, reason, at, "
                                              "invalidity_date, not_after, remark, followed_by) VALUES (?1, ?2, "
                                              "(SELECT coalesce(max(turn), 0) + 1 FROM revocation WHERE issuer = ?1 "
                                              "AND serial = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
  statement.text(issuer)
      .blob(serial)
      .integer(static_cast<int>(event.act))
      .integer(static_cast<int>(event.reason))
      .time(event.at);
  statement.time(event.invalidity_date).time(find.time_at(2)).text(event.remark).text(event.followed_by);
  return statement.run();
}

Status SqliteTransaction::add_listed_serial(const ListedSerial& listed) {
  const auto serial = padded(listed.serial);
  const std::string where = "serial " + listed.serial.hex();
  ANTIN_TRY(auto known, database_.prepare("INSERT INTO listed_serial (issuer, serial) VALUES (?, ?)"));
  ANTIN_CHECK(in(where, known.text(listed.issuer).blob(serial).run()));
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO revocation (issuer, serial, turn, act, reason, at, "
                                              "invalidity_date, not_after, remark) VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?)"));
  const RevocationEvent& event = listed.event;
  statement.text(listed.issuer).blob(serial).integer(static_cast<int>(event.act));
  statement.integer(static_cast<int>(event.reason)).time(event.at).time(event.invalidity_date).time(listed.not_after);
  return in(where, statement.text(event.remark).run());
}

Status SqliteTransaction::add_roster(const RosterRecord& roster, const std::vector<RosterRow>& rows) {
  ANTIN_TRY(
      auto head,
      database_.prepare(
          "INSERT INTO roster (hash, name, submitted_at, row_count, format) VALUES (?, ?, ?, ?, ?) RETURNING seq"));
  head.blob(roster.hash).text(roster.name).time(roster.submitted_at).count(rows.size()).count(roster.format);
  ANTIN_TRY(const bool added, in("roster " + roster.name, head.step()));
  const auto seq = added ? head.integer_at(0) : 0;
  ANTIN_CHECK(head.run());
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO roster_row (roster, number, content, request, key_location, "
                                              "key_uri) VALUES (?, ?, ?, ?, ?, ?)"));
  for (const auto& row : rows) {
    statement.again();
    statement.integer(seq).count(row.row).blob(row.content).blob(row.request).text(row.key_location).text(row.key_uri);
    ANTIN_CHECK(in("roster row " + std::to_string(row.row), statement.run()));
  }
  return {};
}

Status SqliteTransaction::add_approval(const Approval& approval) {
  ANTIN_TRY(auto statement,
            database_.prepare(
                "INSERT INTO approval (subject_hash, officer_id, scheme, signature, at) VALUES (?, ?, ?, ?, ?)"));
  statement.blob(approval.subject_hash)
      .text(approval.officer_id)
      .text(approval.scheme)
      .blob(approval.signature)
      .time(approval.at);
  return in("approval of " + approval.officer_id, statement.run());
}

Status SqliteTransaction::add_proposal(const ProposalRecord& proposal) {
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO proposal (number, hash, content, at, of_ceremony) VALUES (?, ?, ?, ?, ?)"));
  statement.count(proposal.number)
      .blob(proposal.hash)
      .blob(proposal.content)
      .time(proposal.at)
      .integer(proposal.of_ceremony ? 1 : 0);
  return in("proposal " + std::to_string(proposal.number), statement.run());
}

Result<std::uint64_t> SqliteTransaction::reserve_crl_number(const std::string& issuer, std::uint64_t at_least) {
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO crl (issuer, number) VALUES (?1, max(?2, (SELECT "
                                              "coalesce(max(number), 0) FROM crl WHERE issuer = ?1)) + 1) "
                                              "RETURNING number"));
  statement.text(issuer).count(at_least);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return fail(ErrorCode::internal, "store: no CRL number came back");
  const auto number = statement.count_at(0);
  ANTIN_CHECK(statement.run());
  return number;
}

Status SqliteTransaction::complete_crl(const CrlRecord& record) {
  ANTIN_TRY(auto statement, database_.prepare("UPDATE crl SET this_update = ?, next_update = ?, entries = ?, sha256 = "
                                              "? WHERE issuer = ? AND number = ? AND "
                                              "sha256 IS NULL RETURNING number"));
  statement.time(record.this_update)
      .time(record.next_update)
      .count(record.entries)
      .blob(record.sha256)
      .text(record.issuer)
      .count(record.number);
  ANTIN_TRY(const bool row, statement.step());
  if (!row)
    return fail(ErrorCode::failed_precondition,
                "store: CRL number " + std::to_string(record.number) + " of " + record.issuer + " is not reserved");
  return statement.run();
}

Status SqliteTransaction::add_blocked_key(const BlockedKey& key) {
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO blocked_key (key_hash, at, reason) VALUES (?, ?, ?)"));
  statement.blob(key.key_hash).time(key.at).text(key.reason);
  return in("blocked key", statement.run());
}

Result<std::uint64_t> SqliteTransaction::append_log(ByteView entry) {
  if (!next_log_index_) {
    ANTIN_TRY(const auto size, database_.number("SELECT coalesce(max(idx), -1) + 1 FROM log"));
    next_log_index_ = static_cast<std::uint64_t>(size);
  }
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO log (idx, entry, leaf) VALUES (?, ?, ?)"));
  const auto leaf = leaf_of(entry);
  statement.count(*next_log_index_).blob(entry).blob(leaf);
  ANTIN_CHECK(statement.run());
  return (*next_log_index_)++;
}

Status SqliteTransaction::set_fact(const std::string& name, const std::string& value) {
  ANTIN_TRY(
      auto statement,
      database_.prepare(
          "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
  return statement.text(name).text(value).run();
}

}  // namespace antin::store
