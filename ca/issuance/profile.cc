#include "ca/issuance/profile.h"

#include <algorithm>

#include "ca/issuance/profile_content.h"
#include "ca/issuance/profile_json.h"

namespace antin::issuance {
namespace {

constexpr std::pair<CertificateKind, std::string_view> kind_names[] = {
    {CertificateKind::organisation, "organisation"},
    {CertificateKind::personal, "personal"},
    {CertificateKind::device, "device"},
    {CertificateKind::root, "root"},
    {CertificateKind::issuing, "issuing"},
    {CertificateKind::officer, "officer"},
    {CertificateKind::ocsp, "ocsp"},
    {CertificateKind::tsa, "tsa"},
    {CertificateKind::service, "service"},
    {CertificateKind::encryption, "encryption"},
    {CertificateKind::link, "link"},
    {CertificateKind::cross, "cross"},
};

// The same day `years` later; 28 February where the 29th is not.
Time years_later(Time from, int years) {
  const auto day = std::chrono::floor<days>(from);
  std::chrono::year_month_day date = std::chrono::year_month_day(day) + std::chrono::years(years);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Time(std::chrono::sys_days(date)) + (from - day);
}

}  // namespace

std::string_view to_string(CertificateKind kind) noexcept {
  for (const auto& [value, name] : kind_names)
    if (value == kind) return name;
  return "personal";
}

bool is_authority_kind(CertificateKind kind) noexcept {
  return kind == CertificateKind::root || kind == CertificateKind::issuing || kind == CertificateKind::link ||
         kind == CertificateKind::cross;
}

Result<CertificateKind> certificate_kind(std::string_view name) {
  for (const auto& [value, known] : kind_names)
    if (known == name) return value;
  return fail(ErrorCode::invalid_argument, "kind of certificate: unknown: " + std::string(name));
}

Result<Profile> Profile::from_json(std::string_view json) {
  ANTIN_TRY(Content content, read_profile(json));
  return Profile(std::make_shared<const Content>(std::move(content)));
}

const std::string& Profile::name() const noexcept { return content_->name; }
unsigned Profile::version() const noexcept { return content_->version; }
CertificateKind Profile::kind() const noexcept { return content_->kind; }
bool Profile::is_authority() const noexcept { return std::holds_alternative<AuthorityProfile>(content_->rules); }
bool Profile::for_tests() const noexcept { return content_->for_tests; }
bool Profile::takes(hsm::KeyAlgorithm subject_key) const noexcept {
  return !hsm::is_ml_dsa(subject_key) ||
         std::ranges::find(content_->subject_keys, subject_key) != content_->subject_keys.end();
}
std::optional<hsm::KeyAlgorithm> Profile::issuer_key() const noexcept { return content_->issuer_key; }
std::string Profile::digest() const { return content_->digest; }

x509::KeyUsage Profile::key_usage() const { return content_->key_usage; }
std::vector<std::string> Profile::extended_key_usage() const { return content_->extended_key_usage; }

Result<x509::Name> Profile::subject(const std::vector<std::pair<std::string, std::string>>& fields) const {
  const std::string where = "profile " + content_->name;
  std::vector<x509::RelativeName> rdns;
  for (const SubjectPart& part : content_->subject) {
    std::string value = part.value;
    if (!part.field.empty()) {
      const auto found = std::ranges::find(fields, part.field, [](const auto& field) { return field.first; });
      if (found != fields.end()) value = found->second;
      if (value.empty() && part.optional) continue;
      if (value.empty()) return fail(ErrorCode::invalid_argument, where + ": field " + part.field + " is missing");
    }
    const auto checked = x509::Name::from_rdns({{{part.type, value}}});
    if (!checked)
      return fail(ErrorCode::invalid_argument, where + ": " + (part.field.empty() ? part.type : "field " + part.field) +
                                                   ": " + checked.error().message);
    rdns.push_back({{part.type, std::move(value)}});
  }
  return x509::Name::from_rdns(std::move(rdns));
}

std::vector<std::string> Profile::policies() const { return content_->policies; }

Result<Profile::Validity> Profile::validity(Time start, std::optional<Time> issuer_not_after) const {
  const Content& c = *content_;
  Validity out{start - minutes(c.backdate_minutes),
               years_later(start, c.years) + days(c.extra_days) - days(c.less_days)};
  if (!issuer_not_after || out.not_after <= *issuer_not_after) return out;
  if (!c.clip_to_issuer)
    return fail(
        ErrorCode::failed_precondition,
        "profile " + c.name + ": validity would outlive the issuer, which ends at " + to_rfc3339(*issuer_not_after));
  if (*issuer_not_after <= start)
    return fail(ErrorCode::failed_precondition,
                "profile " + c.name + ": the issuer ended at " + to_rfc3339(*issuer_not_after) + ": renew it first");
  out.not_after = *issuer_not_after;
  return out;
}

Result<Profile> built_in_profile(std::string_view name) {
  // They are constants of the program: read and checked against their schema once, not for every row of a roster.
  static const std::vector<Result<Profile>> profiles = [] {
    std::vector<Result<Profile>> read;
    for (const EmbeddedFile& file : embedded_profiles()) read.push_back(Profile::from_json(file.text));
    return read;
  }();
  std::size_t i = 0;
  for (const EmbeddedFile& file : embedded_profiles()) {
    if (file.name == name) return profiles[i];
    ++i;
  }
  std::string all;
  for (const std::string& known : built_in_profile_names()) all += (all.empty() ? "" : ", ") + known;
  return fail(ErrorCode::not_found, "profile: unknown: " + std::string(name) + ": choose one of " + all);
}

std::vector<std::string> built_in_profile_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_profiles()) names.emplace_back(file.name);
  return names;
}

}  // namespace antin::issuance
