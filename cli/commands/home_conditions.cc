#include "cli/commands/home_conditions.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/role_register.h"
#include "ca/authority/roster_due.h"
#include "cli/commands/backup_steps.h"
#include "cli/commands/ca_session.h"
#include "cli/wiring/disk_space.h"

namespace antin::commands {
namespace {

using authority::RoleRegister;

constexpr days forgotten{90};  // a roster that nobody approved for so long is not waited for any more

std::string days_between(Time from, Time to) { return std::to_string(std::chrono::floor<days>(to - from).count()); }

class Conditions {
 public:
  Conditions(Session& session, OpenHome& home) : session_(session), home_(home), now_(session.now()) {}

  Status collect() {
    ANTIN_TRY(const std::vector<std::string> names, issuers_in_service(session_, home_, {}));
    for (const std::string& name : names) ANTIN_CHECK(add_list(name));
    ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home_.store, now_));
    for (const std::string& name : names) add_authority(roles.issuers(), name);
    add_deciding(roles);
    add_officers(roles);
    ANTIN_CHECK(add_service());
    ANTIN_CHECK(add_intents());
    ANTIN_CHECK(add_rosters());
    ANTIN_CHECK(add_backup());
    ANTIN_CHECK(add_disk());
    return add_clock();
  }
  std::vector<Condition> take() { return std::move(all_); }

 private:
  void add(std::string what, std::string of, Need need, std::string message, std::vector<std::string> arguments,
           std::optional<Time> until = std::nullopt) {
    all_.push_back({std::move(what), std::move(of), need, std::move(message), std::move(arguments), until});
  }

  // A list is renewed at half of its life: one that is older waits for somebody.
  Status add_list(const std::string& name) {
    ANTIN_TRY(const auto last, home_.store->last_crl(name));
    if (!last || last->sha256.empty()) {
      add("crl", name, Need::alarm, "status.crl_missing", {name});
      return {};
    }
    const std::vector<std::string> words{name, std::to_string(last->number), for_people(last->next_update)};
    const seconds life = last->next_update - last->this_update;
    const Result<Bytes> published = read_file(session_.home.crl(name));
    if (!published || !equal(sha256(*published), last->sha256))
      add("crl", name, Need::alarm, "status.crl_not_published", words, last->next_update);
    else if (last->next_update < now_)
      add("crl", name, Need::alarm, "status.crl_over", words, last->next_update);
    else if (now_ >= last->this_update + life / 2)
      add("crl", name, last->next_update - now_ < life / 8 ? Need::alarm : Need::warning, "status.crl_due", words,
          last->next_update);
    else
      add("crl", name, Need::none, "status.crl", words, last->next_update);
    return {};
  }

  void add_authority(const authority::IssuerRegister& issuers, const std::string& name) {
    const authority::RegisteredIssuer* issuer = issuers.find(name);
    if (issuer == nullptr || !issuer->certificate) return;
    const Time end = issuer->certificate->not_after();
    const auto followed = issuers.issues_until(name);
    const Need need = followed && *followed <= now_ ? Need::none : need_of_end(end, now_);
    add("ca", name, need, end < now_ ? "status.ca_over" : "status.ca", {name, for_people(end), days_between(now_, end)},
        end);
  }

  // Until when as many as decide are valid.
  void add_deciding(const RoleRegister& roles) {
    std::set<Time> moments{now_};
    for (const authority::RoleHolder& holder : roles.holders())
      if (const auto end = end_of(holder); end && *end >= now_) moments.insert(*end + seconds(1));
    const unsigned required = home_.config.required_approvals;
    const std::string able = std::to_string(roles.officers_at(now_)), needed = std::to_string(required);
    for (const Time at : moments) {
      if (roles.officers_at(at) >= required) continue;
      const bool already = at == now_;
      add("officers", "", already ? Need::alarm : need_of_end(at, now_),
          already ? "status.officers_too_few" : "status.officers",
          {able, needed, for_people(at), days_between(now_, at)}, at);
      return;
    }
  }

  // Those who are certified anew, or are more than are needed when their certificate is over, need nobody's hands.
  void add_officers(const RoleRegister& roles) {
    std::map<std::string, Time> last;  // by subject
    for (const authority::RoleHolder& holder : roles.holders())
      if (const auto end = end_of(holder)) last[holder.subject] = std::max(last[holder.subject], *end);
    const bool enough = roles.officers_at(now_) >= home_.config.required_approvals;
    for (const authority::RoleHolder& holder : roles.holders()) {
      const auto end = end_of(holder);
      if (!end || *end < last[holder.subject]) continue;
      const Need need = *end < now_ && enough ? Need::none : need_of_end(*end, now_);
      add("officer", holder.certificate_id, need, *end < now_ ? "status.officer_over" : "status.officer",
          {holder.subject, for_people(*end), days_between(now_, *end)}, *end);
    }
  }

  // Of an officer who is not revoked or suspended; none of other roles.
  std::optional<Time> end_of(const authority::RoleHolder& holder) {
    if (holder.role != authority::Role::officer) return std::nullopt;
    const auto record = home_.store->certificate(holder.certificate_id, now_);
    if (!record || record->status == store::CertificateStatus::revoked ||
        record->status == store::CertificateStatus::suspended)
      return std::nullopt;
    return record->not_after;
  }

  Status add_service() {
    ANTIN_TRY(const auto records, home_.store->certificates({.kind = "service"}, now_));
    const store::CertificateRecord* last = nullptr;
    for (const store::CertificateRecord& record : records)
      if (record.status != store::CertificateStatus::revoked && (last == nullptr || record.not_after > last->not_after))
        last = &record;
    if (last == nullptr) return {};
    add("service", last->id, need_of_end(last->not_after, now_),
        last->not_after < now_ ? "status.service_over" : "status.service",
        {last->subject, for_people(last->not_after), days_between(now_, last->not_after)}, last->not_after);
    return {};
  }

  Status add_intents() {
    ANTIN_TRY(const auto open, home_.store->open_intents());
    add("intents", "", open.empty() ? Need::none : Need::warning, open.empty() ? "status.no_intents" : "status.intents",
        {std::to_string(open.size())});
    return {};
  }

  Status add_rosters() {
    ANTIN_TRY(const auto rosters, home_.store->rosters());
    for (const store::RosterRecord& roster : rosters) {
      if (roster.issued == roster.rows || roster.submitted_at + forgotten < now_) continue;
      ANTIN_TRY(const auto due, authority::roster_due(home_.context(session_), roster));
      const bool late = due && due->at < now_;
      add("roster", to_hex(roster.hash), late ? Need::alarm : Need::soon, late ? "status.roster_late" : "status.roster",
          {roster.name, std::to_string(roster.rows - roster.issued), due ? for_people(due->at) : "-"},
          due ? std::optional(due->at) : std::nullopt);
    }
    return {};
  }

  Status add_backup() {
    ANTIN_TRY(const std::optional<Time> last, last_backup(*home_.store));
    const Path ship = ship_folder(home_.config);
    std::error_code error;
    if (!ship.empty() && !std::filesystem::is_directory(ship, error))
      add("backup", "ship", Need::alarm, "status.ship_missing", {ship.string()});
    if (!last) {
      add("backup", "", Need::warning, "status.backup_never", {});
      return {};
    }
    const seconds age = now_ - *last;
    const Need need = age > days(30) ? Need::alarm : age > days(7) ? Need::warning : Need::none;
    add("backup", "", need, "status.backup", {for_people(*last), days_between(*last, now_)}, *last + days(7));
    return {};
  }

  Status add_disk() {
    ANTIN_TRY(const wiring::DiskSpace space, wiring::disk_space(session_.home, home_.config));
    const Need need = space.low() ? Need::alarm : space.free_mb / 2 < space.least_mb ? Need::warning : Need::none;
    add("disk", "", need, space.low() ? "status.disk_low" : "status.disk",
        {std::to_string(space.free_mb), std::to_string(space.least_mb)});
    return {};
  }

  Status add_clock() {
    const Status right = authority::check_clock(*home_.store, now_);
    if (!right) add("clock", "", Need::alarm, "status.clock", {session_.words(right.error().message)});
    return {};
  }

  Session& session_;
  OpenHome& home_;
  Time now_;
  std::vector<Condition> all_;
};

}  // namespace

std::string_view to_string(Need need) noexcept {
  switch (need) {
    case Need::none:
      return "none";
    case Need::soon:
      return "soon";
    case Need::warning:
      return "warning";
    case Need::alarm:
      break;
  }
  return "alarm";
}

Need need_of_end(Time until, Time now) noexcept {
  if (until <= now + days(7)) return Need::alarm;
  if (until <= now + days(30)) return Need::warning;
  return until <= now + days(90) ? Need::soon : Need::none;
}

Result<std::vector<Condition>> home_conditions(Session& session, OpenHome& home) {
  Conditions conditions(session, home);
  ANTIN_CHECK(conditions.collect());
  return conditions.take();
}

}  // namespace antin::commands
