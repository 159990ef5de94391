// Incidents in SQLite.
#include <algorithm>

#include "ca/store/sqlite_store.h"

namespace antin::store {

Status SqliteTransaction::add_incident(const IncidentRecord& incident,
                                       const std::vector<IncidentCertificate>& certificates) {
  const std::string name = "incident " + std::to_string(incident.number);
  ANTIN_TRY(auto head,
            database_.prepare("INSERT INTO incident (number, hash, content, at, log_index) VALUES (?, ?, ?, ?, ?)"));
  head.count(incident.number).blob(incident.hash).blob(incident.content).time(incident.at).count(incident.log_index);
  ANTIN_CHECK(in(name, head.run()));
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO incident_certificate (incident, id, obstacle) VALUES (?, ?, ?)"));
  for (const IncidentCertificate& one : certificates) {
    statement.again();
    statement.count(incident.number).text(one.id);
    one.obstacle.empty() ? statement.null() : statement.text(one.obstacle);
    ANTIN_CHECK(in(name, statement.run()));
  }
  return {};
}

Status SqliteTransaction::add_incident_outcome(std::uint64_t incident, const std::string& certificate_id,
                                               const std::string& outcome, Time at) {
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO incident_outcome (incident, id, outcome, at) VALUES (?, ?, ?, ?)"));
  statement.count(incident).text(certificate_id).text(outcome).time(at);
  return in("incident " + std::to_string(incident), statement.run());
}

Result<std::vector<IncidentRecord>> SqliteStore::incidents() {
  ANTIN_TRY(auto statement,
            database_->prepare(
                "SELECT number, hash, content, at, log_index, (SELECT count(*) FROM incident_certificate c WHERE "
                "c.incident = number AND obstacle IS NULL), (SELECT count(*) FROM incident_outcome o WHERE o.incident "
                "= number AND outcome = 'done'), (SELECT count(*) FROM incident_outcome o WHERE o.incident = number "
                "AND outcome <> 'done') FROM incident ORDER BY number"));
  std::vector<IncidentRecord> all;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return all;
    all.push_back({statement.count_at(0), to_bytes(statement.blob_at(1)), to_bytes(statement.blob_at(2)),
                   statement.time_at(3), statement.count_at(4), statement.count_at(5), statement.count_at(6),
                   statement.count_at(7)});
  }
}

Result<std::vector<IncidentCertificate>> SqliteStore::incident_certificates(std::uint64_t incident,
                                                                            const std::string& after_id,
                                                                            std::uint64_t limit, bool open) {
  ANTIN_TRY(auto statement,
            database_->prepare("SELECT c.id, coalesce(c.obstacle, ''), coalesce(o.outcome, ''), o.at FROM "
                               "incident_certificate c LEFT JOIN incident_outcome o USING (incident, id) WHERE "
                               "c.incident = ?1 AND c.id > ?2 AND (?3 = 0 OR (c.obstacle IS NULL AND o.outcome IS "
                               "NULL)) ORDER BY c.id LIMIT ?4"));
  statement.count(incident).text(after_id).integer(open ? 1 : 0);
  statement.integer(static_cast<std::int64_t>(std::min<std::uint64_t>(limit, INT64_MAX)));
  std::vector<IncidentCertificate> all;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return all;
    IncidentCertificate one{statement.text_at(0), statement.text_at(1), statement.text_at(2), std::nullopt};
    if (!statement.is_null(3)) one.at = statement.time_at(3);
    all.push_back(std::move(one));
  }
}

}  // namespace antin::store
