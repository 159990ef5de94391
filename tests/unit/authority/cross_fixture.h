// The fixture's authority, and a neighbour: another authority's root with its own key, name and subscribers.
#pragma once

#include "ca/authority/cross_making.h"
#include "ca/x509/csr.h"
#include "ca/x509/path_validator.h"
#include "tests/unit/authority/issuer_fixture.h"

namespace antin::tests {

using authority::CrossChange;

struct Neighbour {
  static constexpr const char* organisation = "TỈNH BẠN (DỮ LIỆU GIẢ LẬP)";
  Time at;
  Key key = hsm::software::generate({hsm::KeyAlgorithm::ec_p384}).value();
  std::optional<issuance::Issuer> root;

  explicit Neighbour(Time when) : at(when) {
    const auto bare = must(issuance::Issuer::make_root(key, name("CA GỐC TỈNH BẠN")));
    root = issuer(key, issued(bare, "root", name("CA GỐC TỈNH BẠN"), key));
  }
  static x509::Name name(const std::string& common_name, const std::string& of = organisation) {
    return must(x509::Name::from_rdns({{{"C", "VN"}}, {{"O", of}}, {{"CN", common_name}}}));
  }
  static issuance::Issuer issuer(const Key& key, x509::Certificate certificate) {
    issuance::IssuerIdentity identity;
    identity.scheme = hsm::default_scheme(key->algorithm());
    return must(issuance::Issuer::make(key, std::move(certificate), identity, x509::SecondOpinion::full));
  }
  x509::Certificate issued(const issuance::Issuer& by, const char* profile_name, const x509::Name& subject,
                           const Key& whose, std::vector<std::string> mails = {},
                           std::vector<std::string> hosts = {}) const {
    const auto profile = must(issuance::built_in_profile(profile_name));
    SystemRandom random;
    auto tbs = must(issuance::build_tbs(
        profile, {subject, to_bytes(whose->public_key_info()), std::move(mails), std::move(hosts)}, by.identity(),
        must(x509::SerialNumber::random(random)), must(profile.validity(at, by.identity().not_after))));
    return must(by.sign(must(issuance::lint(std::move(tbs), profile.kind()))));
  }
  // A subscriber's certificate: a person with a mail address, or a device with a host name.
  x509::Certificate person(const issuance::Issuer& by, const std::string& of, const std::string& mail) const {
    return issued(by, "personal", name("Người Thử", of), hsm::software::generate({}).value(), {mail});
  }
  x509::Certificate device(const issuance::Issuer& by, const std::string& host) const {
    return issued(by, "device", name(host), hsm::software::generate({}).value(), {}, {host});
  }
};

struct Crosses : Issuers {
  Neighbour neighbour{clock.now() - days(2)};

  // What most tests propose: the neighbour's root by ours, for its own names and two more CAs.
  CrossChange change() const {
    CrossChange made;
    made.name = "cross-ban";
    made.issued_by = "root";
    made.certificate = to_bytes(neighbour.root->certificate()->der());
    made.not_after = clock.now() + days(5 * 365);
    made.path_length = 1;
    made.policies = {"1.3.6.1.4.1.32473.7", "2.5.29.32.0"};
    auto& permitted = made.constraints.permitted;
    permitted.directories = {must(authority::name_of_steps({"C=VN", std::string("O=") + Neighbour::organisation}))};
    permitted.mails = {"ban.test"};
    permitted.hosts = {"ban.test"};
    made.constraints.excluded.hosts = {"secret.ban.test"};
    made.remark = "thỏa thuận liên thông";
    return made;
  }
  Bytes request() const {
    return to_bytes(must(x509::CertificationRequest::make(Neighbour::name("CA GỐC TỈNH BẠN"), *neighbour.key)).der());
  }
  Bytes proposed(const CrossChange& wanted) { return must(authority::propose(context(), wanted, 2)); }
  authority::RegisteredCross decided_cross(const CrossChange& wanted) {
    adopt(proposed(wanted));
    const auto roles = must(authority::read_roles(*store, clock.now()));
    REQUIRE(roles.find_cross(wanted.name) != nullptr);
    return *roles.find_cross(wanted.name);
  }
  x509::Certificate certified_cross(const CrossChange& wanted) {
    const auto record = must(authority::certify_cross(context(), decided_cross(wanted), *root));
    return must(x509::Certificate::from_der(record.der));
  }
  // Signed by whoever holds the root's key, with intent, certificate and entries as the authority writes them.
  store::CertificateRecord made_alone(const std::string& request_id, const CrossChange& as, const char* profile) {
    authority::SingleRequest request;
    request.request_id = request_id;
    request.profile = profile;
    request.content = must(authority::cross_content(as));
    if (std::string(profile) != "cross") request.content.cross.reset();
    request.key_location = "subscriber";
    request.not_after = as.not_after;
    return must(authority::issue_single(context(), *root, "root", request));
  }
  x509::PathStatus path(const x509::Certificate& leaf, std::vector<x509::Certificate> helpers) {
    return x509::validate_path(leaf, {{*root->certificate()}, std::move(helpers), {}},
                               {.at = clock.now(), .check_revocation = false})
        .status;
  }
};

}  // namespace antin::tests
