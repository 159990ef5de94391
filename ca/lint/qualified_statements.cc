// qcStatements: what is said of a qualified certificate (RFC 3739 §3.2.6, ETSI EN 319 412-5 §4).
#include <algorithm>

#include "ca/lint/base_types.h"
#include "ca/lint/rules.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

namespace der = x509::der;
using namespace types;

constexpr Type kinds = list_of(oid, 1, 1);  // one of signature, seal, web authentication
constexpr Type country = text(Form::printable_string, 2, 2), language = country,
               code_letters = text(Form::printable_string, 3, 3);
constexpr Type countries = list_of(country);
constexpr Field place_fields[] = {{"url", ia5_string}, {"language", language}};
constexpr Type disclosure = record(place_fields);
constexpr Type disclosures = list_of(disclosure);
constexpr Field currency_fields[] = {{"alphabetic", code_letters}, {"numeric", natural}};
constexpr Type currency = choice(currency_fields);
constexpr Field limit_fields[] = {{"currency", currency}, {"amount", integer}, {"exponent", integer}};
constexpr Type limit = record(limit_fields);
constexpr Field semantics_fields[] = {optional("semanticsIdentifier", oid),
                                      optional("nameRegistrationAuthorities", general_names_type)};
constexpr Type semantics = record(semantics_fields);

struct KnownStatement {
  der::OidLiteral oid;
  const Type* information;  // null: absent
  bool may_be_absent = false;
};
constexpr KnownStatement known_statements[] = {
    {"0.4.0.1862.1.1", nullptr},       // QcCompliance
    {"0.4.0.1862.1.2", &limit},        // QcLimitValue
    {"0.4.0.1862.1.3", &natural},      // QcRetentionPeriod
    {"0.4.0.1862.1.4", nullptr},       // QcSSCD
    {"0.4.0.1862.1.5", &disclosures},  // QcPDS
    {"0.4.0.1862.1.6", &kinds},        // QcType
    {"0.4.0.1862.1.7", &countries},    // QcCClegislation
    {"1.3.6.1.5.5.7.11.2", &semantics, true},
};

bool fits(const KnownStatement& known, ByteView information) {
  if (information.empty()) return known.information == nullptr || known.may_be_absent;
  return known.information != nullptr && !check(*known.information, information);
}

void lint_statement(ByteView content, const Place& place, Findings& findings) {
  Elements parts(content);
  const der::Element id = parts.next();
  const ByteView information = parts.more() ? parts.next().whole : ByteView();
  findings.expect(!der::is_oid(id, "1.3.6.1.5.5.7.11.1"), Rule::qualified_statement_version_1, place);
  const auto* known = std::ranges::find_if(known_statements, [&](const auto& one) { return der::is_oid(id, one.oid); });
  findings.expect(known == std::end(known_statements) || fits(*known, information), Rule::qualified_statement_syntax,
                  place);
}

}  // namespace

void lint_qualified_statements(ByteView value, const Place& place, Findings& findings) {
  std::size_t index = 0;
  for (Elements statements(content_of(value)); statements.more(); ++index)
    lint_statement(statements.next().content, {place, index}, findings);
}

}  // namespace antin::lint
