#include "ca/personal/personal_token.h"

#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using namespace antin::tests;
using personal::State;
using store::PersonalAct;
using store::PersonalToken;

namespace {

struct Tray : AuthorityFixture {
  static authority::Roster::Row row(const std::string& code = "CB-1", std::uint64_t number = 1) {
    authority::Roster::Row made;
    made.row = number;
    made.code = code;
    made.kind = "personal";
    made.bloc = "government";
    made.profile = "personal";
    made.key = "token";
    made.requested_by = body;
    made.fields = {{"cn", "Cil Pam Thử"}, {"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "SỞ NỘI VỤ"}, {"mail", "thu@lamdong.test"}};
    return made;
  }
  std::vector<PersonalToken> tokens() { return must(store->personal_tokens()); }
  personal::Place place(const authority::Roster::Row& row) { return must(personal::place_of(tokens(), row)); }
  PersonalToken begin(const std::string& code = "CB-1") {
    return must(personal::begin(context(), place(row(code)), code, Bytes{1, 2, 3}));
  }
  Status act(const PersonalToken& token, PersonalAct act, const std::string& remark = {}) {
    PersonalToken::Event event{.act = act, .at = {}, .serial = "s-" + token.label, .request = {}, .certificate = {},
                               .remark = remark};
    if (act == PersonalAct::key)
      event.request = to_bytes(must(x509::CertificationRequest::make(name("x"), *officer_keys[0])).der());
    if (act == PersonalAct::certificate) event.certificate = "government-01";
    return personal::record(context(), token.id, event);
  }
  PersonalToken now(const PersonalToken& token) { return must(personal::find(tokens(), token.id)); }
  State state(const PersonalToken& token) { return personal::state_of(now(token)); }
  void check_log() {
    CHECK(log::verify(*store).has_value());
    const auto reconciled = authority::reconcile(*store, clock.now());
    INFO((reconciled ? "" : reconciled.error().message));
    CHECK(reconciled.has_value());
  }
};

}  // namespace

TEST_CASE("a token goes its way in order, and each step is on record") {
  Tray tray;
  const PersonalToken token = tray.begin();
  CHECK(tray.state(token) == State::begun);
  CHECK(personal::key_hash_of(token).error().code == ErrorCode::failed_precondition);
  for (const auto& [act, after] : std::vector<std::pair<PersonalAct, State>>{{PersonalAct::key, State::keyed},
                                                                             {PersonalAct::certificate, State::certified},
                                                                             {PersonalAct::letter, State::handed},
                                                                             {PersonalAct::unblock, State::handed},
                                                                             {PersonalAct::recycle, State::recycled}}) {
    REQUIRE(tray.act(token, act, act == PersonalAct::letter || act == PersonalAct::unblock ? "ab" : "").has_value());
    CHECK(tray.state(token) == after);
  }
  CHECK(personal::serial_of(tray.now(token)) == "s-" + token.label);
  CHECK(personal::letter_of(tray.now(token)) == "ab");
  CHECK(must(personal::key_hash_of(tray.now(token))).size() == 32);
  CHECK(must(personal::row_of(token)).code == "CB-1");
  tray.check_log();
}

TEST_CASE("what does not follow is refused and leaves nothing: a second letter above all") {
  Tray tray;
  const PersonalToken token = tray.begin();
  const auto refused = [&](PersonalAct act) { return tray.act(token, act).error().code == ErrorCode::failed_precondition; };
  CHECK((refused(PersonalAct::certificate) && refused(PersonalAct::letter) && refused(PersonalAct::unblock)));
  REQUIRE(tray.act(token, PersonalAct::key).has_value());
  CHECK((refused(PersonalAct::key) && refused(PersonalAct::letter)));
  REQUIRE(tray.act(token, PersonalAct::certificate).has_value());
  REQUIRE(tray.act(token, PersonalAct::letter, "ab").has_value());
  const auto second = tray.act(token, PersonalAct::letter, "cd");
  REQUIRE(!second);
  CHECK(second.error().code == ErrorCode::failed_precondition);
  CHECK(second.error().message.find("antin token unblock") != std::string::npos);
  CHECK(personal::letter_of(tray.now(token)) == "ab");
  REQUIRE(tray.act(token, PersonalAct::lose).has_value());
  for (const PersonalAct act : {PersonalAct::key, PersonalAct::certificate, PersonalAct::letter, PersonalAct::unblock,
                                PersonalAct::set_aside, PersonalAct::recycle, PersonalAct::lose})
    CHECK(refused(act));
  CHECK(tray.now(token).events.size() == 4);
  CHECK(personal::record(tray.context(), "token-0", {}).error().code == ErrorCode::not_found);
  tray.check_log();
}

TEST_CASE("a token that is set aside says why, until it goes on") {
  Tray tray;
  const PersonalToken token = tray.begin();
  REQUIRE(tray.act(token, PersonalAct::set_aside, "CKR_DEVICE_ERROR").has_value());
  CHECK(personal::trouble_of(tray.now(token)) == "CKR_DEVICE_ERROR");
  CHECK(tray.state(token) == State::begun);
  REQUIRE(tray.act(token, PersonalAct::key).has_value());
  CHECK(personal::trouble_of(tray.now(token)).empty());
  tray.check_log();
}

TEST_CASE("a row is one piece of work, wherever it stands in a list; a new one when its token is over") {
  Tray tray;
  const personal::Place first = tray.place(Tray::row());
  CHECK(tray.place(Tray::row("CB-1", 7)).id == first.id);
  CHECK(tray.place(Tray::row("CB-2")).id != first.id);
  CHECK(first.label.starts_with("CB-1-"));
  const PersonalToken token = tray.begin();
  CHECK(tray.place(Tray::row()).open->id == token.id);
  CHECK(personal::begin(tray.context(), first, "CB-1", Bytes{1}).error().code == ErrorCode::already_exists);
  REQUIRE(tray.act(token, PersonalAct::lose).has_value());
  const personal::Place next = tray.place(Tray::row());
  CHECK(!next.open);
  CHECK(next.id != first.id);
  CHECK(next.label != first.label);
  authority::Roster::Row own = Tray::row();
  own.key = "csr";
  CHECK(personal::place_of({}, own).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a label has at most 32 octets and no half of a letter") {
  Tray tray;
  const std::string label = tray.place(Tray::row("ĐẢNG-ỦY-KHỐI-CƠ-QUAN-TỈNH")).label;
  CHECK(label.size() <= 32);
  CHECK(to_nfc(label).has_value());
  CHECK(label.size() > 9);
}

TEST_CASE("a token is found by label, serial and id, and by its subscriber when there is one alone") {
  Tray tray;
  const PersonalToken one = tray.begin("CB-1"), two = tray.begin("CB-2");
  REQUIRE(tray.act(one, PersonalAct::key).has_value());
  for (const std::string& name : {one.id, one.label, "s-" + one.label, std::string("CB-1")})
    CHECK(must(personal::find(tray.tokens(), name)).id == one.id);
  CHECK(personal::find(tray.tokens(), "CB-3").error().code == ErrorCode::not_found);
  CHECK(personal::find(tray.tokens(), "").error().code == ErrorCode::not_found);
  authority::Roster::Row other = Tray::row("CB-1");
  other.fields[0].second = "Cil Pam Thử Hai";
  must(personal::begin(tray.context(), tray.place(other), "CB-1", Bytes{1}));
  CHECK(personal::find(tray.tokens(), "CB-1").error().code == ErrorCode::failed_precondition);
  REQUIRE(tray.act(one, PersonalAct::lose).has_value());
  CHECK(must(personal::find(tray.tokens(), "CB-1")).id != one.id);
  CHECK(personal::find(tray.tokens(), "s-" + one.label).error().code == ErrorCode::not_found);
  CHECK(must(personal::find(tray.tokens(), two.label)).id == two.id);
}

TEST_CASE("a token or an act that is in the store alone is found by holding it against the log") {
  Tray tray;
  const PersonalToken token = tray.begin();
  const bool whole = GENERATE(true, false);
  auto transaction = must(tray.store->begin());
  if (whole) {
    PersonalToken other = token;
    other.id = "token-2";
    other.label = "CB-2-00000000";
    REQUIRE(transaction->add_personal_token(other).has_value());
  } else {
    REQUIRE(transaction->add_personal_event(token.id, {.act = PersonalAct::lose, .at = tray.clock.now(), .serial = "",
                                                       .request = {}, .certificate = {}, .remark = ""})
                .has_value());
  }
  REQUIRE(transaction->commit().has_value());
  CHECK(authority::reconcile(*tray.store, tray.clock.now()).error().code == ErrorCode::data_loss);
}
