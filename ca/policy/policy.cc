#include "ca/policy/policy.h"

#include <algorithm>

#include "base/digest.h"
#include "ca/policy/embedded_policies.h"

namespace antin::policy {
namespace {

constexpr std::pair<Act, std::string_view> act_names[] = {{Act::issue, "issue"},
                                                          {Act::renew, "renew"},
                                                          {Act::rekey, "rekey"},
                                                          {Act::change, "change"},
                                                          {Act::revoke, "revoke"}};

// The same day so many months later; the month's last day where it has no such day.
Time months_later(Time from, unsigned months) {
  const auto day = std::chrono::floor<days>(from);
  std::chrono::year_month_day date = std::chrono::year_month_day(day) + std::chrono::months(months);
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Time(std::chrono::sys_days(date)) + (from - day);
}

bool is_working_day(std::chrono::sys_days day) {
  const std::chrono::weekday weekday(day);
  return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

void judge_renewal(const Policy& policy, const Request& request, std::vector<Breach>& breaches) {
  if (policy.renewals_at_most && request.renewals >= *policy.renewals_at_most)
    breaches.push_back({"replaces",
                        "roster.renewed_before",
                        {std::to_string(request.renewals), std::to_string(*policy.renewals_at_most), policy.name}});
  if (request.replaced_not_after && *request.replaced_not_after < request.at + days(policy.renewal_days_left))
    breaches.push_back({"replaces",
                        "roster.renewal_too_late",
                        {to_rfc3339(*request.replaced_not_after, vietnam_offset),
                         std::to_string(policy.renewal_days_left), policy.name}});
}

void judge_validity(const Policy& policy, const Request& request, std::vector<Breach>& breaches) {
  if (!request.not_before || !request.not_after) return;
  const std::optional<unsigned> months = policy.rule(request.act).longest_months;
  if (months && *request.not_after > months_later(*request.not_before, *months))
    breaches.push_back({"certificate",
                        "roster.validity_too_long",
                        {to_rfc3339(*request.not_after, vietnam_offset), std::to_string(*months), policy.name}});
  if (!months && request.replaced_not_after && *request.not_after > *request.replaced_not_after)
    breaches.push_back({"certificate",
                        "roster.validity_outlives",
                        {to_rfc3339(*request.not_after, vietnam_offset),
                         to_rfc3339(*request.replaced_not_after, vietnam_offset), policy.name}});
}

}  // namespace

std::string_view to_string(Act act) noexcept {
  for (const auto& [value, name] : act_names)
    if (value == act) return name;
  return "issue";
}

Result<Act> act_named(std::string_view name) {
  for (const auto& [value, known] : act_names)
    if (known == name) return value;
  return fail(ErrorCode::invalid_argument, "act: unknown: " + std::string(name));
}

const Result<std::vector<Policy>>& policies() {
  // They are constants of the program: read once, not for every row of a roster.
  static const Result<std::vector<Policy>> all = []() -> Result<std::vector<Policy>> {
    std::vector<Policy> read;
    for (const std::string_view text : embedded_policies()) {
      ANTIN_TRY(Policy policy, Policy::from_json(text));
      read.push_back(std::move(policy));
    }
    std::ranges::sort(read, {}, &Policy::from);
    return read;
  }();
  return all;
}

Result<Policy> policy_at(Time at) {
  const Result<std::vector<Policy>>& all = policies();
  if (!all) return fail(all.error());
  for (const Policy& policy : *all)
    if (policy.from <= at && (!policy.until || at < *policy.until)) return policy;
  return fail(ErrorCode::not_found, "policy: none is known that was in force at " + to_rfc3339(at));
}

unsigned remind_before(const Policy& policy) noexcept { return std::max(policy.renewal_days_left, policy.remind_days); }

std::optional<Time> latest_end(const Policy& policy, Act act, Time at) {
  const std::optional<unsigned> months = policy.rule(act).longest_months;
  if (!months) return std::nullopt;
  return months_later(at, *months) - days(1);
}

days spread(unsigned over, ByteView roster_hash, std::uint64_t row, std::uint64_t rows, seconds life) {
  const auto tenth = std::chrono::floor<days>(life / 10).count();
  const std::uint64_t most = std::min<std::uint64_t>({over, rows == 0 ? 0 : rows - 1,
                                                      tenth < 0 ? 0 : static_cast<std::uint64_t>(tenth)});
  const Bytes digest = Hasher().update(roster_hash).update(bytes_of("/" + std::to_string(row) + "/spread")).finish();
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8U | digest[i];
  return days(static_cast<days::rep>(number % (most + 1)));
}

Time due(const Policy& policy, Act act, Time received) {
  const Deadline& deadline = policy.rule(act).deadline;
  if (deadline.working_days == 0) return received + hours(deadline.hours);
  auto day = std::chrono::floor<days>(received + vietnam_offset);
  for (unsigned left = deadline.working_days; left > 0;) {
    day += days(1);
    if (is_working_day(day)) --left;
  }
  return Time(day) + days(1) - vietnam_offset;
}

std::vector<Breach> judge(const Policy& policy, const Request& request) {
  std::vector<Breach> breaches;
  // The body asks, never the person whose certificate it is.
  const bool asked = !request.requested_by.empty() && (!request.personal || request.requested_by != request.subscriber);
  if (policy.rule(request.act).by_managing_body && !asked)
    breaches.push_back({"requested_by", "roster.not_by_managing_body", {policy.name}});
  if (request.act == Act::renew) judge_renewal(policy, request, breaches);
  judge_validity(policy, request, breaches);
  return breaches;
}

}  // namespace antin::policy
