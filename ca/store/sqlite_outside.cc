// Requests at other authorities in SQLite.
#include <map>

#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

Result<RequestState> state_named(const std::string& name) {
  for (const RequestState state : {RequestState::exported, RequestState::issued, RequestState::refused})
    if (to_string(state) == name) return state;
  return fail(ErrorCode::data_loss, "store: the state of a request is damaged");
}

// By request id, each in its order.
Result<std::map<std::string, std::vector<OutsideRequest::Event>>> read_events(Database& database) {
  ANTIN_TRY(auto statement, database.prepare("SELECT r.id, e.state, e.at, e.certificate, e.remark FROM "
                                             "outside_request_event e JOIN outside_request r ON r.seq = e.request "
                                             "ORDER BY e.request, e.turn"));
  std::map<std::string, std::vector<OutsideRequest::Event>> events;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return events;
    ANTIN_TRY(const RequestState state, state_named(statement.text_at(1)));
    events[statement.text_at(0)].push_back({.state = state,
                                            .at = statement.time_at(2),
                                            .certificate = statement.is_null(3) ? "" : statement.text_at(3),
                                            .remark = statement.text_at(4)});
  }
}

}  // namespace

Status SqliteTransaction::add_outside_request(const OutsideRequest& request) {
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO outside_request (id, authority, content, request, key_hash, "
                                              "collected_at, until) VALUES (?, ?, ?, ?, ?, ?, ?)"));
  statement.text(request.id).text(request.authority).blob(request.content).blob(request.request);
  statement.blob(request.key_hash).time(request.collected_at).time(request.until);
  return in("request " + request.id, statement.run());
}

Status SqliteTransaction::add_outside_event(const std::string& request_id, const OutsideRequest::Event& event) {
  ANTIN_TRY(auto find, database_.prepare("SELECT seq FROM outside_request WHERE id = ?"));
  find.text(request_id);
  ANTIN_TRY(const bool known, find.step());
  if (!known) return fail(ErrorCode::not_found, "store: there is no request " + request_id);
  ANTIN_TRY(
      auto statement,
      database_.prepare("INSERT INTO outside_request_event (request, turn, state, at, certificate, remark) VALUES "
                        "(?1, (SELECT coalesce(max(turn), 0) + 1 FROM outside_request_event WHERE request = ?1), "
                        "?2, ?3, ?4, ?5)"));
  const std::string_view state = to_string(event.state);
  statement.integer(find.integer_at(0)).text(state).time(event.at);
  event.certificate.empty() ? statement.null() : statement.text(event.certificate);
  statement.text(event.remark);
  return statement.run();
}

Result<std::vector<OutsideRequest>> SqliteStore::outside_requests() {
  ANTIN_TRY(auto events, read_events(*database_));
  ANTIN_TRY(auto statement, database_->prepare("SELECT id, authority, content, request, key_hash, collected_at, until "
                                               "FROM outside_request ORDER BY seq"));
  std::vector<OutsideRequest> all;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return all;
    OutsideRequest one{.id = statement.text_at(0),
                       .authority = statement.text_at(1),
                       .content = to_bytes(statement.blob_at(2)),
                       .request = to_bytes(statement.blob_at(3)),
                       .key_hash = to_bytes(statement.blob_at(4)),
                       .collected_at = statement.time_at(5),
                       .until = statement.time_at(6),
                       .events = {}};
    one.events = std::move(events[one.id]);
    all.push_back(std::move(one));
  }
}

}  // namespace antin::store
