// Rows of `antin-roster-2` over the small authority: subscribers who have a certificate, and acts on it.
#pragma once

#include "tests/unit/authority/authority_fixture.h"

namespace antin::tests {

struct LifeFixture : AuthorityFixture {
  std::vector<Key> keys;

  // Subscribers P-1 … P-n have a certificate each.
  explicit LifeFixture(std::uint64_t subscribers, Time start = time_at(2022, 12, 28, 1)) : AuthorityFixture(start) {
    std::vector<nlohmann::json> rows;
    for (std::uint64_t i = 1; i <= subscribers; ++i) {
      keys.push_back(hsm::software::generate({}).value());
      rows.push_back(row(i, *keys.back()));
    }
    if (!rows.empty()) done(file(rows));
  }
  store::CertificateRecord of(const std::string& code) {
    const auto all = must(store->certificates({.subscriber = code}, clock.now()));
    REQUIRE(all.size() == 1);
    return all.front();
  }
  store::CertificateRecord by_id(const std::string& id) { return must(store->certificate(id, clock.now())); }
  // The one that follows.
  store::CertificateRecord after(const store::CertificateRecord& record) {
    const auto next = must(store->successor(record.id, clock.now()));
    REQUIRE(next.has_value());
    return *next;
  }
  // The clock goes to so many days before the certificate ends.
  void go_before_end(const store::CertificateRecord& record, int left) { clock.set(record.not_after - days(left)); }

  static nlohmann::json act(std::uint64_t number, const std::string& act, const store::CertificateRecord& on) {
    return {{"row", number},         {"act", act},
            {"code", on.subscriber}, {"kind", on.kind},
            {"bloc", on.issuer},     {"profile", on.profile},
            {"replaces", on.id},     {"requested_by", "000.00.99.H36"}};
  }
  static nlohmann::json renew(std::uint64_t number, const store::CertificateRecord& on) {
    return act(number, "renew", on);
  }
  static nlohmann::json revoke(std::uint64_t number, const store::CertificateRecord& on,
                               const std::string& reason = "affiliationChanged") {
    auto row = act(number, "revoke", on);
    row["reason"] = reason;
    return row;
  }
  // New content, as the subscriber's first row has it but for the unit.
  static nlohmann::json change(std::uint64_t number, const store::CertificateRecord& on, const std::string& unit) {
    auto row = act(number, "change", on);
    row["fields"] = fields(on, unit);
    return row;
  }
  static nlohmann::json rekey(std::uint64_t number, const store::CertificateRecord& on, const hsm::SigningKey& key) {
    auto row = act(number, "rekey", on);
    row["fields"] = fields(on, "UBND XÃ ĐẠ K' NÀNG");
    row["key"] = "csr";
    row["csr"] = to_base64(x509::CertificationRequest::make(name("bất kỳ"), key).value().der());
    return row;
  }
  static nlohmann::json fields(const store::CertificateRecord& on, const std::string& unit) {
    const std::string number = on.subscriber.substr(2);
    return {{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
            {"ou", unit},
            {"cn", "Nguyễn Văn Thử " + number},
            {"mail", "thu" + number + "@lamdong.test"}};
  }
  static std::string acts(const std::vector<nlohmann::json>& rows) {
    std::string text = "{\"format\":\"antin-roster-2\",\"name\":\"tháng\"}\n";
    for (const auto& one : rows) text += one.dump() + "\n";
    return text;
  }
  std::vector<std::string> rules(const std::string& text) {
    std::vector<std::string> found;
    for (const auto& finding : must(authority::check_roster(context(), must(authority::read_roster(bytes_of(text))))))
      found.push_back(std::to_string(finding.row) + " " + (finding.error ? "" : "note ") + finding.field + " " +
                      finding.rule);
    return found;
  }
  // Errors alone: that the body has no certificate here is a note.
  std::vector<std::string> errors(const std::string& text) {
    auto found = rules(text);
    std::erase_if(found, [](const std::string& rule) { return rule.find(" note ") != std::string::npos; });
    return found;
  }
  Bytes approved(const std::string& text) {
    const Bytes hash = submit(text);
    approve(hash);
    return hash;
  }
  authority::IssueResult done(const std::string& text) {
    return must(authority::issue_roster(context(), approved(text), plan(), {}));
  }
};

}  // namespace antin::tests
