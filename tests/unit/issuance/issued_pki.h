// IssuedPki: a root, an issuing authority and what it needs to issue, made with our own builder, linter and issuer.
#pragma once

#include <stdexcept>

#include "ca/issuance/issuer.h"
#include "tests/unit/x509/test_key.h"

namespace antin::tests {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

inline x509::SerialNumber random_serial() {
  SystemRandom source;
  return must(x509::SerialNumber::random(source));
}

using Fields = std::vector<std::pair<std::string, std::string>>;

inline Result<x509::Certificate> issue(const issuance::Issuer& issuer, const issuance::Profile& profile,
                                       const Fields& fields, ByteView key, std::vector<std::string> mails = {},
                                       std::vector<std::string> dns = {}, Time start = time_at(2022, 12, 28)) {
  ANTIN_TRY(x509::Name subject, profile.subject(fields));
  ANTIN_TRY(const auto validity, profile.validity(start, issuer.identity().not_after));
  const issuance::SubjectContent content{std::move(subject), to_bytes(key), std::move(mails), std::move(dns)};
  ANTIN_TRY(auto tbs, build_tbs(profile, content, issuer.identity(), random_serial(), validity));
  ANTIN_TRY(auto linted, issuance::lint(std::move(tbs), profile.kind()));
  return issuer.sign(std::move(linted));
}

struct IssuedPki {
  explicit IssuedPki(EvpPkeyPtr issuing = make_ec_key(), x509::SecondOpinion how = x509::SecondOpinion::full,
                     Time start = time_at(2022, 12, 28))
      : root_key(std::make_shared<TestKey>(make_ec_key("P-384"))),
        ca_key(std::make_shared<TestKey>(std::move(issuing))) {
    const auto root_profile = must(issuance::built_in_profile("root"));
    const auto bare = must(issuance::Issuer::make_root(
        root_key, must(root_profile.subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"cn", "GỐC THỬ NGHIỆM"}}))));
    const auto root_certificate = must(issue(bare, root_profile, {{"o", "DỮ LIỆU GIẢ LẬP"}, {"cn", "GỐC THỬ NGHIỆM"}},
                                             root_key->public_key_info(), {}, {}, start));
    root.emplace(must(issuance::Issuer::make(root_key, root_certificate, identity(*root_key, "root"), how)));
    const auto ca_certificate = must(issue(*root, must(issuance::built_in_profile("issuing")),
                                           {{"o", "DỮ LIỆU GIẢ LẬP"}, {"cn", "CA THỬ NGHIỆM khối Nhà nước"}},
                                           ca_key->public_key_info(), {}, {}, start));
    ca.emplace(must(issuance::Issuer::make(ca_key, ca_certificate, identity(*ca_key, "government"), how)));
  }
  static issuance::IssuerIdentity identity(const hsm::SigningKey& key, const std::string& name) {
    issuance::IssuerIdentity out;
    out.scheme = hsm::default_scheme(key.algorithm());
    out.crl_url = "http://pki.lamdong.test/crl/" + name + ".crl";
    out.certificate_url = "http://pki.lamdong.test/ca/" + name + ".cer";
    return out;
  }

  std::shared_ptr<TestKey> root_key, ca_key;
  std::optional<issuance::Issuer> root, ca;
};

}  // namespace antin::tests
