#include <algorithm>
#include <set>

#include "tests/catch.h"
#include "tests/unit/lint/answer_builder.h"

using namespace antin;
using namespace antin::tests;

namespace {

std::string text_of(const lint::Findings& findings) {
  std::string text;
  for (const lint::Finding& one : findings.list())
    text += "\n  " + std::string(lint::facts(one.rule).id) + " at " + one.where + " " + one.detail;
  return text;
}

std::vector<Row> all_rows() {
  std::vector<Row> rows;
  for (auto more :
       {certificate_rows(), name_rows(), key_rows(), extension_rows(), list_rows(), status_rows(), token_rows()})
    for (Row& row : more) rows.push_back(std::move(row));
  return rows;
}

}  // namespace

TEST_CASE("a good certificate and a good list with every extension have no finding") {
  for (const lint::Findings& findings : {lint::certificate(good_leaf().der()), lint::tbs_certificate(good_leaf().tbs()),
                                         lint::certificate(good_authority().der()), lint::crl(good_list().der())}) {
    INFO(text_of(findings));
    CHECK(findings.list().empty());
  }
}

TEST_CASE("each rule finds its own fault") {
  for (const Row& row : all_rows()) {
    const lint::Findings findings = row.lint();
    INFO(lint::facts(row.rule).id << " <-" << text_of(findings));
    CHECK(findings.has(row.rule));
  }
}

TEST_CASE("no rule is without an example that breaks it") {
  std::set<lint::Rule> broken;
  for (const Row& row : all_rows()) broken.insert(row.rule);
  for (const lint::RuleFacts& rule : lint::all_rules) {
    INFO(rule.id);
    CHECK(broken.contains(rule.rule));
    CHECK_FALSE(rule.source.empty());
  }
}

TEST_CASE("a finding says where, and repeats nothing of the certificate") {
  CertificateParts parts = good_leaf();
  parts.extensions.set_value("2.5.29.17", der::sequence({implicit(1, "secret person@lamdong.test")}));
  const lint::Findings findings = lint::certificate(parts.der());
  REQUIRE(findings.list().size() == 1);
  CHECK(findings.list()[0].where == "certificate.tbsCertificate.extensions.9.0.rfc822Name");
  CHECK(findings.summary() == "mail_syntax at certificate.tbsCertificate.extensions.9.0.rfc822Name");
  CHECK_FALSE(findings.acceptable());
}

TEST_CASE("a report is bounded, its severities are counted whole") {
  CertificateParts parts = good_leaf();
  Bytes names;
  for (int i = 0; i < 300; ++i) append(names, implicit(2, "localhost"));
  parts.extensions.set_value("2.5.29.17", der::tlv(der::sequence_tag, names));
  const lint::Findings findings = lint::certificate(parts.der());
  CHECK(findings.list().size() == lint::Findings::most);
  CHECK(findings.count(lint::Severity::error) == 300);
}

TEST_CASE("a certificate or list that is cut cannot be read") {
  const Bytes certificate = good_leaf().der(), crl = good_list().der();
  for (std::size_t size = 0; size < certificate.size(); ++size)
    REQUIRE(lint::certificate(ByteView(certificate).first(size)).has(lint::Rule::certificate_syntax));
  for (std::size_t size = 0; size < crl.size(); ++size)
    REQUIRE(lint::crl(ByteView(crl).first(size)).has(lint::Rule::crl_syntax));
}

TEST_CASE("the entries of a large list are looked at one by one") {
  ListParts parts = good_list();
  parts.entries.clear();
  for (std::uint64_t serial = 1; serial <= lint::whole_list + 1; ++serial) parts.entries.push_back(entry(serial));
  CHECK(lint::crl(parts.der()).list().empty());
  parts.entries.push_back(entry(0));
  CHECK(lint::crl(parts.der()).has(lint::Rule::serial_range));
}
