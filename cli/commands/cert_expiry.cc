#include "cli/commands/cert_expiry.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <tuple>

#include "ca/policy/policy.h"
#include "cli/commands/calendar_span.h"
#include "cli/commands/csv.h"
#include "cli/commands/icalendar.h"

namespace antin::commands {
namespace {

void print_csv(Session& session, const std::vector<CertificateRow>& rows) {
  session.out() << utf8_mark
                << csv_line({"id", "serial", "subject", "kind", "status", "key", "issuer", "not_before", "not_after",
                             "profile", "subscriber", "mail"});
  for (const CertificateRow& row : rows)
    session.out() << csv_line({row.id, row.serial, row.subject, row.kind, std::string(to_string(row.status)), row.key,
                               row.issuer, for_people(row.not_before), for_people(row.not_after), row.profile,
                               row.subscriber, row.mail});
}

// What the policy of today asks of a renewal, in words; a calendar that is older than the oldest policy just reminds.
std::string renewal_words(const Session& session, const Result<policy::Policy>& policy) {
  if (!policy) return "";
  if (policy->renewal_days_left == 0) return session.text("cert.ics_renewal", {policy->title});
  return session.text("cert.ics_renewal_days", {std::to_string(policy->renewal_days_left), policy->title});
}

CalendarDay day_of(const Session& session, const CertificateRow& row, const Result<policy::Policy>& policy) {
  const auto day = std::chrono::floor<days>(row.not_after + vietnam_offset);
  return {
      .uid = row.id + "@antin",
      .date = std::chrono::year_month_day{day},
      .summary = session.text("cert.ics_summary", {row.subject}),
      .description = session.text("cert.ics_description", {row.id, row.serial, row.issuer, row.subscriber, row.mail,
                                                           for_people(row.not_after), renewal_words(session, policy)}),
      .alarm_days_before = policy ? policy::remind_before(*policy) : 0};
}

void print_calendar(Session& session, const std::vector<CertificateRow>& rows) {
  const Result<policy::Policy> policy = policy::policy_at(session.now());
  std::vector<CalendarDay> events;
  for (const CertificateRow& row : rows) events.push_back(day_of(session, row, policy));
  session.out() << icalendar(events, session.now());
}

void print_json(Session& session, const std::vector<CertificateRow>& rows) {
  Json all = Json::array();
  for (const CertificateRow& row : rows) all.push_back(row_value(row));
  session.print(all);
}

void say_lines(Session& session, const std::vector<CertificateRow>& rows, bool with_end) {
  for (const CertificateRow& row : rows) {
    std::vector<std::string> words{row.id, session.text("cert.status." + std::string(to_string(row.status))), row.kind,
                                   row.subject};
    if (with_end) words.push_back(for_people(row.not_after));
    session.say(with_end ? "cert.line_until" : "cert.line", words);
  }
  session.say("cert.count", {std::to_string(rows.size())});
}

}  // namespace

Result<std::optional<Time>> expiring_until(const Session& session, const ListForm& form, const std::string& status) {
  if (form.csv && form.ics) return fail(ErrorCode::invalid_argument, "--csv does not go with --ics");
  if (session.json && (form.csv || form.ics))
    return fail(ErrorCode::invalid_argument, "--json does not go with --csv or --ics");
  if (form.expiring == "all") return std::nullopt;
  if (!status.empty() && status != "valid")
    return fail(ErrorCode::invalid_argument, "--expiring lists what is valid: leave --status out");
  ANTIN_TRY(const CalendarSpan span, in("--expiring", read_calendar_span(form.expiring)));
  return after(session.now(), span);
}

std::vector<CertificateRow> expiring(std::vector<CertificateRow> rows, Time now, Time until) {
  std::erase_if(rows, [&](const CertificateRow& row) {
    return row.status != store::CertificateStatus::valid || row.not_before > now || row.not_after < now ||
           row.not_after > until;
  });
  std::ranges::sort(rows, {}, [](const CertificateRow& row) { return std::tie(row.not_after, row.id); });
  return rows;
}

Result<ExitCode> say_rows(Session& session, const std::vector<CertificateRow>& rows, const ListForm& form) {
  if (form.csv) {
    print_csv(session, rows);
  } else if (form.ics) {
    print_calendar(session, rows);
  } else if (session.json) {
    print_json(session, rows);
  } else {
    say_lines(session, rows, form.expiring != "all");
  }
  return exit_done;
}

}  // namespace antin::commands
