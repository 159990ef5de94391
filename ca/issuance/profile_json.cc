#include "ca/issuance/profile_json.h"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/x509/der.h"

namespace antin::issuance {
namespace {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

constexpr std::size_t largest = 64U << 10;
constexpr int deepest = 16;
constexpr std::size_t longest_text =
    1024;  // std::regex, which the schema's patterns run on, recurses for every character

std::unexpected<Error> refuse(const std::string& why) { return fail(ErrorCode::invalid_argument, "profile: " + why); }

// The schema, read once for the process: it is a constant.
const valijson::Schema& schema() {
  static const auto parsed = [] {
    auto out = std::make_unique<valijson::Schema>();
    const json document = json::parse(embedded_profile_schema);
    valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(NlohmannJsonAdapter(document), *out);
    return out;
  }();
  return *parsed;
}

// The JSON pointer of where, and what, of the finding that says most: the deepest.
std::string explain(valijson::ValidationResults& results) {
  std::string where, what;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    std::string pointer;
    for (const std::string& step : error.context) {
      std::string name = step.starts_with('[') ? step.substr(1, step.size() - 2) : step;
      if (step == "<root>") continue;
      pointer += "/" + name;
    }
    if (!what.empty() && pointer.size() < where.size()) continue;
    where = pointer;
    what = error.description;
  }
  return (where.empty() ? "/" : where) + ": " + what;
}

Status check_schema(const json& document) {
  valijson::Validator validator;
  valijson::ValidationResults results;
  if (validator.validate(schema(), NlohmannJsonAdapter(document), &results)) return {};
  return refuse(explain(results));
}

// A document whose keys are unique: nlohmann would silently take the last of two.
Result<json> parse(std::string_view text) {
  if (text.size() > largest) return refuse("larger than 64 KiB");
  if (!is_utf8(text)) return refuse("is not UTF-8");
  std::vector<std::vector<std::string>> keys;
  std::string twice;
  bool too_deep = false, too_long = false;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (depth > deepest) too_deep = true;
    if (value.is_string() && value.get_ref<const std::string&>().size() > longest_text) too_long = true;
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.empty()) {
      const auto name = value.get<std::string>();
      if (std::find(keys.back().begin(), keys.back().end(), name) != keys.back().end()) twice = name;
      keys.back().push_back(name);
    }
    return !too_deep;
  };
  json document = json::parse(text, watch, false);
  if (too_deep) return refuse("nested too deeply");
  if (too_long) return refuse("has a text of more than 1024 octets");
  if (document.is_discarded()) return refuse("is not JSON");
  if (!twice.empty()) return refuse("/" + twice + ": is there twice");
  return document;
}

Result<std::vector<SubjectPart>> read_subject(const json& list) {
  std::vector<SubjectPart> parts;
  for (const json& one : list) {
    SubjectPart part{one.at("type").get<std::string>(), one.value("value", std::string()),
                     one.value("field", std::string()), one.value("optional", false)};
    const auto probe = x509::Name::from_rdns({{{part.type, part.type == "C"     ? "VN"
                                                           : part.value.empty() ? "a"
                                                                                : part.value}}});
    if (!probe) return refuse("/subject/" + std::to_string(parts.size()) + ": " + probe.error().message);
    parts.push_back(std::move(part));
  }
  return parts;
}

x509::KeyUsage read_key_usage(const json& list) {
  x509::KeyUsage usage;
  for (const json& one : list) {
    const auto name = one.get<std::string>();
    if (name == "digitalSignature") usage.digital_signature = true;
    if (name == "nonRepudiation") usage.non_repudiation = true;
    if (name == "keyEncipherment") usage.key_encipherment = true;
    if (name == "dataEncipherment") usage.data_encipherment = true;
    if (name == "keyAgreement") usage.key_agreement = true;
    if (name == "keyCertSign") usage.key_cert_sign = true;
    if (name == "cRLSign") usage.crl_sign = true;
  }
  return usage;
}

Result<std::vector<std::string>> read_oids(const json& document, const char* member) {
  auto oids = document.value(member, std::vector<std::string>());
  for (std::size_t i = 0; i < oids.size(); ++i)
    if (!x509::der::oid_from_text(oids[i]))
      return refuse("/" + std::string(member) + "/" + std::to_string(i) + ": is not an object identifier");
  return oids;
}

Wanted read_wanted(const json& value) {
  const auto word = value.get<std::string>();
  return word == "required" ? Wanted::required : word == "optional" ? Wanted::optional : Wanted::forbidden;
}

void read_validity(const json& validity, Profile::Content& content) {
  content.years = validity.at("years").get<int>();
  content.extra_days = validity.value("days", 0);
  content.less_days = validity.value("less_days", 0);
  content.backdate_minutes = validity.value("backdate_minutes", 0);
  content.clip_to_issuer = validity.value("clip_to_issuer", false);
}

void read_rules(const json& document, Profile::Content& content) {
  if (document.contains("authority")) {
    AuthorityProfile authority;
    const json& rules = document.at("authority");
    if (rules.contains("path_length")) authority.path_length = rules.at("path_length").get<unsigned>();
    content.rules = authority;
    return;
  }
  const json& rules = document.at("leaf");
  content.rules =
      LeafProfile{read_wanted(rules.at("mail")), read_wanted(rules.at("dns")), rules.value("ocsp_no_check", false)};
}

// The schema has seen to it that it is one of those that it wants.
std::optional<hsm::KeyAlgorithm> key_algorithm_named(const json& name) {
  using enum hsm::KeyAlgorithm;
  for (const auto algorithm : {rsa, ec_p256, ec_p384, ml_dsa_44, ml_dsa_65, ml_dsa_87})
    if (name == hsm::to_string(algorithm)) return algorithm;
  return std::nullopt;
}

// What such a certificate hands over is decided with each of them.
Status check_cross(const Profile::Content& content) {
  const auto* authority = std::get_if<AuthorityProfile>(&content.rules);
  if (content.kind != CertificateKind::cross || authority == nullptr) return {};
  if (!authority->path_length && content.policies.empty()) return {};
  return refuse("path length and policies of a cross certificate are decided with it, not by its profile");
}

Result<Profile::Content> read_document(const json& document) {
  Profile::Content content;
  content.name = document.at("name").get<std::string>();
  content.version = document.at("version").get<unsigned>();
  ANTIN_TRY(content.kind, certificate_kind(document.at("kind").get<std::string>()));
  content.for_tests = document.value("test", false);
  content.digest = to_hex(sha256(bytes_of(document.dump())));
  ANTIN_TRY(content.subject, read_subject(document.at("subject")));
  read_validity(document.at("validity"), content);
  if (content.years * 365 + content.extra_days <= content.less_days) return refuse("/validity: nothing is left of it");
  content.key_usage = read_key_usage(document.at("key_usage"));
  ANTIN_TRY(content.extended_key_usage, read_oids(document, "extended_key_usage"));
  content.extended_key_usage_critical = document.value("extended_key_usage_critical", false);
  ANTIN_TRY(content.policies, read_oids(document, "policies"));
  if (document.contains("issuer_key")) content.issuer_key = key_algorithm_named(document.at("issuer_key"));
  for (const json& one : document.value("subject_keys", json::array()))
    if (const auto algorithm = key_algorithm_named(one)) content.subject_keys.push_back(*algorithm);
  content.subject_key_id = document.at("subject_key_id") == "sha1" ? KeyIdMethod::sha1 : KeyIdMethod::sha256_160;
  read_rules(document, content);
  ANTIN_CHECK(check_cross(content));
  return content;
}

}  // namespace

Result<Profile::Content> read_profile(std::string_view text) {
  try {
    ANTIN_TRY(const json document, parse(text));
    ANTIN_CHECK(check_schema(document));
    return read_document(document);
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

}  // namespace antin::issuance
