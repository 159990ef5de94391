#include <algorithm>
#include <functional>

#include "ca/store/sqlite_certificate_row.h"
#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

using Act = RevocationEvent::Act;

// `act` is the column of the certificate's last event.
CertificateStatus status_of(const Statement& row, int act, Time not_after, Time now) {
  const bool event = !row.is_null(act);
  if (event && row.integer_at(act) == static_cast<int>(Act::revoke)) return CertificateStatus::revoked;
  if (now > not_after) return CertificateStatus::expired;
  if (event && row.integer_at(act) == static_cast<int>(Act::suspend)) return CertificateStatus::suspended;
  return CertificateStatus::valid;
}

Result<std::vector<CertificateRecord>> read_all(Statement& statement, Time now) {
  std::vector<CertificateRecord> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    ANTIN_TRY(auto record, read_certificate(statement, now));
    out.push_back(std::move(record));
  }
}

bool is_hex(const std::string& text) {
  return !text.empty() && text.size() <= 40 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

}  // namespace

Result<CertificateRecord> read_certificate(const Statement& row, Time now) {
  ANTIN_TRY(auto serial, serial_of(row.blob_at(2)));
  const auto not_after = row.time_at(11);
  return CertificateRecord{.id = row.text_at(0),
                           .issuer = row.text_at(1),
                           .serial = std::move(serial),
                           .subject = row.text_at(3),
                           .kind = row.text_at(4),
                           .profile = row.text_at(5),
                           .key_location = row.text_at(6),
                           .key_uri = row.text_at(7),
                           .subscriber = row.text_at(8),
                           .mail = row.text_at(9),
                           .not_before = row.time_at(10),
                           .not_after = not_after,
                           .key_hash = to_bytes(row.blob_at(12)),
                           .der = to_bytes(row.blob_at(13)),
                           .status = status_of(row, 14, not_after, now),
                           .succession = succession_at(row, 15),
                           .request_id = row.text_at(19)};
}

Result<std::pair<std::string, x509::SerialNumber>> parts_of_id(const std::string& id) {
  const std::size_t dash = id.rfind('-');
  if (dash == std::string::npos || dash == 0)
    return fail(ErrorCode::invalid_argument, "store: " + id + " is not the id of a certificate");
  ANTIN_TRY(auto serial, in("store: " + id, x509::SerialNumber::from_hex(id.substr(dash + 1))));
  return std::pair(id.substr(0, dash), std::move(serial));
}

std::optional<Succession> succession_at(const Statement& row, int first) {
  if (row.is_null(first)) return std::nullopt;
  Succession succession{row.text_at(first), row.text_at(first + 1), std::nullopt, std::nullopt};
  if (!row.is_null(first + 2)) succession.reason = static_cast<x509::RevocationReason>(row.integer_at(first + 2));
  if (!row.is_null(first + 3)) succession.invalidity_date = row.time_at(first + 3);
  return succession;
}

Result<CertificateRecord> SqliteStore::certificate(const std::string& name, Time now) {
  ANTIN_TRY(auto statement,
            database_->prepare(
                ANTIN_CERTIFICATE
                "WHERE i.seq IN (SELECT seq FROM intent WHERE id = ?1 UNION SELECT seq FROM intent WHERE "
                "subscriber = ?1 AND subscriber <> '' UNION SELECT seq FROM intent WHERE mail = ?1 AND mail <> '' "
                "UNION SELECT seq FROM intent WHERE serial = ?2)"));
  Bytes serial;
  if (is_hex(name))
    if (auto parsed = x509::SerialNumber::from_hex(name)) serial = padded(*parsed);
  statement.text(name).blob(serial);
  ANTIN_TRY(auto found, read_all(statement, now));
  if (found.empty() && foreign_certificate(name))
    return fail(ErrorCode::failed_precondition,
                "store: " + name +
                    " is a certificate of another authority: it can be listed and shown, and only its issuer can "
                    "revoke it");
  if (found.empty())
    return fail(ErrorCode::not_found, "store: no certificate is known by the id, serial, code or mail " + name);
  // An id is one certificate's, whatever else is written the same.
  if (const auto exact = std::ranges::find(found, name, &CertificateRecord::id); exact != found.end())
    return std::move(*exact);
  const auto over = [](const CertificateRecord& record) {
    return record.status == CertificateStatus::revoked || record.status == CertificateStatus::expired;
  };
  if (found.size() > 1 && std::ranges::count_if(found, std::not_fn(over)) == 1) std::erase_if(found, over);
  if (found.size() == 1) return std::move(found.front());
  std::string ids;
  for (const auto& record : found) ids += (ids.empty() ? "" : ", ") + record.id;
  return fail(ErrorCode::failed_precondition, "store: " + name + " fits several certificates; name one of " + ids);
}

Result<CertificateStatus> SqliteStore::certificate_status(const std::string& id, Time now) {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT c.not_after, (SELECT act FROM revocation r WHERE r.issuer = i.issuer AND "
                               "r.serial = i.serial ORDER BY turn DESC LIMIT 1) FROM intent i JOIN certificate c USING "
                               "(seq) WHERE i.id = ?1"));
  statement.text(id);
  ANTIN_TRY(const bool row, statement.step());
  if (!row) return fail(ErrorCode::not_found, "store: there is no certificate " + id);
  return status_of(statement, 1, statement.time_at(0), now);
}

Result<std::optional<CertificateRecord>> SqliteStore::certificate_by_serial(const std::string& issuer,
                                                                            const x509::SerialNumber& serial,
                                                                            Time now) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_CERTIFICATE "WHERE i.id = ?1"));
  const auto id = certificate_id(issuer, serial);
  statement.text(id);
  ANTIN_TRY(auto found, read_all(statement, now));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::optional<CertificateRecord>> SqliteStore::certificate_by_request(const std::string& request_id, Time now) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_CERTIFICATE "WHERE i.request_id = ?1"));
  statement.text(request_id);
  ANTIN_TRY(auto found, read_all(statement, now));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::vector<CertificateRecord>> SqliteStore::certificates_by_key(ByteView key_hash, Time now) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_CERTIFICATE "WHERE c.key_hash = ?1 ORDER BY i.id"));
  statement.blob(key_hash);
  return read_all(statement, now);
}

Result<std::optional<CertificateRecord>> SqliteStore::successor(const std::string& certificate_id, Time now) {
  ANTIN_TRY(auto statement, database_->prepare(ANTIN_CERTIFICATE "WHERE s.predecessor = ?1"));
  statement.text(certificate_id);
  ANTIN_TRY(auto found, read_all(statement, now));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Result<std::vector<Intent>> SqliteStore::open_intents() {
  ANTIN_TRY(auto statement, database_->prepare(open_intents_statement));
  std::vector<Intent> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    ANTIN_TRY(auto serial, serial_of(statement.blob_at(2)));
    out.push_back(Intent{.request_id = statement.text_at(0),
                         .issuer = statement.text_at(1),
                         .serial = std::move(serial),
                         .tbs = to_bytes(statement.blob_at(3)),
                         .kind = statement.text_at(4),
                         .profile = statement.text_at(5),
                         .key_location = statement.text_at(6),
                         .key_uri = statement.text_at(7),
                         .subscriber = statement.text_at(8),
                         .mail = statement.text_at(9),
                         .succession = succession_at(statement, 10)});
  }
}

Result<std::vector<std::string>> SqliteStore::known_requests(const std::string& prefix) {
  // A range instead of LIKE: the index answers it and no character of the prefix is special.
  ANTIN_TRY(auto statement,
            database_->prepare(
                "SELECT request_id FROM intent JOIN certificate USING (seq) WHERE request_id >= ?1 AND "
                "substr(request_id, 1, length(?1)) = ?1 AND request_id < ?1 || char(1114111) UNION ALL "
                "SELECT request_id FROM row_done WHERE request_id >= ?1 AND "
                "substr(request_id, 1, length(?1)) = ?1 AND request_id < ?1 || char(1114111) ORDER BY request_id"));
  statement.text(prefix);
  std::vector<std::string> out;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return out;
    out.push_back(statement.text_at(0));
  }
}

}  // namespace antin::store
