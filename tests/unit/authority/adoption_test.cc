#include "ca/authority/adoption.h"

#include "ca/authority/approval_audit.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/proposal.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::LifeFixture;
using antin::tests::must;
using authority::AdoptedCertificate;
using authority::Holding;
using authority::Holdings;
using authority::IssuerChange;
using x509::RevocationReason;

namespace {

// The fixture's authority after its ceremony, and another one whose issuer for the government moves in with the
// certificates of its two officers, the second of which is suspended, and a revoked serial whose certificate is lost.
struct MovingIn : LifeFixture {
  AuthorityFixture other;
  Holdings holdings;
  std::vector<AdoptedCertificate> certificates;
  x509::SerialNumber lost = x509::SerialNumber::from_hex("1234").value();
  Time revoked_at = time_at(2021, 5, 6, 7);

  MovingIn() : LifeFixture(0) {
    log("ceremony", {{"version", "0"}, {"required_approvals", "2"}});
    holdings.authority = to_hex(other.government->certificate()->fingerprint());
    holdings.last_crl_number = 41;
    for (const std::string& id : other.officers) {
      const auto record = other.store->certificate(id, clock.now()).value();
      const auto certificate = x509::Certificate::from_der(record.der).value();
      holdings.items[record.serial] = {to_hex(certificate.fingerprint()), {}, {}};
      certificates.push_back({certificate, "personal", "", ""});
    }
    holdings.items[certificates[1].certificate.serial()].revocation = {revoked_at, RevocationReason::certificate_hold,
                                                                       {}};
    holdings.items[lost] = {
        {}, Holding::Revocation{revoked_at, RevocationReason::key_compromise, time_at(2021, 1, 1)}, time_at(2030, 1, 1)};
  }
  void log(std::string_view type, const std::vector<std::pair<std::string, std::string>>& fields) {
    auto transaction = store->begin().value();
    REQUIRE(transaction->append_log(log::entry(clock.now(), type, fields)));
    REQUIRE(transaction->commit().has_value());
  }
  IssuerChange change() const {
    IssuerChange one;
    one.name = one.token = "government-old";
    one.certificate = to_bytes(other.government->certificate()->der());
    one.key = to_hex(sha256(other.government->certificate()->public_key_info()));
    one.algorithm = "ec-p256";
    one.holdings = authority::holdings_digest(holdings);
    return one;
  }
  void decide(const IssuerChange& one) {
    const Bytes hash = must(authority::propose(context(), one, 2));
    for (int i = 0; i < 2; ++i)
      REQUIRE(authority::approve_proposal(context(), hash, officers[i], *officer_keys[i]).has_value());
  }
  Result<authority::Adopted> adopt() {
    return authority::adopt(context(), "government-old", holdings, certificates);
  }
  // A row about the first of them, which is nobody's yet.
  nlohmann::json row_about(const std::string& act) {
    return {{"row", 1},
            {"act", act},
            {"code", "P-77"},
            {"kind", "personal"},
            {"bloc", "government"},
            {"profile", "personal"},
            {"replaces", "government-old-" + certificates[0].certificate.serial().hex()},
            {"requested_by", "000.00.99.H36"}};
  }
  std::size_t on_record() {
    store::CertificateQuery query;
    query.issuer = "government-old";
    return must(store->certificates(query, clock.now())).size();
  }
  Status all_is_well() {
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 2));
    return {};
  }
};

}  // namespace

TEST_CASE("holdings are lines in the order of the serial numbers, whatever their length") {
  Holdings holdings;
  holdings.authority = std::string(64, 'a');
  holdings.last_crl_number = 7;
  holdings.next_serial = x509::SerialNumber::from_hex("101").value();
  holdings.items[x509::SerialNumber::from_hex("0100").value()] = {std::string(64, 'b'), {}, {}};
  holdings.items[x509::SerialNumber::from_hex("FF").value()] = {
      std::string(64, 'c'), Holding::Revocation{time_at(2021, 5, 6, 7), RevocationReason::superseded, {}}, {}};
  holdings.items[x509::SerialNumber::from_hex("02").value()] = {
      {},
      Holding::Revocation{time_at(2021, 5, 6, 7), RevocationReason::key_compromise, time_at(2020, 1, 2, 3)},
      authority::no_known_end};
  CHECK(authority::canonical(holdings) ==
        "antin-holdings-1\nauthority " + std::string(64, 'a') + "\ncrl-number 7\nnext-serial 101\n" +
            "2 - 2021-05-06T07:00:00Z keyCompromise 2020-01-02T03:00:00Z 9999-12-31T23:59:59Z\n" + "FF " +
            std::string(64, 'c') + " 2021-05-06T07:00:00Z superseded -\n" + "100 " + std::string(64, 'b') + "\n");
  const std::string before = authority::holdings_digest(holdings);
  holdings.items.erase(x509::SerialNumber::from_hex("02").value());
  CHECK(authority::holdings_digest(holdings) != before);
}

TEST_CASE("what officers decided on comes along in one act, with its dates, and is accepted by the audit") {
  MovingIn f;
  f.decide(f.change());
  const authority::Adopted done = must(f.adopt());
  CHECK((done.certificates == 2 && done.suspended == 1 && done.revoked == 0 && done.lost == 1 && !done.before));
  CHECK(must(f.adopt()).before);
  CHECK(f.on_record() == 2);
  const auto held = f.certificates[1].certificate.serial();
  CHECK(must(f.store->certificate_by_serial("government-old", held, f.clock.now()))->status ==
        store::CertificateStatus::suspended);
  std::vector<x509::CrlEntry> listed;
  REQUIRE(f.store->for_each_revoked("government-old", [&](const x509::CrlEntry& entry, Time) -> Status {
    listed.push_back(entry);
    return {};
  }));
  REQUIRE(listed.size() == 2);
  for (const x509::CrlEntry& entry : listed) CHECK(entry.revoked_at == f.revoked_at);
  CHECK(f.all_is_well().has_value());
  CHECK(must(authority::audit_approvals(*f.store, 2)).adopted == 2);
  // The number of the old system's last list is taken.
  auto transaction = f.store->begin().value();
  CHECK(must(transaction->reserve_crl_number("government-old", 0)) == 42);
}

TEST_CASE("an issuer that moves in is in service only once all that it brings along is here") {
  MovingIn f;
  f.decide(f.change());
  CHECK(authority::put_in_service(f.context(), "government-old").error().code == ErrorCode::failed_precondition);
  must(f.adopt());
  REQUIRE(authority::put_in_service(f.context(), "government-old").has_value());
  CHECK(authority::revoke(f.context(), "government-old-" + f.certificates[0].certificate.serial().hex(),
                          RevocationReason::superseded, {}, "", f.body)
            .has_value());
  const std::string held = "government-old-" + f.certificates[1].certificate.serial().hex();
  CHECK(authority::resume(f.context(), held, "").has_value());
  CHECK(f.all_is_well().has_value());
  CHECK_FALSE(must(authority::read_issuers(*f.store, f.clock.now())).issues("government-old", f.clock.now()));
}

TEST_CASE("nothing comes along without the officers' decision on exactly that") {
  MovingIn f;
  CHECK(f.adopt().error().code == ErrorCode::failed_precondition);
  f.decide(f.change());
  SECTION("a revocation less") { f.holdings.items[f.certificates[1].certificate.serial()].revocation.reset(); }
  SECTION("another reason") { f.holdings.items[f.lost].revocation->reason = RevocationReason::superseded; }
  SECTION("a lost serial less") { f.holdings.items.erase(f.lost); }
  SECTION("a smaller list number") { f.holdings.last_crl_number = 1; }
  SECTION("another next serial") { f.holdings.next_serial = f.lost; }
  CHECK(f.adopt().error().code == ErrorCode::failed_precondition);
  CHECK(f.on_record() == 0);
}

TEST_CASE("certificates that are not those of the holdings, or of another key, are refused as a whole") {
  MovingIn f;
  SECTION("one less") {
    f.decide(f.change());
    f.certificates.pop_back();
    CHECK(f.adopt().error().code == ErrorCode::invalid_argument);
  }
  SECTION("one of ours") {
    const auto ours = x509::Certificate::from_der(f.by_id(f.officers[0]).der).value();
    f.holdings.items[ours.serial()] = {to_hex(ours.fingerprint()), {}, {}};
    f.certificates.push_back({ours, "personal", "", ""});
    f.decide(f.change());
    CHECK(f.adopt().error().code == ErrorCode::permission_denied);
  }
  CHECK(f.on_record() == 0);
}

TEST_CASE("a later decision takes the place of the first until something came along") {
  MovingIn f;
  f.decide(f.change());
  f.holdings.last_crl_number = 50;
  CHECK(f.adopt().error().code == ErrorCode::failed_precondition);
  f.decide(f.change());
  must(f.adopt());
  f.holdings.last_crl_number = 51;
  CHECK(authority::propose(f.context(), f.change(), 2).error().code == ErrorCode::failed_precondition);
  CHECK(f.all_is_well().has_value());
}

TEST_CASE("whoever writes into log and store cannot slip in what officers did not decide on") {
  MovingIn f;
  f.decide(f.change());
  const auto serial = f.certificates[0].certificate.serial().hex();
  const std::vector<std::pair<std::string, std::string>> extra{{"issuer", "government-old"},
                                                               {"serial", serial},
                                                               {"certificate", "government-old-" + serial},
                                                               {"sha256", to_hex(f.certificates[0].certificate.fingerprint())}};
  SECTION("a certificate after the adoption") {
    must(f.adopt());
    f.log("certificate.adopt", extra);
  }
  SECTION("a serial after the adoption") {
    must(f.adopt());
    f.log("serial.adopt", {{"issuer", "government-old"},
                           {"serial", "99"},
                           {"revoked_at", "2021-05-06T07:00:00Z"},
                           {"reason", "superseded"},
                           {"not_after", "2030-01-01T00:00:00Z"}});
  }
  SECTION("an adoption of nothing") {
    f.log("issuer.adopt", {{"issuer", "government-old"}, {"holdings", f.change().holdings}, {"crl_number", "41"}});
  }
  SECTION("an adoption by an issuer of ours") {
    must(f.adopt());
    f.log("issuer.adopt", {{"issuer", "government"}, {"holdings", f.change().holdings}, {"crl_number", "41"}});
  }
  CHECK(authority::audit_approvals(*f.store, 2).error().code == ErrorCode::permission_denied);
}

TEST_CASE("an adopted certificate is followed by one of the bloc's own issuer, for whom a row says that officers approve") {
  MovingIn f;
  f.decide(f.change());
  must(f.adopt());
  REQUIRE(authority::put_in_service(f.context(), "government-old").has_value());
  const antin::tests::Key key = hsm::software::generate({}).value();
  nlohmann::json row = f.row_about("rekey");
  row["fields"] = AuthorityFixture::row(77, *key)["fields"];
  row["key"] = "csr";
  row["csr"] = AuthorityFixture::row(77, *key)["csr"];
  row["reason"] = "superseded";
  CHECK(f.errors(LifeFixture::acts({row})).empty());
  CHECK(f.done(LifeFixture::acts({row})).issued == 1);
  const auto next = must(f.store->successor(row["replaces"], f.clock.now()));
  REQUIRE(next.has_value());
  CHECK((next->issuer == "government" && next->subscriber == "P-77"));
  CHECK(f.by_id(row["replaces"]).status == store::CertificateStatus::revoked);
  CHECK(f.all_is_well().has_value());
}

TEST_CASE("an older certificate with the same key and subject stands in no renewal's way, and another subject's does") {
  MovingIn f;
  const bool same = GENERATE(true, false);
  const auto first = f.certificates[0].certificate;
  const auto subject = same ? first.subject() : AuthorityFixture::name("Người khác");
  const auto twin = x509::Certificate::from_der(f.other.single(*f.other.government, "government", "ceremony/twin",
                                                               "personal", subject, f.other.officer_keys[0])
                                                    .der)
                        .value();
  f.holdings.items[twin.serial()] = {to_hex(twin.fingerprint()), {}, {}};
  f.certificates.push_back({twin, "personal", "", ""});
  f.decide(f.change());
  must(f.adopt());
  const auto found = f.errors(LifeFixture::acts({f.row_about("renew")}));
  CHECK(found.empty() == same);
  if (!same) CHECK(found == std::vector<std::string>{"1 replaces roster.key_of_another"});
}

TEST_CASE("an adopted certificate is revoked by a row, and its key is known") {
  MovingIn f;
  f.decide(f.change());
  must(f.adopt());
  nlohmann::json issue = AuthorityFixture::row(1, *f.other.officer_keys[0]);
  CHECK(f.errors(AuthorityFixture::file({issue})) == std::vector<std::string>{"1 csr roster.key_of_another"});
  nlohmann::json row = f.row_about("revoke");
  row["reason"] = "affiliationChanged";
  CHECK(f.done(LifeFixture::acts({row})).revoked == 1);
  CHECK(f.by_id(row["replaces"]).status == store::CertificateStatus::revoked);
  CHECK(f.all_is_well().has_value());
}
