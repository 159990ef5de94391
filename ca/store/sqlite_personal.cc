// Tokens that are personalised for subscribers, in SQLite.
#include <map>

#include "ca/store/sqlite_store.h"

namespace antin::store {
namespace {

Result<PersonalAct> act_named(const std::string& name) {
  for (const PersonalAct act :
       {PersonalAct::key, PersonalAct::certificate, PersonalAct::letter, PersonalAct::unblock, PersonalAct::set_aside,
        PersonalAct::recycle, PersonalAct::lose})
    if (to_string(act) == name) return act;
  return fail(ErrorCode::data_loss, "store: an act on a subscriber's token is damaged");
}

// By token id, each in its order.
Result<std::map<std::string, std::vector<PersonalToken::Event>>> read_events(Database& database) {
  ANTIN_TRY(auto statement, database.prepare("SELECT t.id, e.act, e.at, e.serial, e.request, e.certificate, e.remark "
                                             "FROM personal_token_event e JOIN personal_token t ON t.seq = e.token "
                                             "ORDER BY e.token, e.turn"));
  std::map<std::string, std::vector<PersonalToken::Event>> events;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return events;
    ANTIN_TRY(const PersonalAct act, act_named(statement.text_at(1)));
    events[statement.text_at(0)].push_back(
        {.act = act,
         .at = statement.time_at(2),
         .serial = statement.text_at(3),
         .request = statement.is_null(4) ? Bytes() : to_bytes(statement.blob_at(4)),
         .certificate = statement.is_null(5) ? "" : statement.text_at(5),
         .remark = statement.text_at(6)});
  }
}

}  // namespace

Status SqliteTransaction::add_personal_token(const PersonalToken& token) {
  ANTIN_TRY(auto statement, database_.prepare("INSERT INTO personal_token (id, label, subscriber, content, escrow, "
                                              "begun_at) VALUES (?, ?, ?, ?, ?, ?)"));
  statement.text(token.id).text(token.label).text(token.subscriber).blob(token.content).blob(token.escrow);
  statement.time(token.begun_at);
  return in("token " + token.label, statement.run());
}

Status SqliteTransaction::add_personal_event(const std::string& token_id, const PersonalToken::Event& event) {
  ANTIN_TRY(auto find, database_.prepare("SELECT seq FROM personal_token WHERE id = ?"));
  find.text(token_id);
  ANTIN_TRY(const bool known, find.step());
  if (!known) return fail(ErrorCode::not_found, "store: there is no subscriber's token " + token_id);
  ANTIN_TRY(auto statement,
            database_.prepare("INSERT INTO personal_token_event (token, turn, act, at, serial, request, certificate, "
                              "remark) VALUES (?1, (SELECT coalesce(max(turn), 0) + 1 FROM personal_token_event WHERE "
                              "token = ?1), ?2, ?3, ?4, ?5, ?6, ?7)"));
  const std::string_view act = to_string(event.act);
  statement.integer(find.integer_at(0)).text(act).time(event.at).text(event.serial);
  event.request.empty() ? statement.null() : statement.blob(event.request);
  event.certificate.empty() ? statement.null() : statement.text(event.certificate);
  statement.text(event.remark);
  return statement.run();
}

Result<std::vector<PersonalToken>> SqliteStore::personal_tokens() {
  ANTIN_TRY(auto events, read_events(*database_));
  ANTIN_TRY(auto statement, database_->prepare("SELECT id, label, subscriber, content, escrow, begun_at FROM "
                                               "personal_token ORDER BY seq"));
  std::vector<PersonalToken> all;
  for (;;) {
    ANTIN_TRY(const bool row, statement.step());
    if (!row) return all;
    PersonalToken one{.id = statement.text_at(0),
                      .label = statement.text_at(1),
                      .subscriber = statement.text_at(2),
                      .content = to_bytes(statement.blob_at(3)),
                      .escrow = to_bytes(statement.blob_at(4)),
                      .begun_at = statement.time_at(5),
                      .events = {}};
    one.events = std::move(events[one.id]);
    all.push_back(std::move(one));
  }
}

}  // namespace antin::store
