// Certificates of ours for another authority: decided by officers, made once, audited, and good for its names alone.
#include "ca/authority/key_block.h"
#include "ca/x509/csr.h"
#include "ca/x509/tbs.h"
#include "tests/unit/authority/cross_fixture.h"

using namespace antin;
using antin::tests::CrossChange;
using antin::tests::Crosses;
using antin::tests::Key;
using antin::tests::must;
using antin::tests::Neighbour;

namespace {

std::string refusal(Crosses& f, const CrossChange& change) {
  const auto proposed = authority::propose(f.context(), change, 2);
  return proposed ? "" : proposed.error().message;
}

std::string audit(Crosses& f) {
  const auto found = authority::audit_approvals(*f.store, 2);
  return found ? "" : found.error().message;
}

}  // namespace

TEST_CASE(
    "a cross certificate has the other authority's name, key and key identifier, and the limits that were decided") {
  Crosses f;
  const auto theirs = *f.neighbour.root->certificate();
  const auto made = f.certified_cross(f.change());
  CHECK(made.subject() == theirs.subject());
  CHECK(equal(made.public_key_info(), theirs.public_key_info()));
  CHECK(made.subject_key_id() == theirs.subject_key_id());
  CHECK(made.issuer() == f.root->certificate()->subject());
  CHECK(made.authority_key_id() == f.root->certificate()->subject_key_id());
  CHECK(made.is_ca());
  CHECK(made.path_length() == 1);
  CHECK(made.key_usage() == x509::KeyUsage{.key_cert_sign = true, .crl_sign = true});
  CHECK(made.policies() == f.change().policies);
  CHECK(made.not_before() == f.clock.now());
  CHECK(made.not_after() == f.change().not_after);
  CHECK(made.crl_urls() == std::vector<std::string>{"http://pki.lamdong.test/v1/crl/root"});
  const auto tbs = must(x509::parse_tbs(made.tbs()));
  const auto* constraints = tbs.find("2.5.29.30");
  REQUIRE(constraints != nullptr);
  CHECK(constraints->critical);
  CHECK(equal(constraints->value, x509::name_constraints_value(f.change().constraints)));
  CHECK(f.all_is_well());
  CHECK(must(authority::audit_approvals(*f.store, 2)).crosses == 1);
}

TEST_CASE("a cross certificate is made once, and is no issuer of ours") {
  Crosses f;
  const auto made = f.certified_cross(f.change());
  const auto entries = must(f.store->log_size());
  const auto roles = must(authority::read_roles(*f.store, f.clock.now()));
  const auto* cross = roles.find_cross("cross-ban");
  REQUIRE(cross != nullptr);
  const auto again = must(authority::certify_cross(f.context(), *cross, *f.root));
  CHECK(again.id == cross->certificate_id);
  CHECK(equal(again.der, made.der()));
  CHECK(again.kind == "cross");
  CHECK(must(f.store->log_size()) == entries);
  CHECK(roles.issuers().all().size() == 3);
  CHECK(roles.issuers().find("cross-ban") == nullptr);
  CHECK(roles.issuers().issuing("cross", f.clock.now()) == nullptr);
  CHECK(refusal(f, f.change()).contains("there is one of the name cross-ban already"));
}

TEST_CASE("what the other authority issued holds under our root within the names, and is refused outside them") {
  Crosses f;
  const auto cross = f.certified_cross(f.change());
  const auto& by = *f.neighbour.root;
  const std::string ours = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)", theirs = Neighbour::organisation;
  const auto person = f.neighbour.person(by, theirs, "a@ban.test");
  CHECK(f.path(person, {cross}) == x509::PathStatus::valid);
  CHECK(f.path(person, {}) == x509::PathStatus::no_chain);
  CHECK(f.path(person, {*by.certificate()}) == x509::PathStatus::no_chain);
  CHECK(f.path(f.neighbour.device(by, "may.ban.test"), {cross}) == x509::PathStatus::valid);
  CHECK(f.path(f.neighbour.person(by, ours, "a@ban.test"), {cross}) == x509::PathStatus::chain_constraints);
  CHECK(f.path(f.neighbour.person(by, theirs, "a@lamdong.test"), {cross}) == x509::PathStatus::chain_constraints);
  CHECK(f.path(f.neighbour.device(by, "may.lamdong.test"), {cross}) == x509::PathStatus::chain_constraints);
  CHECK(f.path(f.neighbour.device(by, "a.secret.ban.test"), {cross}) == x509::PathStatus::chain_constraints);
  f.clock.set(f.change().not_after + days(1));
  CHECK(f.path(person, {cross}) == x509::PathStatus::expired);
}

TEST_CASE("the path length that was decided says whether the other authority's own CAs are trusted") {
  for (const unsigned path_length : {0U, 1U}) {
    Crosses f;
    auto change = f.change();
    change.path_length = path_length;
    const auto cross = f.certified_cross(change);
    const Key key = hsm::software::generate({}).value();
    const auto below = f.neighbour.issued(*f.neighbour.root, "issuing", Neighbour::name("CA TỈNH BẠN"), key);
    const auto person = f.neighbour.person(Neighbour::issuer(key, below), Neighbour::organisation, "a@ban.test");
    CHECK((f.path(person, {cross, below}) == x509::PathStatus::valid) == (path_length == 1));
  }
}

TEST_CASE("a request proves that its key is known, and says by which identifier its certificates name it") {
  Crosses f;
  auto change = f.change();
  change.certificate.clear();
  change.request = f.request();
  const auto made = f.certified_cross(change);
  CHECK(made.subject() == Neighbour::name("CA GỐC TỈNH BẠN"));
  CHECK(equal(made.public_key_info(), f.neighbour.key->public_key_info()));
  CHECK(made.subject_key_id().value().size() == 20);
  CHECK(f.all_is_well());
  auto swapped = f.change();
  swapped.name = "cross-khac";
  swapped.certificate.clear();
  swapped.request = change.request;
  swapped.request.back() ^= 1;
  CHECK(refusal(f, swapped).contains("the request is not signed with the key that it names"));
}

TEST_CASE("nothing is signed before so many officers approved, and the audit knows it") {
  Crosses f;
  const Bytes hash = f.proposed(f.change());
  CHECK(must(authority::read_roles(*f.store, f.clock.now())).find_cross("cross-ban") == nullptr);
  REQUIRE(authority::approve_proposal(f.context(), hash, f.officers[0], *f.officer_keys[0]));
  CHECK(must(authority::read_roles(*f.store, f.clock.now())).find_cross("cross-ban") == nullptr);
  CHECK(audit(f) == "");
  SECTION("made with one approval") {
    f.made_alone(authority::cross_request_id(to_hex(hash)), f.change(), "cross");
    CHECK(audit(f).contains("whoever holds an issuing key made it alone"));
    REQUIRE(authority::approve_proposal(f.context(), hash, f.officers[1], *f.officer_keys[1]));
    CHECK(audit(f).contains("whoever holds an issuing key made it alone"));
  }
  SECTION("made without a proposal") {
    f.made_alone("cross/" + std::string(64, '0'), f.change(), "cross");
    CHECK(audit(f).contains("whoever holds an issuing key made it alone"));
  }
  SECTION("called something else") {
    f.made_alone("link/of-nobody", f.change(), "cross");
    CHECK(audit(f).contains("whoever holds an issuing key made it alone"));
  }
}

TEST_CASE("the audit names a cross certificate that says something else than was decided") {
  Crosses f;
  const auto cross = f.decided_cross(f.change());
  const std::string request = authority::cross_request_id(cross.proposal_hash);
  auto other = f.change();
  const char* profile = "cross";
  SECTION("more names") { other.constraints.permitted.hosts.push_back("lamdong.test"); }
  SECTION("no excluded names") { other.constraints.excluded = {}; }
  SECTION("no constraints at all") { other.constraints = {}; }
  SECTION("a longer path") { other.path_length = 2; }
  SECTION("another policy") { other.policies.push_back("1.3.6.1.4.1.32473.8"); }
  SECTION("a longer life") { other.not_after += days(1); }
  SECTION("a shorter life") { other.not_after -= days(1); }
  SECTION("another key under the same name") {
    other.certificate = to_bytes(Neighbour(f.neighbour.at).root->certificate()->der());
  }
  SECTION("another name") {
    const auto& key = f.neighbour.key;
    const auto bare = must(issuance::Issuer::make_root(key, Neighbour::name("CA KHÁC")));
    other.certificate = to_bytes(f.neighbour.issued(bare, "root", Neighbour::name("CA KHÁC"), key).der());
  }
  SECTION("an issuing CA in its place") { profile = "issuing"; }
  f.made_alone(request, other, profile);
  CHECK(audit(f) == "approvals: the cross certificate cross-ban is not the one that officers decided on");
}

TEST_CASE("a cross certificate of the ceremony is none that anybody decided on") {
  tests::AuthorityFixture f;
  const Neighbour neighbour(f.clock.now() - days(2));
  authority::SingleRequest request;
  request.request_id = "ceremony/cross-ban";
  request.profile = "cross";
  request.content = {Neighbour::name("CA GỐC TỈNH BẠN"), to_bytes(neighbour.key->public_key_info()), {}, {}};
  request.content.cross = issuance::CrossLimits{Bytes(20, 1), 0, {"2.5.29.32.0"}, {}};
  REQUIRE(authority::issue_single(f.context(), *f.root, "root", request));
  CHECK(authority::audit_approvals(*f.store, 2).error().message.contains("of another authority"));
}

TEST_CASE("what would hand over too much, or cannot be signed, is not put before the officers") {
  Crosses f;
  auto change = f.change();
  std::string why;
  SECTION("a name of an issuer") { change.name = "root-3", why = "as cross-neighbour"; }
  SECTION("a name that is no file's") { change.name = "cross-../x", why = "as cross-neighbour"; }
  SECTION("an issuer that there is not") { change.issued_by = "root-9", why = "there is no issuer root-9"; }
  SECTION("an issuing CA, below which there is none") {
    change.issued_by = "party", why = "the path of party is too short";
  }
  SECTION("longer than ours") {
    change.certificate.clear();
    change.request = f.request();
    change.not_after = f.root->certificate()->not_after() + seconds(1), why = "it would outlive root, which ends";
  }
  SECTION("longer than theirs") {
    change.not_after = f.neighbour.root->certificate()->not_after() + seconds(1), why = "outlive the other authority's";
  }
  SECTION("longer than the profile") {
    change.not_after = f.clock.now() + days(11 * 366), why = "than the profile gives";
  }
  SECTION("over before it begins") { change.not_after = f.clock.now(), why = "before it begins"; }
  SECTION("no policy") { change.policies.clear(), why = "no policy"; }
  SECTION("a policy twice") { change.policies.push_back("2.5.29.32.0"), why = "is there twice"; }
  SECTION("no limit and no word") { change.constraints = {}, why = "a sentence says why"; }
  SECTION("a limit and a word against it") { change.unconstrained = "tin nhau", why = "a sentence says why"; }
  SECTION("a host that is none") { change.constraints.permitted.hosts = {"*.ban.test"}, why = "no host name"; }
  SECTION("every name") { change.constraints.permitted.directories = {x509::Name()}, why = "every name"; }
  SECTION("neither certificate nor request") { change.certificate.clear(), why = "one certificate or one request"; }
  SECTION("a leaf") {
    change.certificate = to_bytes(f.neighbour.device(*f.neighbour.root, "may.ban.test").der());
    why = "not one of an authority";
  }
  SECTION("a self-signed one that was changed") { change.certificate.back() ^= 1, why = "its own key did not sign it"; }
  SECTION("an authority that may have no CA below it") {
    const Key key = hsm::software::generate({}).value();
    change.certificate =
        to_bytes(f.neighbour.issued(*f.neighbour.root, "issuing", Neighbour::name("CA TỈNH BẠN"), key).der());
    why = "a longer path than the other authority's";
  }
  SECTION("ourselves") {
    change.certificate = to_bytes(f.party->certificate()->der()), change.path_length = 0;
    why = "the other authority's key is the one of party";
  }
  SECTION("a name of ours with another key") {
    const Key key = hsm::software::generate({}).value();
    const auto bare = must(issuance::Issuer::make_root(key, f.root->certificate()->subject()));
    change.certificate = to_bytes(f.neighbour.issued(bare, "root", f.root->certificate()->subject(), key).der());
    why = "has the name of root";
  }
  SECTION("a key that was blocked") {
    REQUIRE(authority::block_key(f.context(), f.neighbour.key->public_key_info(), "lộ khóa"));
    why = "it was blocked";
  }
  SECTION("a subscriber's key") {
    const auto record = f.single(*f.government, "government", "ceremony/officer-9", "officer",
                                 must(must(issuance::built_in_profile("officer"))
                                          .subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG"}, {"cn", "Chín"}})),
                                 f.neighbour.key);
    why = "the one of the certificate " + record.id;
  }
  CHECK_THAT(refusal(f, change), Catch::Matchers::ContainsSubstring(why));
  CHECK(must(f.store->proposals()).size() <= 1);
}

TEST_CASE("a weak key of another authority is not certified") {
  Crosses f;
  const auto weak = hsm::software::generate({hsm::KeyAlgorithm::rsa, 1024});
  REQUIRE(weak.has_value());
  auto change = f.change();
  change.certificate.clear();
  change.request = to_bytes(must(x509::CertificationRequest::make(Neighbour::name("CA YẾU"), **weak)).der());
  CHECK_THAT(refusal(f, change), Catch::Matchers::ContainsSubstring("2048"));
}

TEST_CASE("an authority is trusted in every name only with a sentence that says why") {
  Crosses f;
  auto change = f.change();
  change.constraints = {};
  change.unconstrained = "một tỉnh sáp nhập, dùng chung gốc đến hết năm";
  const auto cross = f.certified_cross(change);
  const auto tbs = must(x509::parse_tbs(cross.tbs()));
  CHECK(tbs.find("2.5.29.30") == nullptr);
  CHECK(f.path(f.neighbour.device(*f.neighbour.root, "may.lamdong.test"), {cross}) == x509::PathStatus::valid);
  CHECK(f.all_is_well());
}

TEST_CASE("a cross certificate is revoked as others are, on the list of the issuer that signed it") {
  Crosses f;
  const auto made = f.certified_cross(f.change());
  const auto id = "root-" + made.serial().hex();
  REQUIRE(authority::revoke(f.context(), id, x509::RevocationReason::ca_compromise, std::nullopt, "khóa bên kia lộ"));
  unsigned listed = 0;
  REQUIRE(f.store->for_each_revoked("root", [&](const x509::CrlEntry& entry, Time) -> Status {
    listed += entry.serial == made.serial() && entry.reason == x509::RevocationReason::ca_compromise ? 1 : 0;
    return {};
  }));
  CHECK(listed == 1);
  CHECK(must(f.store->certificate(id, f.clock.now())).status == store::CertificateStatus::revoked);
  CHECK(f.all_is_well());
}

TEST_CASE("a root of a later generation signs cross certificates too") {
  Crosses f;
  f.make_root_2();
  auto change = f.change();
  change.issued_by = "root-2";
  change.not_after = f.clock.now() + days(365);
  const auto record = must(authority::certify_cross(f.context(), f.decided_cross(change), *f.next_root));
  CHECK(record.issuer == "root-2");
  CHECK(f.all_is_well());
}

TEST_CASE("a proposal of a cross certificate is read back from its content, and nothing is left out of it") {
  Crosses f;
  const auto change = f.change();
  const Bytes content = authority::proposal_content({7, 2, change});
  const auto read = must(authority::read_proposal(content));
  CHECK(std::get<CrossChange>(read.change) == change);
  const std::string text(text_of(content));
  for (const char* member : {"\"excluded\":{\"dns\":[\"secret.ban.test\"]}", "\"path_length\":1", "\"kind\":\"cross\""})
    CHECK_THAT(text, Catch::Matchers::ContainsSubstring(member));
  std::string spaced = text;
  spaced.replace(spaced.find("\"path_length\":1"), 15, "\"path_length\":1.0");
  CHECK(authority::read_proposal(bytes_of(spaced)).error().code == ErrorCode::data_loss);
}

TEST_CASE("homes whose profiles are older put the profile before the officers first") {
  Crosses f;
  auto old = nlohmann::json::parse(issuance::ProfileSet().json());
  old.erase("cross");
  f.adopt(must(
      authority::propose(f.context(), authority::ProfileChange{must(issuance::ProfileSet::from_json(old.dump()))}, 2)));
  CHECK_THAT(refusal(f, f.change()), Catch::Matchers::ContainsSubstring("`antin profile propose` first"));
}
