// A small authority with software keys: root, one issuing CA a bloc, two officers, a store in a temporary folder.
#pragma once

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/authority.h"
#include "ca/x509/csr.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

namespace antin::tests {

using Key = std::shared_ptr<const hsm::SigningKey>;

template <class T>
T must(Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  return *std::move(result);
}

struct AuthorityFixture {
  TemporaryDirectory folder;
  FixedClock clock;
  SystemRandom random;
  std::unique_ptr<store::Store> store = must(store::open_sqlite_store(folder / "antin.sqlite"));
  Key root_key = hsm::software::generate({}).value(), party_key = hsm::software::generate({}).value(),
      government_key = hsm::software::generate({}).value();
  Key officer_keys[2] = {hsm::software::generate({}).value(), hsm::software::generate({}).value()};
  std::optional<issuance::Issuer> root, party, government;
  std::string officers[2];

  authority::Settings settings{.suspension = true};

  authority::Context context() { return {*store, clock, random, nullptr, settings}; }

  static constexpr const char* body = "000.00.99.H36";  // that manages everybody
  static x509::Name name(const std::string& common_name) {
    return x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", common_name}}}).value();
  }
  store::CertificateRecord single(const issuance::Issuer& issuer, const char* issuer_name, const std::string& id,
                                  const std::string& profile, const x509::Name& subject, const Key& key) {
    auto made = authority::issue_single(context(), issuer, issuer_name,
                                        {.request_id = id,
                                         .profile = profile,
                                         .content = {subject, to_bytes(key->public_key_info()), {}, {}},
                                         .key_location = "token",
                                         .key_uri = key->uri(),
                                         .subscriber = {},
                                         .mail = {}});
    INFO((made ? "" : made.error().message));
    REQUIRE(made.has_value());
    return *made;
  }
  issuance::Issuer issuer(const Key& key, const store::CertificateRecord& record) {
    issuance::IssuerIdentity identity;
    identity.crl_url = "http://pki.lamdong.test/v1/crl/" + record.issuer;
    return must(issuance::Issuer::make(key, x509::Certificate::from_der(record.der).value(), identity,
                                       x509::SecondOpinion::full));
  }
  explicit AuthorityFixture(Time start = time_at(2022, 12, 28, 1)) : clock(start) {
    make_root("ceremony/root");
    make_party();
    make_government();
    for (int i = 0; i < 2; ++i) officers[i] = make_officer(i + 1, officer_keys[i]);
  }
  // Nothing but a store: the ceremony is the caller's, in steps.
  struct WithoutCeremony {};
  AuthorityFixture(WithoutCeremony, Time start) : clock(start) {}

  // Issuing CAs that are made later come from the newest root.
  store::CertificateRecord make_root(const std::string& id) {
    root = must(issuance::Issuer::make_root(root_key, name("CA GỐC THỬ NGHIỆM")));
    const auto record = single(*root, "root", id, "root", name("CA GỐC THỬ NGHIỆM"), root_key);
    root = issuer(root_key, record);
    return record;
  }
  store::CertificateRecord make_party() {
    const auto record =
        single(*root, "root", "ceremony/party", "issuing", name("CA THỬ NGHIỆM khối Đảng"), party_key);
    party = issuer(party_key, record);
    return record;
  }
  store::CertificateRecord make_government() {
    const auto record =
        single(*root, "root", "ceremony/government", "issuing", name("CA THỬ NGHIỆM khối Nhà nước"), government_key);
    government = issuer(government_key, record);
    return record;
  }
  // The id of the officer's certificate.
  std::string make_officer(int number, const Key& key) {
    const auto profile = must(issuance::built_in_profile("officer"));
    const auto subject = must(
        profile.subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Cán bộ " + std::to_string(number)}}));
    return single(*government, "government", "ceremony/officer-" + std::to_string(number), "officer", subject, key).id;
  }
  authority::IssuingPlan plan() {
    authority::IssuingPlan made;
    made.issuers = {{"party", &*party}, {"government", &*government}};
    return made;
  }

  static nlohmann::json row(std::uint64_t number, const hsm::SigningKey& key) {
    const auto request = x509::CertificationRequest::make(name("bất kỳ"), key).value();
    return {{"row", number},
            {"code", "P-" + std::to_string(number)},
            {"kind", "personal"},
            {"bloc", number % 2 == 0 ? "party" : "government"},
            {"profile", "personal"},
            {"key", "csr"},
            {"requested_by", body},
            {"fields",
             {{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
              {"ou", "UBND XÃ ĐẠ K' NÀNG"},
              {"cn", "Nguyễn Văn Thử " + std::to_string(number)},
              {"mail", "thu" + std::to_string(number) + "@lamdong.test"}}},
            {"csr", to_base64(request.der())}};
  }
  static std::string file(const std::vector<nlohmann::json>& rows) {
    std::string text = "{\"format\":\"antin-roster-1\",\"name\":\"thử\"}\n";
    for (const auto& one : rows) text += one.dump() + "\n";
    return text;
  }
  static std::vector<nlohmann::json> rows(std::uint64_t count) {
    std::vector<nlohmann::json> made;
    for (std::uint64_t i = 1; i <= count; ++i) made.push_back(row(i, *hsm::software::generate({}).value()));
    return made;
  }
  Bytes submit(const std::string& text) {
    auto hash = authority::submit_roster(context(), authority::read_roster(bytes_of(text)).value(), nullptr, {});
    INFO((hash ? "" : hash.error().message));
    REQUIRE(hash.has_value());
    return *hash;
  }
  void approve(const Bytes& hash) {
    for (int i = 0; i < 2; ++i) REQUIRE(authority::approve(context(), hash, officers[i], *officer_keys[i]).has_value());
  }
};

}  // namespace antin::tests
