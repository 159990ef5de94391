// Published certificates of generations that share their names.
#include "ca/x509/path_validator.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/trust.h"
#include "tests/unit/authority/cross_fixture.h"

using namespace antin;
using antin::tests::Issuers;
using antin::tests::must;

namespace {

struct Published : Issuers {
  wiring::Home home{folder / "home"};
  Rolled made = make_root_2();

  Published() {
    make_party_2(clock.now() + days(1));
    REQUIRE(make_directories(home.out_ca()).has_value());
    publish("root", *root->certificate());
    publish("party", *party->certificate());
    publish("government", *government->certificate());
    publish("party-2", *next->certificate());
    publish("root-2", made.root);
    publish("root-2-by-root", made.new_with_old);
    publish("root-by-root-2", made.old_with_new);
  }
  void publish(const char* name, const x509::Certificate& certificate) {
    REQUIRE(write_file(home.ca_certificate(name), certificate.pem()).has_value());
  }
};

}  // namespace

TEST_CASE("a link certificate is no anchor") {
  Published f;
  const auto trust = must(wiring::load_trust(f.home));
  CHECK(trust.anchors.size() == 2);
  CHECK(trust.intermediates.size() == 5);
  for (const auto& anchor : trust.anchors) {
    CHECK_FALSE(anchor == f.made.new_with_old);
    CHECK_FALSE(anchor == f.made.old_with_new);
  }
}

TEST_CASE("a cross certificate is no anchor, in no chain of ours, and leads to the other authority's subscribers") {
  tests::Crosses f;
  const wiring::Home home{f.folder / "home"};
  REQUIRE(make_directories(home.out_ca()).has_value());
  const auto publish = [&](const char* name, const x509::Certificate& certificate) {
    REQUIRE(write_file(home.ca_certificate(name), certificate.pem()).has_value());
  };
  publish("root", *f.root->certificate());
  publish("party", *f.party->certificate());
  const auto cross = f.certified_cross(f.change());
  publish("cross-ban", cross);
  const auto trust = must(wiring::load_trust(home));
  REQUIRE(trust.anchors.size() == 1);
  CHECK(trust.anchors[0] == *f.root->certificate());
  const auto chain = must(wiring::chain_of(home, must(x509::Certificate::from_der(f.issued(1).der))));
  REQUIRE(chain.size() == 2);
  CHECK(chain[1] == *f.root->certificate());
  const auto person = f.neighbour.person(*f.neighbour.root, tests::Neighbour::organisation, "a@ban.test");
  const auto theirs = must(wiring::chain_of(home, person));
  REQUIRE(theirs.size() == 2);
  CHECK(theirs[0] == cross);
  CHECK(x509::validate_path(person, trust, {.at = f.clock.now(), .check_revocation = false}).status ==
        x509::PathStatus::valid);
}

TEST_CASE("the chain of a certificate goes through the generation that issued it, up to the root that signed that") {
  Published f;
  const auto chain = must(wiring::chain_of(f.home, *f.next->certificate()));
  REQUIRE(chain.size() == 1);
  CHECK(chain[0] == *f.root->certificate());
  const auto leaf = f.issued(1);
  const auto old = must(wiring::chain_of(f.home, must(x509::Certificate::from_der(leaf.der))));
  REQUIRE(old.size() == 2);
  CHECK(old[0] == *f.party->certificate());
  f.clock.set(f.clock.now() + days(2));
  const auto later = must(wiring::chain_of(f.home, must(x509::Certificate::from_der(f.issued(2).der))));
  REQUIRE(later.size() == 2);
  CHECK(later[0] == *f.next->certificate());
  CHECK(must(wiring::chain_of(f.home, f.made.root)).empty());
}

TEST_CASE("a stranger with the name of an issuer has no chain") {
  Published f;
  tests::AuthorityFixture stranger;
  const auto chain = wiring::chain_of(f.home, *stranger.party->certificate());
  REQUIRE_FALSE(chain.has_value());
  CHECK(chain.error().code == ErrorCode::not_found);
}
