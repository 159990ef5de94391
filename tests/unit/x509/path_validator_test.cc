#include "ca/x509/path_validator.h"

#include "tests/catch.h"
#include "tests/unit/x509/openssl_pki.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

Certificate read(const X509Ptr& certificate) { return Certificate::from_der(der_of(certificate.get())).value(); }

// Root, issuing authority, leaf with serial 7; lists of both authorities of 1 July 2022.
struct Pki {
  explicit Pki(std::string name = "THỬ NGHIỆM") : suffix(std::move(name)) {}
  std::string suffix;
  EvpPkeyPtr root_key = make_ec_key(), ca_key = make_ec_key(), leaf_key = make_ec_key();
  X509Ptr root = make_authority("GỐC " + suffix, root_key.get(), nullptr, root_key.get());
  X509Ptr ca = make_authority("CA " + suffix, ca_key.get(), root.get(), root_key.get(), 2);
  X509Ptr leaf = make_certificate({.serial = 7, .extensions = {{"keyUsage", "critical,digitalSignature"}}},
                                  leaf_key.get(), ca.get(), ca_key.get());

  TrustMaterial material(const CrlSpec& of_root = {}, const CrlSpec& of_ca = {}) const {
    return {{read(root)}, {read(ca)}, {crl(root, root_key, of_root), crl(ca, ca_key, of_ca)}};
  }
  static Crl crl(const X509Ptr& issuer, const EvpPkeyPtr& key, const CrlSpec& spec) {
    return Crl::from_der(make_crl(spec, issuer.get(), key.get())).value();
  }
};

const Time now = time_at(2022, 7, 2);

}  // namespace

TEST_CASE("a good path with fresh lists is valid") {
  const Pki pki;
  const PathResult result = validate_path(read(pki.leaf), pki.material(), {.at = now});
  INFO(result.detail);
  CHECK(result.status == PathStatus::valid);
  REQUIRE(result.chain.size() == 3);
  CHECK(result.chain[0] == read(pki.leaf));
  CHECK(result.chain[2] == read(pki.root));
}

TEST_CASE("a stranger's certificate has no chain") {
  const Pki pki, stranger("CỦA NGƯỜI LẠ");
  const PathResult result = validate_path(read(stranger.leaf), pki.material(), {.at = now});
  CHECK(result.status == PathStatus::no_chain);
  CHECK(result.chain.size() == 1);
  CHECK(validate_path(read(stranger.root), pki.material(), {.at = now}).status == PathStatus::no_chain);
}

TEST_CASE("validity is judged at the given time") {
  const Pki pki;
  CHECK(validate_path(read(pki.leaf), pki.material(), {.at = time_at(2030, 1, 2), .check_revocation = false}).status ==
        PathStatus::expired);
  CHECK(
      validate_path(read(pki.leaf), pki.material(), {.at = time_at(2021, 12, 31), .check_revocation = false}).status ==
      PathStatus::not_yet_valid);
  CHECK(validate_path(read(pki.leaf), pki.material(), {.at = time_at(2022, 1, 1), .check_revocation = false}).status ==
        PathStatus::valid);
}

TEST_CASE("a revoked leaf is revoked from its time on, or whenever, as asked") {
  const Pki pki;
  const TrustMaterial material = pki.material({}, {.revoked = {{.serial = 7, .at = time_at(2022, 7, 1), .reason = 1}}});
  const PathResult later = validate_path(read(pki.leaf), material, {.at = now});
  CHECK(later.status == PathStatus::revoked);
  CHECK(later.revocation.value().reason == RevocationReason::key_compromise);
  CHECK(later.culprit.value() == read(pki.leaf));
  const Time before = time_at(2022, 6, 15);
  CHECK(validate_path(read(pki.leaf), material, {.at = before, .now = now}).status == PathStatus::valid);
  CHECK(validate_path(read(pki.leaf), material, {.at = before, .any_revocation_counts = true, .now = now}).status ==
        PathStatus::revoked);
  CHECK(validate_path(read(pki.leaf), material, {.at = before}).status == PathStatus::revocation_unknown);
}

TEST_CASE("a suspended leaf is on hold, a revoked authority is told apart") {
  const Pki pki;
  CHECK(
      validate_path(read(pki.leaf), pki.material({}, {.revoked = {{.serial = 7, .reason = 6}}}), {.at = now}).status ==
      PathStatus::on_hold);
  const PathResult ca =
      validate_path(read(pki.leaf), pki.material({.revoked = {{.serial = 2, .reason = 2}}}), {.at = now});
  CHECK(ca.status == PathStatus::revoked_ca);
  CHECK(ca.culprit.value() == read(pki.ca));
}

TEST_CASE("an expired certificate that was revoked is told as revoked") {
  const Pki pki;
  const TrustMaterial material = pki.material(
      {}, {.this_update = time_at(2031, 1, 1), .next_update = time_at(2031, 1, 8), .revoked = {{.serial = 7}}});
  CHECK(validate_path(read(pki.leaf), material, {.at = time_at(2031, 1, 2)}).status == PathStatus::revoked);
}

TEST_CASE("a list that is missing, stale, forged or for others leaves revocation unknown") {
  const Pki pki, other;
  const auto status = [&](const TrustMaterial& material) {
    return validate_path(read(pki.leaf), material, {.at = now}).status;
  };
  TrustMaterial none = pki.material();
  none.crls.clear();
  CHECK(status(none) == PathStatus::revocation_unknown);
  CHECK(status(pki.material({}, {.this_update = time_at(2022, 6, 1), .next_update = time_at(2022, 6, 8)})) ==
        PathStatus::revocation_unknown);
  CHECK(status(pki.material({}, {.this_update = time_at(2022, 7, 5), .next_update = time_at(2022, 7, 8)})) ==
        PathStatus::revocation_unknown);
  TrustMaterial forged = pki.material();
  forged.crls[1] = Pki::crl(pki.ca, other.ca_key, {});
  CHECK(status(forged) == PathStatus::revocation_unknown);
  CHECK(status(pki.material({}, {.extensions = {{"2.5.29.28", "critical,DER:30038201FF"}}})) ==
        PathStatus::revocation_unknown);
  CHECK(status(pki.material({}, {.extensions = {{"2.5.29.28", "critical,DER:30038101FF"}}})) == PathStatus::valid);
  CHECK(
      status(pki.material(
          {},
          {.extensions = {{"2.5.29.28",
                           "critical,DER:"
                           "3027A022A020861E687474703A2F2F706B692E6C616D646F6E672E746573742F61612E63726C8101FF"}}})) ==
      PathStatus::revocation_unknown);
  CHECK(status(pki.material({}, {.extensions = {{"1.2.3.4", "critical,DER:0500"}}})) == PathStatus::revocation_unknown);
}

TEST_CASE("a stale list still convicts") {
  const Pki pki;
  const CrlSpec stale{.this_update = time_at(2022, 6, 1),
                      .next_update = time_at(2022, 6, 8),
                      .revoked = {{.serial = 7, .at = time_at(2022, 5, 1)}}};
  CHECK(validate_path(read(pki.leaf), pki.material({}, stale), {.at = now}).status == PathStatus::revoked);
}

TEST_CASE("of two lists the newer decides") {
  const Pki pki;
  TrustMaterial material = pki.material({}, {.number = 2, .this_update = time_at(2022, 7, 2)});
  material.crls.push_back(Pki::crl(pki.ca, pki.ca_key, {.number = 1, .revoked = {{.serial = 7, .reason = 6}}}));
  CHECK(validate_path(read(pki.leaf), material, {.at = now}).status == PathStatus::valid);
  std::swap(material.crls[1], material.crls[2]);
  CHECK(validate_path(read(pki.leaf), material, {.at = now}).status == PathStatus::valid);
}

TEST_CASE("an end entity cannot issue") {
  const Pki pki;
  const EvpPkeyPtr key = make_ec_key();
  const X509Ptr forged =
      make_certificate({.common_name = "forged", .serial = 8}, key.get(), pki.leaf.get(), pki.leaf_key.get());
  TrustMaterial material = pki.material();
  material.intermediates.push_back(read(pki.leaf));
  const PathStatus status = validate_path(read(forged), material, {.at = now, .check_revocation = false}).status;
  CHECK((status == PathStatus::chain_constraints || status == PathStatus::no_chain));
}

TEST_CASE("a signature by another key under the right name is told") {
  const Pki pki, other;
  const X509Ptr forged = make_certificate({.serial = 7}, pki.leaf_key.get(), pki.ca.get(), other.ca_key.get());
  CHECK(validate_path(read(forged), pki.material(), {.at = now, .check_revocation = false}).status ==
        PathStatus::bad_signature);
}

TEST_CASE("an anchor that is not self-signed is trusted by being there") {
  const Pki pki;
  TrustMaterial material = pki.material();
  material.anchors = {read(pki.ca)};
  const PathResult result = validate_path(read(pki.leaf), material, {.at = now});
  CHECK(result.status == PathStatus::valid);
  CHECK(result.chain.size() == 2);
}
