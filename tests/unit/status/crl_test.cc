#include "ca/status/crl.h"

#include <cstdlib>
#include <random>
#include <set>

#include "base/encoding.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "ca/status/publish_gate.h"
#include "ca/x509/der.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/issuance/issued_pki.h"

using namespace antin;
using namespace antin::status;
using namespace antin::tests;
namespace der = antin::x509::der;

namespace {

// A store with one issuing CA and its published list.
struct Fixture {
  explicit Fixture(EvpPkeyPtr key = make_ec_key()) : pki(std::move(key)) {}
  TemporaryDirectory folder;
  IssuedPki pki;
  std::unique_ptr<store::Store> store = must(store::open_sqlite_store(folder / "antin.sqlite"));
  FixedClock clock{time_at(2023, 1, 1)};
  SystemRandom random;

  authority::Context context() { return {*store, clock, random}; }
  CrlPlan plan() const {
    return {"government", &*pki.ca, "http://pki.lamdong.test/v1/crl/government", days{7}, folder / "government.crl"};
  }
  Result<store::CrlRecord> build() { return build_and_publish(context(), plan()); }
  x509::Crl published() { return must(x509::Crl::from_der(must(read_file(folder / "government.crl")))); }

  std::string add_certificate(Time not_after = time_at(2027, 1, 1)) {
    return add_certificate(random_serial(), not_after);
  }
  std::string add_certificate(const x509::SerialNumber& serial, Time not_after = time_at(2027, 1, 1)) {
    const std::string id = "government-" + serial.hex();
    store::Intent intent{id, "government", serial, to_bytes("tbs " + id), "personal", "personal", "subscriber",
                         "", "",           ""};
    store::CertificateRecord record{
        id, "government", serial, "CN=Ka Thử",         "personal", "personal",   "subscriber",
        "", "",           "",     time_at(2022, 1, 1), not_after,  to_bytes(id), to_bytes("der " + id)};
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_intents({intent}));
    REQUIRE(transaction->add_certificate(record, id));
    REQUIRE(transaction->commit());
    return id;
  }
  void event(const std::string& id, store::RevocationEvent::Act act, x509::RevocationReason reason,
             std::optional<Time> invalid_since = std::nullopt) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_revocation({id, act, reason, clock.now(), invalid_since, ""}));
    REQUIRE(transaction->commit());
  }
  void revoke(const std::string& id) {
    event(id, store::RevocationEvent::Act::revoke, x509::RevocationReason::key_compromise);
  }
};

using Act = store::RevocationEvent::Act;
using Reason = x509::RevocationReason;

// A list's tbsCertList with its cRLNumber marked critical, which RFC 5280 §5.2.3 forbids.
Bytes with_critical_number(ByteView tbs) {
  const Bytes number = der::oid("2.5.29.20");
  const auto children = [](ByteView whole) {
    std::vector<ByteView> all;
    for (der::Reader reader(der::Reader(whole).next()->content); !reader.at_end();) all.push_back(reader.next()->whole);
    return all;
  };
  std::vector<Bytes> parts, extensions;
  for (const ByteView part : children(tbs)) parts.push_back(to_bytes(part));
  for (const ByteView one : children(children(parts.back())[0])) {
    const auto fields = children(one);
    const bool mark = equal(fields[0], number);
    extensions.push_back(mark ? der::sequence({fields[0], der::boolean(true), fields.back()}) : to_bytes(one));
  }
  parts.back() = der::tlv(der::context_constructed(0), der::sequence_of(extensions));
  return der::sequence_of(parts);
}

}  // namespace

TEST_CASE("serials at the edges of their encoding stand in a list of ours with their own octets") {
  Fixture f;
  const char* edges[] = {"1",
                         "7F",
                         "80",
                         "FF",
                         "100",
                         "8000",
                         "FFFF",
                         "8000000000000000",
                         "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                         "4000000000000000000000000000000000000000",
                         "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"};
  std::set<std::string> wanted, told, contents;
  for (const char* hex : edges) {
    const x509::SerialNumber serial = must(x509::SerialNumber::from_hex(hex));
    f.revoke(f.add_certificate(serial));
    wanted.insert(hex);
    CHECK(must(f.store->certificate_by_serial("government", serial, f.clock.now())).has_value());
  }
  // The gate compares what both libraries read in the list with the store.
  REQUIRE(f.build().has_value());
  const x509::Crl list = f.published();
  REQUIRE(list.for_each([&](const x509::CrlEntry& entry) -> Status {
    told.insert(entry.serial.hex());
    contents.insert(to_hex(entry.serial.der_content()));
    return {};
  }));
  CHECK(told == wanted);
  CHECK(contents.contains("0080"));
  CHECK(contents.contains("00ffffffffffffffffffffffffffffffffffffff"));
  for (const char* hex : edges) CHECK(list.find(must(x509::SerialNumber::from_hex(hex))).has_value());
  CHECK_FALSE(list.find(must(x509::SerialNumber::from_hex("81"))).has_value());
}

TEST_CASE("The first list is empty, has number 1, and both libraries verify it") {
  Fixture home;
  auto made = home.build();
  REQUIRE(made.has_value());
  CHECK(made->number == 1);
  const x509::Crl list = home.published();
  CHECK(list.size() == 0);
  CHECK(list.number() == Bytes{1});
  CHECK(list.distribution_point_urls() == std::vector<std::string>{"http://pki.lamdong.test/v1/crl/government"});
  CHECK(list.signed_by(*home.pki.ca->certificate()).value());
  CHECK(must(log::verify(*home.store)).size == 2);  // crl.intent and crl
}

TEST_CASE("A list carries each revoked certificate with its reason and time, and the numbers grow") {
  Fixture home;
  const std::string lost = home.add_certificate(), kept = home.add_certificate(), held = home.add_certificate();
  REQUIRE(home.build().has_value());
  home.clock.set(time_at(2023, 1, 2));
  home.revoke(lost);
  home.event(held, Act::suspend, Reason::certificate_hold);
  auto made = home.build();
  REQUIRE(made.has_value());
  CHECK(made->number == 2);
  CHECK(made->entries == 2);
  const x509::Crl list = home.published();
  auto entry = list.find(must(home.store->certificate(lost, home.clock.now())).serial);
  REQUIRE(entry.has_value());
  CHECK(entry->reason == Reason::key_compromise);
  CHECK(entry->revoked_at == time_at(2023, 1, 2));
  CHECK(list.find(must(home.store->certificate(held, home.clock.now())).serial)->reason == Reason::certificate_hold);
  CHECK_FALSE(list.find(must(home.store->certificate(kept, home.clock.now())).serial).has_value());
}

TEST_CASE("A resumed certificate leaves the list") {
  Fixture home;
  const std::string held = home.add_certificate();
  home.event(held, Act::suspend, Reason::certificate_hold);
  REQUIRE(home.build()->entries == 1);
  home.event(held, Act::resume, Reason::unspecified);
  auto made = home.build();
  REQUIRE(made.has_value());
  CHECK(made->entries == 0);
}

TEST_CASE("An entry stays until it stood on one list issued after its certificate's end") {
  Fixture home;
  home.revoke(home.add_certificate(time_at(2023, 1, 10)));
  REQUIRE(home.build()->entries == 1);
  home.clock.set(time_at(2023, 1, 11));
  CHECK(home.build()->entries == 1);
  home.clock.set(time_at(2023, 1, 12));
  CHECK(home.build()->entries == 0);
}

TEST_CASE("A clock that went backwards builds no list and leaves the published one") {
  Fixture home;
  REQUIRE(home.build().has_value());
  const Bytes before = to_bytes(home.published().der());
  home.clock.set(time_at(2022, 12, 31));
  auto made = home.build();
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::failed_precondition);
  CHECK(equal(home.published().der(), before));
}

TEST_CASE("The first list of an issuer is not built by a clock that went backwards either") {
  Fixture home;
  REQUIRE(home.build().has_value());
  status::CrlPlan other = home.plan();
  other.file = home.folder / "other.crl";
  home.clock.set(time_at(2022, 12, 31));
  const auto made = build_and_publish(home.context(), other);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == ErrorCode::failed_precondition);
  CHECK_FALSE(std::filesystem::exists(other.file));
}

TEST_CASE("The number is one more than the greater of store and published file") {
  Fixture home;
  REQUIRE(home.build().has_value());
  Fixture restored;  // another store, with the same CA's list beside it
  auto plan = home.plan();
  auto context = authority::Context{*restored.store, home.clock, home.random};
  auto made = build_and_publish(context, plan);
  REQUIRE(made.has_value());
  CHECK(made->number == 2);
}

TEST_CASE("The gate refuses a list from which an unexpired entry vanished") {
  Fixture home;
  REQUIRE(home.build().has_value());
  const Bytes empty = to_bytes(home.published().der());
  home.revoke(home.add_certificate());
  REQUIRE(home.build().has_value());
  REQUIRE(home.build().has_value());
  const x509::Crl full = home.published();
  // The older, empty list in the place of a newer one.
  auto refused = check_publishable(home.context(), home.plan(), empty, full);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::failed_precondition);
}

TEST_CASE("The gate refuses a list that lacks a certificate revoked before it was made") {
  Fixture home;
  home.revoke(home.add_certificate());
  home.clock.set(time_at(2023, 1, 2));
  REQUIRE(home.build().has_value());
  const Bytes list = to_bytes(home.published().der());
  CHECK(check_publishable(home.context(), home.plan(), list, std::nullopt).has_value());
  home.clock.set(time_at(2023, 1, 1));
  home.revoke(home.add_certificate());
  auto refused = check_publishable(home.context(), home.plan(), list, std::nullopt);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("is missing") != std::string::npos);
}

TEST_CASE("A list tells since when a key is not to be trusted, and the gate refuses one that tells it otherwise") {
  const auto serial = random_serial();
  const Time since = time_at(2022, 11, 30) + seconds(12345);
  const auto home_with = [&](std::optional<Time> date) {
    auto home = std::make_unique<Fixture>();
    home->event(home->add_certificate(serial), Act::revoke, Reason::key_compromise, date);
    home->clock.set(time_at(2023, 1, 2));
    return home;
  };
  const auto home = home_with(since);
  REQUIRE(home->build().has_value());
  const x509::Crl list = home->published();
  CHECK(list.find(serial)->invalidity_date == since);
  CHECK(check_publishable(home->context(), home->plan(), list.der(), std::nullopt).has_value());
  for (const std::optional<Time> other : {std::optional<Time>(), std::optional(since - seconds(1))}) {
    const auto store_says_otherwise = home_with(other);
    const auto refused = check_publishable(store_says_otherwise->context(), home->plan(), list.der(), std::nullopt);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.contains("differs from the store"));
  }
}

TEST_CASE("A certificate that was resumed and has ended since does not hold up the list") {
  Fixture home;
  const std::string held = home.add_certificate(time_at(2023, 1, 10));
  home.event(held, Act::suspend, Reason::certificate_hold);
  REQUIRE(home.build()->entries == 1);
  home.event(held, Act::resume, Reason::unspecified);
  home.clock.set(time_at(2023, 1, 11));
  auto made = home.build();
  REQUIRE(made.has_value());
  CHECK(made->entries == 0);
}

TEST_CASE("Over simulated years each revoked certificate stands on every list until the first one after its end") {
  struct Model {
    std::string id;
    Time not_after;
    enum { valid, suspended, revoked } state = valid;
    bool stood_after_end = false;
  };
  for (const unsigned seed : {1u, 2u, 3u}) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    Fixture home;
    std::vector<Model> certificates;
    for (int list = 0; list < 60; ++list) {
      home.clock.set(home.clock.now() + days{pick(1, 40)} + seconds{pick(0, 86399)});
      for (int i = pick(0, 3); i > 0; --i) {
        const Time end = home.clock.now() + days{pick(5, 500)};
        certificates.push_back({home.add_certificate(end), end});
      }
      for (Model& one : certificates) {
        if (one.not_after < home.clock.now() || one.state == Model::revoked || pick(0, 9) != 0) continue;
        if (one.state == Model::suspended && pick(0, 1) == 0) {
          home.event(one.id, Act::resume, Reason::unspecified);
          one.state = Model::valid;
        } else if (one.state == Model::valid && pick(0, 1) == 0) {
          home.event(one.id, Act::suspend, Reason::certificate_hold);
          one.state = Model::suspended;
        } else {
          home.revoke(one.id);
          one.state = Model::revoked;
        }
      }
      auto made = home.build();
      INFO("list " << list << (made ? "" : ": " + made.error().message));
      REQUIRE(made.has_value());
      std::uint64_t wanted = 0;
      const x509::Crl published = home.published();
      for (Model& one : certificates) {
        const bool ended = home.clock.now() > one.not_after;
        const bool listed = one.state != Model::valid && !(ended && one.stood_after_end);
        if (ended) one.stood_after_end = true;
        wanted += listed ? 1 : 0;
        CHECK(published.find(must(x509::SerialNumber::from_hex(one.id.substr(one.id.find('-') + 1)))).has_value() ==
              listed);
      }
      CHECK(published.size() == wanted);
    }
  }
}

TEST_CASE("OpenSSL and GnuTLS read the list and verify it") {
  Fixture home;
  home.revoke(home.add_certificate());
  REQUIRE(home.build().has_value());
  REQUIRE(write_file(home.folder / "ca.pem", home.pki.ca->certificate()->pem()).has_value());
  const std::string folder = home.folder.path().string();
  CHECK(std::system(("openssl crl -inform DER -in " + folder + "/government.crl -CAfile " + folder +
                     "/ca.pem -noout -text > " + folder + "/openssl.txt 2>&1")
                        .c_str()) == 0);
  const Bytes text = must(read_file(home.folder / "openssl.txt"));
  const std::string said(text_of(text));
  CHECK(said.find("verify OK") != std::string::npos);
  CHECK(said.find("X509v3 Issuing Distribution Point: critical") != std::string::npos);
  CHECK(said.find("Key Compromise") != std::string::npos);
  CHECK(std::system(
            ("certtool --crl-info --inder --infile " + folder + "/government.crl > " + folder + "/gnutls.txt 2>&1")
                .c_str()) == 0);
}

TEST_CASE("The gate refuses the list of another CA and one with another distribution point") {
  Fixture home, other;
  REQUIRE(home.build().has_value());
  CHECK_FALSE(check_publishable(other.context(), other.plan(), home.published().der(), std::nullopt).has_value());
  auto plan = home.plan();
  plan.url = "http://pki.lamdong.test/elsewhere";
  CHECK_FALSE(check_publishable(home.context(), plan, home.published().der(), std::nullopt).has_value());
  CHECK(check_publishable(home.context(), home.plan(), home.published().der(), std::nullopt).has_value());
}

TEST_CASE("The gate refuses a list that breaks a rule of RFC 5280, whoever signed it") {
  Fixture home;
  REQUIRE(home.build().has_value());
  const x509::Crl list = home.published();
  const Bytes tbs = with_critical_number(list.tbs());
  const Bytes signature = must(home.plan().issuer->sign_crl_digest(sha256(tbs)));
  const Bytes spoilt = der::sequence({tbs, list.signature_algorithm(), der::bit_string(signature)});
  const auto refused = check_publishable(home.context(), home.plan(), spoilt, std::nullopt);
  REQUIRE_FALSE(refused.has_value());
  INFO(refused.error().message);
  CHECK(refused.error().message.contains("lint: crl_number_critical"));
}

TEST_CASE("What stands at the place of publication is read back, and another list there is no success") {
  Fixture home, other;
  REQUIRE(home.build().has_value());
  REQUIRE(other.build().has_value());
  const Bytes list = to_bytes(home.published().der());
  const Path file = home.folder / "government.crl";
  CHECK(check_published(file, list).has_value());
  REQUIRE(write_file(file, to_bytes(other.published().der())));
  const auto found = check_published(file, list);
  REQUIRE_FALSE(found.has_value());
  CHECK(found.error().code == ErrorCode::data_loss);
  CHECK(found.error().message.find("is not the list that was published") != std::string::npos);
  REQUIRE(std::filesystem::remove(file));
  CHECK_FALSE(check_published(file, list).has_value());
}

TEST_CASE("A token that gives wrong signatures publishes nothing") {
  Fixture home;
  home.pki.ca_key->spoil = true;
  CHECK_FALSE(home.build().has_value());
  CHECK_FALSE(std::filesystem::exists(home.folder / "government.crl"));
}

TEST_CASE(
    "An issuer with a key of ML-DSA signs its list in one pass, and where there is no ML-DSA there is no issuer") {
  EvpPkeyPtr key = make_ml_dsa_key();
  if (!key) {
    const auto judge = x509::SignatureJudge::make(made_up_ml_dsa_65(), x509::SecondOpinion::full);
    CHECK(judge.error().code == ErrorCode::unimplemented);
    return;
  }
  Fixture home(std::move(key));
  const std::string lost = home.add_certificate();
  home.revoke(lost);
  auto made = home.build();
  INFO((made ? std::string() : made.error().message));
  REQUIRE(made.has_value());
  const x509::Crl list = home.published();
  CHECK(hsm::scheme_of(list.signature_algorithm()) == hsm::SignatureScheme::ml_dsa_65);
  CHECK(list.size() == 1);
  CHECK(list.signed_by(*home.pki.ca->certificate()).value());
  REQUIRE(write_file(home.folder / "ca.pem", home.pki.ca->certificate()->pem()).has_value());
  const std::string folder = home.folder.path().string();
  CHECK(std::system(("openssl crl -inform DER -in " + folder + "/government.crl -CAfile " + folder +
                     "/ca.pem -noout 2>&1 | grep -q 'verify OK'")
                        .c_str()) == 0);
  // Another list's signature is none of this one.
  Bytes changed = to_bytes(list.der());
  changed[changed.size() - 1] ^= 1;
  CHECK_FALSE(x509::Crl::from_der(changed)->signed_by(*home.pki.ca->certificate()).value());
  CHECK_FALSE(check_publishable(home.context(), home.plan(), changed, std::nullopt).has_value());
  home.pki.ca_key->spoil = true;
  CHECK_FALSE(home.build().has_value());
}
