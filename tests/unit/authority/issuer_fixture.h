// The fixture's authority after its ceremony, which may get more issuers, decided by its two officers.
#pragma once

#include "ca/authority/approval_audit.h"
#include "ca/authority/issuer_making.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

namespace antin::tests {

using authority::IssuerChange;

struct Issuers : AuthorityFixture {
  Key next_key = hsm::software::generate({hsm::KeyAlgorithm::ec_p384}).value();
  std::optional<issuance::Issuer> next;

  Issuers() {
    auto transaction = store->begin().value();
    REQUIRE(
        transaction->append_log(log::entry(clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
    REQUIRE(transaction->commit().has_value());
  }
  IssuerChange party_2(Time from) const {
    IssuerChange change;
    change.name = change.token = "party-2";
    change.key = to_hex(sha256(next_key->public_key_info()));
    change.algorithm = "p384";
    change.issues_from = from;
    change.follows = "party";
    change.issued_by = "root";
    return change;
  }
  void adopt(const Bytes& hash) {
    for (int i = 0; i < 2; ++i)
      REQUIRE(authority::approve_proposal(context(), hash, officers[i], *officer_keys[i]).has_value());
  }
  Bytes decided(const IssuerChange& change) {
    Bytes hash = must(authority::propose(context(), change, 2));
    adopt(hash);
    return hash;
  }
  store::CertificateRecord certified(const Bytes& hash, const x509::Name& subject, const Key& key) {
    return single(*root, "root", authority::issuer_request_id(to_hex(hash)), "issuing", subject, key);
  }
  void make_party_2(Time from) {
    const Bytes hash = decided(party_2(from));
    const auto record = certified(hash, party->certificate()->subject(), next_key);
    issuance::IssuerIdentity identity;
    identity.crl_url = "http://pki.lamdong.test/v1/crl/party-2";
    identity.scheme = hsm::default_scheme(next_key->algorithm());
    next = must(issuance::Issuer::make(next_key, x509::Certificate::from_der(record.der).value(), identity,
                                       x509::SecondOpinion::full));
    REQUIRE(authority::put_in_service(context(), "party-2").has_value());
  }
  authority::IssuingPlan all() {
    auto made = plan();
    if (next) made.issuers["party-2"] = &*next;
    return made;
  }
  // One row of the party's bloc, issued now.
  store::CertificateRecord issued(unsigned number) {
    auto one = row(number, *hsm::software::generate({}).value());
    one["row"] = 1;
    one["bloc"] = "party";
    const Bytes hash = submit(file({one}));
    approve(hash);
    REQUIRE(must(authority::issue_roster(context(), hash, all(), {})).issued == 1);
    return store->certificate("P-" + std::to_string(number), clock.now()).value();
  }
  Status all_is_well() {
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 2));
    return {};
  }
  authority::RegisteredIssuer registered(const std::string& name) {
    const auto all = issuers();
    REQUIRE(all.find(name) != nullptr);
    return *all.find(name);
  }
  // The root's next key: decided and certified, with both link certificates, and in service.
  struct Rolled {
    x509::Certificate root, new_with_old, old_with_new;
  };
  Key next_root_key = hsm::software::generate({}).value();
  std::optional<issuance::Issuer> next_root;
  IssuerChange root_2() const {
    IssuerChange change;
    change.name = change.token = change.issued_by = "root-2";
    change.key = to_hex(sha256(next_root_key->public_key_info()));
    change.algorithm = "p256";
    change.issues_from = clock.now();
    change.follows = "root";
    return change;
  }
  x509::Certificate link(authority::Link which, const issuance::Issuer& by) {
    return must(authority::certify_link(context(), registered("root-2"), registered("root"), which, by));
  }
  Rolled make_root_2() {
    decided(root_2());
    const auto self = must(issuance::Issuer::make_root(next_root_key, root->certificate()->subject()));
    const auto certificate = must(
        authority::certify_issuer(context(), registered("root-2"), registered("root"), self, *next_root_key));
    next_root = must(issuance::Issuer::make(next_root_key, certificate, {}, x509::SecondOpinion::full));
    Rolled made{certificate, link(authority::Link::new_with_old, *root), link(authority::Link::old_with_new, *next_root)};
    REQUIRE(authority::put_in_service(context(), "root-2").has_value());
    return made;
  }
  authority::IssuerRegister issuers() { return must(authority::read_issuers(*store, clock.now())); }
};

}  // namespace antin::tests
