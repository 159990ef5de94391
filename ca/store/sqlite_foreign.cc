// Certificates of other authorities in SQLite.
#include <map>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

using Json = nlohmann::json;
using Act = RevocationEvent::Act;

#define ANTIN_FOREIGN                                                                                          \
  "SELECT f.id, f.issuer, f.serial, f.subject, f.kind, f.mail, f.not_before, f.not_after, f.key_hash, f.der, " \
  "f.subscriber, f.unit, f.doubts, f.imported_at FROM foreign_certificate f "

// [["import.other_unit","CB-0001"], …]: rule and arguments.
std::string doubts_text(const std::vector<Doubt>& doubts) {
  Json all = Json::array();
  for (const Doubt& doubt : doubts) {
    Json one = Json::array({doubt.rule});
    for (const std::string& argument : doubt.arguments) one.push_back(argument);
    all.push_back(std::move(one));
  }
  return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::vector<Doubt>> doubts_of(const std::string& text) {
  const auto damaged = [] { return fail(ErrorCode::data_loss, "store: the doubts of a certificate are damaged"); };
  const Json all = Json::parse(text, nullptr, false);
  if (!all.is_array()) return damaged();
  std::vector<Doubt> doubts;
  for (const Json& one : all) {
    if (!one.is_array() || one.empty()) return damaged();
    Doubt doubt;
    for (const Json& word : one) {
      if (!word.is_string()) return damaged();
      if (&word == &one.front())
        doubt.rule = word.get<std::string>();
      else
        doubt.arguments.push_back(word.get<std::string>());
    }
    doubts.push_back(std::move(doubt));
  }
  return doubts;
}

Result<ForeignCertificate> read(const Statement& row) {
  auto serial = x509::SerialNumber::from_der_content(row.blob_at(2));
  if (!serial) return fail(ErrorCode::data_loss, "store: a serial number is damaged: " + serial.error().message);
  ANTIN_TRY(std::vector<Doubt> doubts, doubts_of(row.text_at(12)));
  return ForeignCertificate{.id = row.text_at(0),
                            .issuer = to_bytes(row.blob_at(1)),
                            .serial = *std::move(serial),
                            .subject = row.text_at(3),
                            .kind = row.text_at(4),
                            .mail = row.text_at(5),
                            .not_before = row.time_at(6),
                            .not_after = row.time_at(7),
                            .key_hash = to_bytes(row.blob_at(8)),
                            .der = to_bytes(row.blob_at(9)),
                            .subscriber = row.text_at(10),
                            .unit = row.text_at(11),
                            .doubts = std::move(doubts),
                            .imported_at = row.time_at(13),
                            .events = {}};
}

Result<std::vector<ForeignCertificate>> read_all(Statement& statement) {
  std::vector<ForeignCertificate> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    ANTIN_TRY(ForeignCertificate one, read(statement));
    out.push_back(std::move(one));
  }
}

ForeignEvent read_event(const Statement& row) {
  return {.certificate_id = row.text_at(0),
          .act = static_cast<Act>(row.integer_at(1)),
          .reason = static_cast<x509::RevocationReason>(row.integer_at(2)),
          .at = row.time_at(3),
          .invalidity_date = row.is_null(4) ? std::nullopt : std::optional(row.time_at(4)),
          .list_issued = row.time_at(5),
          .list_sha256 = to_bytes(row.blob_at(6))};
}

// Events are few: they are read whole and given to those of `certificates` that have any.
Status add_events(Database& database, std::vector<ForeignCertificate>& certificates) {
  ANTIN_TRY(auto statement, database.prepare("SELECT f.id, r.act, r.reason, r.at, r.invalidity_date, r.list_issued, "
                                             "r.list_sha256 FROM foreign_revocation r JOIN foreign_certificate f ON "
                                             "f.seq = r.certificate ORDER BY r.certificate, r.turn"));
  std::map<std::string, std::vector<ForeignEvent>> events;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) break;
    ForeignEvent event = read_event(statement);
    events[event.certificate_id].push_back(std::move(event));
  }
  for (ForeignCertificate& one : certificates)
    if (const auto found = events.find(one.id); found != events.end()) one.events = found->second;
  return {};
}

}  // namespace

std::string foreign_id(ByteView issuer, const x509::SerialNumber& serial) {
  return "foreign-" + to_hex(sha256(issuer)).substr(0, 16) + "-" + serial.hex();
}

Status SqliteTransaction::add_foreign(const ForeignCertificate& certificate) {
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO foreign_certificate (id, issuer, serial, subject, kind, mail, not_before, "
                              "not_after, key_hash, der, subscriber, unit, doubts, imported_at) VALUES (?, ?, ?, ?, ?, "
                              "?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  const Bytes serial = certificate.serial.der_content();
  const std::string doubts = doubts_text(certificate.doubts), id = foreign_id(certificate.issuer, certificate.serial);
  statement.text(id).blob(certificate.issuer).blob(serial).text(certificate.subject).text(certificate.kind);
  statement.text(certificate.mail).time(certificate.not_before).time(certificate.not_after);
  statement.blob(certificate.key_hash).blob(certificate.der).text(certificate.subscriber).text(certificate.unit);
  statement.text(doubts).time(certificate.imported_at);
  return in("certificate " + id, statement.run());
}

Status SqliteTransaction::add_foreign_event(const ForeignEvent& event) {
  ANTIN_TRY(auto find, database_.prepare("SELECT seq FROM foreign_certificate WHERE id = ?"));
  find.text(event.certificate_id);
  ANTIN_TRY(const bool known, find.step());
  if (!known) return fail(ErrorCode::not_found, "store: there is no certificate " + event.certificate_id);
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO foreign_revocation (certificate, turn, act, reason, at, invalidity_date, "
                              "list_issued, list_sha256) VALUES (?1, (SELECT coalesce(max(turn), 0) + 1 FROM "
                              "foreign_revocation WHERE certificate = ?1), ?2, ?3, ?4, ?5, ?6, ?7)"));
  statement.integer(find.integer_at(0)).integer(static_cast<int>(event.act)).integer(static_cast<int>(event.reason));
  statement.time(event.at).time(event.invalidity_date).time(event.list_issued).blob(event.list_sha256);
  return statement.run();
}

Result<std::vector<ForeignCertificate>> SqliteStore::foreign_certificates() {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_FOREIGN "ORDER BY f.id"));
  ANTIN_TRY(auto all, read_all(statement));
  ANTIN_CHECK(add_events(*database_, all));
  return all;
}

Result<ForeignCertificate> SqliteStore::foreign_certificate(const std::string& name) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_FOREIGN "WHERE f.id = ?1 OR f.serial = ?2 ORDER BY f.id"));
  Bytes serial;
  if (auto parsed = x509::SerialNumber::from_hex(name)) serial = parsed->der_content();
  statement.text(name).blob(serial);
  ANTIN_TRY(auto found, read_all(statement));
  if (found.empty())
    return fail(ErrorCode::not_found, "store: no certificate of another authority has the id or serial " + name);
  if (found.size() > 1) {
    std::string ids;
    for (const auto& one : found) ids += (ids.empty() ? "" : ", ") + one.id;
    return fail(ErrorCode::failed_precondition, "store: " + name + " fits several certificates; name one of " + ids);
  }
  ANTIN_CHECK(add_events(*database_, found));
  return std::move(found.front());
}

}  // namespace antin::store
