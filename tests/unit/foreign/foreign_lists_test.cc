#include "ca/foreign/foreign_lists.h"

#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;
using Act = store::RevocationEvent::Act;
using store::CertificateStatus;

namespace {

const Time now = time_at(2023, 6, 1);
constexpr std::uint8_t hold = 6, key_compromise = 1;

struct Tracked {
  TestAuthority authority{"CA THỬ NGHIỆM của nơi khác"};
  x509::Certificate one = authority.issue("một").certificate;
  std::vector<store::ForeignCertificate> all;
  Tracked() {
    all.push_back({.id = "foreign-1",
                   .issuer = to_bytes(one.issuer().der()),
                   .serial = one.serial(),
                   .not_before = one.not_before(),
                   .not_after = one.not_after(),
                   .der = to_bytes(one.der())});
  }
  foreign::ListAnswer say(Time at, std::optional<std::uint8_t> reason, Time revoked_at = now - days{9}) {
    return say(authority.crl(at, reason ? &one : nullptr, revoked_at, reason), {authority.root()});
  }
  foreign::ListAnswer say(const Bytes& list, const std::vector<x509::Certificate>& issuers) {
    return foreign::ask({"list.crl", x509::Crl::from_der(list).value()}, issuers, all, now);
  }
  CertificateStatus status() const { return status_at(all.front(), now); }
};

}  // namespace

TEST_CASE("what an authority revokes is revoked since its date, for good") {
  Tracked tracked;
  CHECK(tracked.say(now - days{8}, {}).events.empty());
  const foreign::ListAnswer answer = tracked.say(now - days{3}, key_compromise);
  REQUIRE(answer.events.size() == 1);
  CHECK_FALSE(answer.refused.has_value());
  CHECK(answer.events[0].reason == x509::RevocationReason::key_compromise);
  CHECK(tracked.status() == CertificateStatus::revoked);
  CHECK(status_at(tracked.all.front(), now - days{10}) == CertificateStatus::valid);
  CHECK(tracked.say(now - days{3}, key_compromise).events.empty());
  CHECK(tracked.say(now - days{1}, {}).events.empty());
  CHECK(tracked.status() == CertificateStatus::revoked);
}

TEST_CASE("what is on hold is resumed by a later whole list without it, or revoked by one that says so") {
  Tracked tracked;
  CHECK(tracked.say(now - days{5}, hold).events.size() == 1);
  CHECK(tracked.status() == CertificateStatus::suspended);
  CHECK(tracked.say(now - days{4}, hold).events.empty());
  CHECK(tracked.say(now - days{6}, {}).events.empty());  // an older list
  CHECK(tracked.status() == CertificateStatus::suspended);
  CHECK(tracked.say(now - days{3}, {}).events.size() == 1);
  CHECK(tracked.status() == CertificateStatus::valid);
  CHECK(tracked.say(now - days{2}, hold, now - days{2}).events.size() == 1);
  CHECK(tracked.say(now - days{1}, key_compromise, now - days{1}).events.size() == 1);
  CHECK(tracked.status() == CertificateStatus::revoked);
  CHECK(tracked.all.front().events.size() == 4);
}

TEST_CASE("a list is believed only with its issuer's signature") {
  Tracked tracked;
  TestAuthority twin("CA THỬ NGHIỆM của nơi khác"), stranger("CA THỬ NGHIỆM thứ ba");
  const auto why = [&](const Bytes& list, const std::vector<x509::Certificate>& issuers) {
    const foreign::ListAnswer answer = tracked.say(list, issuers);
    CHECK(answer.events.empty());
    return answer.refused ? answer.refused->rule : "";
  };
  const Bytes list = tracked.authority.crl(now - days{1}, &tracked.one, now - days{2});
  CHECK(why(list, {}) == "import.crl_no_issuer");
  CHECK(why(list, {stranger.root()}) == "import.crl_no_issuer");
  CHECK(why(list, {twin.root()}) == "import.crl_bad_signature");
  CHECK(why(tracked.authority.crl(now + days{1}, &tracked.one, now), {tracked.authority.root()}) ==
        "import.crl_future");
  // A twin's list with the twin's certificate beside it: its key did not sign what is tracked.
  CHECK(why(twin.crl(now - days{1}, &tracked.one, now - days{2}), {tracked.authority.root(), twin.root()}).empty());
  CHECK(tracked.status() == CertificateStatus::valid);
  CHECK(tracked.say(list, {twin.root(), tracked.authority.root()}).events.size() == 1);
}

TEST_CASE("a list past its next update is taken and told") {
  Tracked tracked;
  const foreign::ListAnswer answer = tracked.say(now - days{40}, key_compromise, now - days{41});
  CHECK(answer.stale);
  CHECK(answer.events.size() == 1);
  CHECK_FALSE(tracked.say(now - days{1}, {}).stale);
}
