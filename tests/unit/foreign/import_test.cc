#include "ca/foreign/import.h"

#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/temporary_directory.h"
#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

const Time now = time_at(2023, 6, 1);

struct Home {
  TemporaryDirectory folder;
  std::unique_ptr<store::Store> store = store::open_sqlite_store(folder / "antin.sqlite").value();
  FixedClock clock{now};
  SystemRandom random;
  foreign::Province province = some_province();

  foreign::Outcome import(const std::vector<x509::Certificate>& certificates, const std::vector<Bytes>& lists = {},
                          bool dry_run = false) {
    foreign::Folder given;
    for (const x509::Certificate& one : certificates) given.certificates.push_back({"a.pem", one});
    std::vector<foreign::GivenList> given_lists;
    for (const Bytes& list : lists) given_lists.push_back({"a.crl", x509::Crl::from_der(list).value()});
    auto outcome = foreign::import_certificates({*store, clock, random}, given, given_lists, province, dry_run);
    INFO((outcome ? "" : outcome.error().message));
    REQUIRE(outcome.has_value());
    return *std::move(outcome);
  }
  std::size_t tracked() const { return store->foreign_certificates().value().size(); }
  std::uint64_t entries() const { return store->log_size().value(); }
  void check_log() const {
    CHECK(log::verify(*store).has_value());
    CHECK(authority::reconcile(*store, now).has_value());
  }
};

std::vector<std::string> rules(const store::ForeignCertificate& one) {
  std::vector<std::string> all;
  for (const store::Doubt& doubt : one.doubts) all.push_back(doubt.rule);
  return all;
}

x509::Name body() { return name({{"L", "Thành phố Bảo Lộc"}, {"O", committee}, {"CN", "ỦY BAN NHÂN DÂN PHƯỜNG 1"}}); }

}  // namespace

TEST_CASE("an import is one act: what is taken, what its list says, and an entry for each") {
  Home home;
  TestAuthority other("CA THỬ NGHIỆM của nơi khác");
  const auto one = other.issue_to(body()).certificate, two = other.issue_to(body()).certificate;
  const Bytes list = other.crl(now - days{1}, &two, now - days{2});
  CHECK(home.import({other.root(), one, two}, {list}, true).taken.size() == 2);
  CHECK(home.tracked() == 0);
  CHECK(home.entries() == 0);
  const foreign::Outcome outcome = home.import({other.root(), one, two, one}, {list});
  CHECK(outcome.taken.size() == 2);
  CHECK(outcome.known.size() == 1);
  CHECK(outcome.authorities.size() == 1);
  CHECK(outcome.lists.at(0).events.size() == 1);
  CHECK(home.tracked() == 2);
  CHECK(home.entries() == 3);
  CHECK(rules(outcome.taken[0].certificate).empty());
  CHECK(outcome.taken[0].certificate.subscriber == "903.92.91.H36");
  const foreign::Outcome again = home.import({other.root(), one, two}, {list});
  CHECK((again.taken.empty() && again.known.size() == 2 && again.lists.at(0).events.empty()));
  CHECK(home.entries() == 3);
  home.check_log();
}

TEST_CASE("one serial of one issuer with two contents is refused, in the folder and against the record") {
  Home home;
  TestAuthority one("CA THỬ NGHIỆM của nơi khác"), twin("CA THỬ NGHIỆM của nơi khác");
  const auto genuine = one.issue_to(body()).certificate, forged = twin.issue_to(body()).certificate;
  REQUIRE(genuine.serial() == forged.serial());
  foreign::Outcome outcome = home.import({genuine, forged});
  CHECK(outcome.taken.empty());
  REQUIRE(outcome.refused.size() == 2);
  CHECK(outcome.refused[0].why.rule == "import.contested");
  CHECK(home.import({genuine}).taken.size() == 1);
  outcome = home.import({forged, genuine});
  CHECK(outcome.known.size() == 1);
  REQUIRE(outcome.refused.size() == 1);
  CHECK(outcome.refused[0].why.rule == "import.other_octets");
  CHECK(home.store->foreign_certificates().value().at(0).der == to_bytes(genuine.der()));
  home.check_log();
}

TEST_CASE("a certificate tells by itself what speaks against it") {
  Home home;
  TestAuthority other("CA THỬ NGHIỆM của nơi khác"), twin("CA THỬ NGHIỆM của nơi khác");
  const auto past = other.issue_to(body(), {}, time_at(2020, 1, 1), now - seconds{1}).certificate;
  const auto coming = other.issue_to(body(), {}, now + seconds{1}).certificate;
  const auto weak = other.issue_to(body(), {hsm::KeyAlgorithm::rsa, 1024});
  const auto unsigned_by_it = twin.issue_to(name({{"O", committee}, {"CN", "SỞ NỘI VỤ"}})).certificate;
  twin.issue_to(body());
  const auto outcome = home.import({other.root(), past, coming, weak.certificate});
  CHECK(rules(outcome.taken.at(0).certificate) == std::vector<std::string>{"import.expired"});
  CHECK(rules(outcome.taken.at(1).certificate) == std::vector<std::string>{"import.not_yet_valid"});
  CHECK(rules(outcome.taken.at(2).certificate) == std::vector<std::string>{"import.weak_key"});
  Home second;
  CHECK(rules(second.import({other.root(), unsigned_by_it}).taken.at(0).certificate) ==
        std::vector<std::string>{"import.signature"});
  CHECK(rules(second.import({twin.root(), twin.issue_to(body()).certificate}).taken.at(0).certificate).empty());
}

TEST_CASE("a tax code or citizen number that cannot be one is a doubt, not a refusal, and stands in no message") {
  Home home;
  TestAuthority other;
  const auto of = [&](const std::string& uid) {
    const auto outcome =
        home.import({other.issue_to(name({{"UID", uid}, {"CN", "Ka Nhùm Thử"}, {"ST", "Lâm Đồng"}})).certificate});
    REQUIRE(outcome.taken.size() == 1);
    std::vector<std::string> found;
    for (const store::Doubt& doubt : outcome.taken[0].certificate.doubts) {
      if (!doubt.rule.starts_with("import.number_")) continue;
      found.push_back(doubt.rule);
      CHECK(doubt.arguments == std::vector<std::string>{uid.substr(0, uid.find(':'))});
    }
    return found;
  };
  using List = std::vector<std::string>;
  CHECK(of("MST:0000000018") == List{"import.number_check_digit"});
  CHECK(of("CCCD:09908500012") == List{"import.number_form"});
  for (const char* other_number :
       {"MST:0000000017", "MST:0000000000", "MST:099085000123", "CCCD:099085000123", "PID:1"})
    CHECK(of(other_number).empty());
  home.check_log();
}

TEST_CASE("a key of ours, a blocked key and our own name are noticed") {
  Home home;
  TestAuthority ours("CA THỬ NGHIỆM khối Nhà nước"), other("CA THỬ NGHIỆM của nơi khác");
  const auto subscriber = ours.issue("của ta").certificate, stranger = ours.issue("không có trong kho").certificate;
  const auto put = [&](const x509::Certificate& one, const char* kind, const std::string& request) {
    auto transaction = home.store->begin().value();
    REQUIRE(transaction
                ->add_intents({{.request_id = request, .issuer = "government", .serial = one.serial(), .kind = kind}})
                .has_value());
    REQUIRE(transaction
                ->add_certificate({.id = "",
                                   .issuer = "government",
                                   .serial = one.serial(),
                                   .subject = one.subject().rfc4514(),
                                   .not_before = one.not_before(),
                                   .not_after = one.not_after(),
                                   .key_hash =
                                       [&] {
                                         const Sha256 hash = sha256(one.public_key_info());
                                         return Bytes(hash.begin(), hash.end());
                                       }(),
                                   .der = to_bytes(one.der())},
                                  request)
                .has_value());
    REQUIRE(transaction->commit().has_value());
  };
  put(ours.root(), "issuing", "r/1");
  put(subscriber, "personal", "r/2");
  const foreign::Outcome outcome = home.import({subscriber, stranger});
  CHECK(outcome.own.size() == 1);
  CHECK(outcome.taken.empty());
  REQUIRE(outcome.refused.size() == 1);
  CHECK(outcome.refused[0].why.rule == "import.in_our_name");
  CHECK(home.tracked() == 0);

  const auto theirs = other.issue_to(body()).certificate;
  const Sha256 hash = sha256(theirs.public_key_info());
  auto transaction = home.store->begin().value();
  REQUIRE(transaction->add_blocked_key({Bytes(hash.begin(), hash.end()), now, "thử"}).has_value());
  REQUIRE(transaction->commit().has_value());
  CHECK(rules(home.import({theirs}).taken.at(0).certificate) == std::vector<std::string>{"import.blocked_key"});
}

TEST_CASE("a clock that went back stops the import") {
  Home home;
  TestAuthority other("CA THỬ NGHIỆM của nơi khác");
  home.import({other.issue_to(body()).certificate});
  home.clock.set(now - days{1});
  foreign::Folder given;
  given.certificates.push_back({"a.pem", other.issue_to(body()).certificate});
  const auto refused =
      foreign::import_certificates({*home.store, home.clock, home.random}, given, {}, home.province, false);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::failed_precondition);
  CHECK(home.tracked() == 1);
}
