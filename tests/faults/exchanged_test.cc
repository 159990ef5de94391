// Tokens that change places: a slot's number says nothing about what is in it now.
#include "tests/faults/faulty_token.h"

using namespace antin;
using namespace antin::hsm;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("another token in the slot of ours neither signs for it nor is offered its PIN") {
  for (const char* pin_of_u : {"user-pin-1", "another-pin"}) {
    FaultyToken f(pin_of_u);
    const auto ours = f.key("t"), other = f.key("u");
    FaultyToken::play("replaced");
    const auto refused = try_to_sign(*ours);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::unavailable);
    const std::string serial = f.open("u")->info().serial;
    CHECK_THAT(refused.error().message, ContainsSubstring("token t with serial ") &&
                                            ContainsSubstring("is not there") &&
                                            ContainsSubstring("u with serial " + serial));
    CHECK(signs(*other));
    FaultyToken::play("");  // a PIN that had been tried on the other token would not be tried again
    CHECK(signs(*ours));
  }
}

TEST_CASE("a token that comes back in another slot is found there, and so is the one that is in its old slot") {
  for (const char* fault : {"moved", "swapped"}) {
    FaultyToken f("another-pin");
    const auto ours = f.key("t"), other = f.key("u");
    FaultyToken::play(fault);
    CHECK(signs(*ours));
    CHECK(signs(*other));
    FaultyToken::play("");
    CHECK(signs(*other));
    CHECK(signs(*ours));
    CHECK(f.pins.asked == 2);
  }
}

TEST_CASE("a session that the pool opens later goes to the same token, wherever that is by then") {
  FaultyToken f;
  const auto token = f.open("t");
  const auto ours = f.key("t"), other = f.key("u");
  CHECK(signs(*other));
  FaultyToken::play("swapped");
  CHECK(signs(*other));  // logged in to what is in our old slot
  CHECK(signs(*ours));
  CHECK(token->find_key({Bytes{1}, ""}).value()->public_key_info().size() == ours->public_key_info().size());
}

TEST_CASE("the last PIN try is not burnt when a lost session is opened anew, and a locked PIN is named there") {
  FaultyToken f;
  const auto key = f.key();
  FaultyToken::play("session-lost,final-try");
  CHECK_THAT(try_to_sign(*key).error().message, ContainsSubstring("one PIN try is left"));
  FaultyToken::play("session-lost,locked");
  CHECK_THAT(try_to_sign(*key).error().message, ContainsSubstring("CKR_PIN_LOCKED"));
  CHECK(try_to_sign(*key).error().code == ErrorCode::unauthenticated);
  FaultyToken::play("");
  CHECK(signs(*key));
  CHECK(f.pins.asked == 1);
}

TEST_CASE("a token that is pulled out while it is opened anew fails clearly at each step, and works when it is back") {
  for (const char* fault :
       {"removed@open", "removed@login", "removed@find", "removed@attribute", "removed@sign-init"}) {
    FaultyToken f;
    const auto key = f.key();
    FaultyToken::play(std::string("session-lost,") + fault);
    const auto refused = try_to_sign(*key);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::unavailable);
    CHECK_THAT(refused.error().message, ContainsSubstring("token t") && (ContainsSubstring("CKR_TOKEN_NOT_PRESENT") ||
                                                                         ContainsSubstring("CKR_DEVICE_REMOVED")));
    FaultyToken::play("");
    CHECK(signs(*key));
  }
}
