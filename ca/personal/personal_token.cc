#include "ca/personal/personal_token.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::personal {
namespace {

using store::PersonalAct;
using store::PersonalToken;

constexpr unsigned row_format = 2;        // of the canonical row that is kept
constexpr std::size_t label_octets = 32;  // CK_TOKEN_INFO

bool follows(PersonalAct act, State state) {
  switch (act) {
    case PersonalAct::key:
      return state == State::begun;
    case PersonalAct::certificate:
      return state == State::keyed;
    case PersonalAct::letter:
      return state == State::certified;
    case PersonalAct::unblock:
      return state == State::handed;
    case PersonalAct::set_aside:
    case PersonalAct::recycle:
    case PersonalAct::lose:
      break;
  }
  return !is_over(state);
}

// The subscriber's code, as much of it as fits, and what no other token has: so that a token is known again after a
// kill without trying a PIN on it.
std::string label_of(const std::string& code, const std::string& digits) {
  std::size_t size = std::min(code.size(), label_octets - 9);
  while (size > 0 && size < code.size() && (static_cast<unsigned char>(code[size]) & 0xc0) == 0x80) --size;
  return code.substr(0, size) + "-" + digits.substr(0, 8);
}

std::string log_type(PersonalAct act) { return "token." + std::string(to_string(act)); }

// Only what the act has.
std::vector<std::pair<std::string, std::string>> members(const std::string& id, const PersonalToken::Event& event) {
  std::vector<std::pair<std::string, std::string>> all{{"token", id}, {"serial", event.serial}};
  if (!event.request.empty()) all.emplace_back("request", to_hex(sha256(event.request)));
  if (!event.certificate.empty()) all.emplace_back("certificate", event.certificate);
  if (!event.remark.empty())
    all.emplace_back(event.act == PersonalAct::letter || event.act == PersonalAct::unblock ? "letter" : "remark",
                     event.remark);
  return all;
}

}  // namespace

std::string_view to_string(State state) noexcept {
  switch (state) {
    case State::begun:
      return "begun";
    case State::keyed:
      return "keyed";
    case State::certified:
      return "certified";
    case State::handed:
      return "handed";
    case State::recycled:
      return "recycled";
    case State::lost:
      return "lost";
  }
  return "begun";
}

State state_of(const PersonalToken& token) {
  State state = State::begun;
  for (const PersonalToken::Event& event : token.events) {
    if (event.act == PersonalAct::key) state = State::keyed;
    if (event.act == PersonalAct::certificate) state = State::certified;
    if (event.act == PersonalAct::letter) state = State::handed;
    if (event.act == PersonalAct::recycle) state = State::recycled;
    if (event.act == PersonalAct::lose) state = State::lost;
  }
  return state;
}

const PersonalToken::Event* last(const PersonalToken& token, PersonalAct act) {
  for (auto at = token.events.rbegin(); at != token.events.rend(); ++at)
    if (at->act == act) return &*at;
  return nullptr;
}

std::string serial_of(const PersonalToken& token) {
  const PersonalToken::Event* key = last(token, PersonalAct::key);
  return key == nullptr ? "" : key->serial;
}

std::string letter_of(const PersonalToken& token) {
  const PersonalToken::Event* again = last(token, PersonalAct::unblock);
  const PersonalToken::Event* letter = again != nullptr ? again : last(token, PersonalAct::letter);
  return letter == nullptr ? "" : letter->remark;
}

Result<Bytes> key_hash_of(const PersonalToken& token) {
  const PersonalToken::Event* key = last(token, PersonalAct::key);
  if (key == nullptr) return fail(ErrorCode::failed_precondition, "token " + token.label + ": has no key yet");
  ANTIN_TRY(const Bytes public_key, in("token " + token.label, authority::public_key_of(key->request)));
  return issuance::key_hash(public_key);
}

std::string trouble_of(const PersonalToken& token) {
  const bool aside = !token.events.empty() && token.events.back().act == PersonalAct::set_aside;
  return aside ? token.events.back().remark : "";
}

Result<authority::Roster::Row> row_of(const PersonalToken& token) {
  return in("token " + token.label, authority::row_from_canonical(row_format, token.content));
}

Result<Place> place_of(const std::vector<PersonalToken>& tokens, const authority::Roster::Row& row) {
  if (row.key != "token")
    return fail(ErrorCode::invalid_argument,
                "roster row " + std::to_string(row.row) +
                    ": only a row with key \"token\" gets a token; this one brings its request or keeps its key");
  authority::Roster::Row alone = row;
  alone.row = 1;  // the same subscriber in another list is the same work
  Place place{.id = {}, .label = {}, .content = authority::canonical_row(row_format, alone, {}), .open = {}};
  std::size_t before = 0;
  for (const PersonalToken& token : tokens) {
    if (token.content != place.content) continue;
    ++before;
    if (!is_over(state_of(token))) place.open = token;
  }
  const Bytes digest =
      Hasher().update(place.content).update(bytes_of("/" + std::to_string(before))).finish();
  const std::string digits = to_hex(digest).substr(0, 16);
  place.id = place.open ? place.open->id : "token-" + digits;
  place.label = place.open ? place.open->label : label_of(row.code, digits);
  return place;
}

Result<PersonalToken> begin(const authority::Context& context, const Place& place, const std::string& subscriber,
                            Bytes escrow) {
  const Time now = context.clock.now();
  PersonalToken token{.id = place.id,
                      .label = place.label,
                      .subscriber = subscriber,
                      .content = place.content,
                      .escrow = std::move(escrow),
                      .begun_at = now,
                      .events = {}};
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->add_personal_token(token));
  ANTIN_CHECK(transaction->append_log(log::entry(now, "token.begin",
                                                 {{"token", token.id},
                                                  {"label", token.label},
                                                  {"subscriber", token.subscriber},
                                                  {"row", to_hex(sha256(token.content))},
                                                  {"escrow", to_hex(sha256(token.escrow))}})));
  ANTIN_CHECK(transaction->commit());
  return token;
}

Status record(const authority::Context& context, const std::string& token_id, PersonalToken::Event event) {
  const Time now = context.clock.now();
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  ANTIN_TRY(const auto tokens, context.store.personal_tokens());
  const auto token = std::ranges::find(tokens, token_id, &PersonalToken::id);
  if (token == tokens.end()) return fail(ErrorCode::not_found, "store: there is no subscriber's token " + token_id);
  const State state = state_of(*token);
  if (event.act == PersonalAct::letter && state == State::handed)
    return fail(ErrorCode::failed_precondition,
                "token " + token->label + ": its letter was printed already: `antin token unblock` makes a new PIN");
  if (!follows(event.act, state))
    return fail(ErrorCode::failed_precondition, "token " + token->label + ": " + std::string(to_string(event.act)) +
                                                    " does not follow: it is " + std::string(to_string(state)));
  event.at = now;
  ANTIN_CHECK(transaction->add_personal_event(token_id, event));
  ANTIN_CHECK(transaction->append_log(log::entry(now, log_type(event.act), members(token_id, event))));
  return transaction->commit();
}

Result<PersonalToken> find(const std::vector<PersonalToken>& tokens, const std::string& name) {
  std::vector<const PersonalToken*> exact, of_subscriber;
  for (const PersonalToken& token : tokens) {
    const bool open = !is_over(state_of(token));
    // A token that was recycled and personalised again has one serial in several records.
    if (token.label == name || token.id == name || (open && serial_of(token) == name && !name.empty()))
      exact.push_back(&token);
    if (open && token.subscriber == name) of_subscriber.push_back(&token);
  }
  const auto& found = exact.empty() ? of_subscriber : exact;
  if (found.empty())
    return fail(ErrorCode::not_found, "token: none was personalised as " + name + ": see `antin token list --personal`");
  if (found.size() > 1)
    return fail(ErrorCode::failed_precondition, "token: several are " + name + ": name one by its label");
  return *found.front();
}

}  // namespace antin::personal
