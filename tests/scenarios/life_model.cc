#include "tests/scenarios/life_model.h"

#include <algorithm>

namespace antin::life {
namespace {

using std::chrono::days;

// Decree 68/2024 replaces 130/2018 on 15 August 2024, in Vietnam.
bool under_old_decree(Moment asked) {
  using namespace std::chrono;
  return asked < sys_days(2024y / August / 15) - hours(7);
}

Moment years_later(Moment from, unsigned count) {
  const auto day = std::chrono::floor<days>(from);
  std::chrono::year_month_day date(day);
  date += std::chrono::years(static_cast<int>(count));
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return Moment(std::chrono::sys_days(date)) + (from - day);
}

}  // namespace

State Certificate::state(Moment now) const {
  if (last == Last::revoked) return State::revoked;
  if (now > until) return State::expired;
  return last == Last::suspended ? State::suspended : State::valid;
}

bool Roster::done() const { return std::ranges::all_of(rows, &Row::done); }

bool Model::clock_stands(Moment now) const { return !last_act || now + std::chrono::seconds(15) >= *last_act; }

bool Model::is_compromised(Place key) const {
  return std::ranges::any_of(certificates, [&](const Certificate& one) {
    return one.key == key && one.last == Certificate::Last::revoked && one.reason == "keyCompromise";
  });
}

// A key is one person's; a new certificate for it needs the same subject, and a rekey a key that nobody has.
bool Model::key_is_good(const Row& row) const {
  if (blocked.contains(row.key) || is_compromised(row.key)) return false;
  return std::ranges::none_of(certificates, [&](const Certificate& one) {
    if (one.key != row.key) return false;
    if (row.act == Act::issue) return one.person != Person{row.code, row.unit};
    return row.act == Act::rekey || one.person.code != row.code;
  });
}

// Counted since the key was new: a change keeps it.
unsigned Model::renewals(Place certificate) const {
  unsigned count = 0;
  for (const Certificate* one = &certificates[certificate]; one->act && *one->act != Act::rekey;
       one = &certificates[*one->predecessor]) {
    if (*one->act == Act::issue) break;
    if (*one->act == Act::renew) ++count;
  }
  return count;
}

bool Model::may_renew(const Row& row, const Certificate& old, Moment asked) const {
  if (!under_old_decree(asked)) return true;
  return renewals(*row.replaces) == 0 && old.until >= asked + days(60);
}

bool Model::may_do(const Row& row, Moment asked, Moment now) const {
  if (row.asked_by.empty() || row.asked_by == row.code) return false;
  if (row.act == Act::issue) return key_is_good(row);
  if (!row.replaces) return false;
  const Certificate& old = certificates[*row.replaces];
  if (old.person.code != row.code || old.kind != "personal") return false;
  if (row.invalid_since && *row.invalid_since > now) return false;
  const State state = old.state(now);
  if (row.act == Act::revoke) return (state == State::valid || state == State::suspended) && old.bloc == row.bloc;
  if (state != State::valid || old.successor) return false;
  if (!key_is_good(row)) return false;
  const bool other_content = old.person.unit != row.unit || old.bloc != row.bloc;
  if (row.act == Act::renew) return old.bloc == row.bloc && may_renew(row, old, asked);
  if (row.act == Act::change) return other_content;
  return !other_content || row.reason.has_value();
}

bool Model::may_issue(const Row& row, Moment asked, Moment now) const {
  if (!may_do(row, asked, now)) return false;
  if (row.act == Act::revoke) return true;
  const Generation* by = issuing(row.bloc, now);
  return by != nullptr && certificates[*by->certificate].until > now;
}

bool Model::may_submit(const std::vector<Row>& rows, Moment now) const {
  std::set<std::string> codes;
  std::set<Place> replaced, keys;
  for (const Row& row : rows) {
    if (row.act != Act::revoke && (!codes.insert(row.code).second || !keys.insert(row.key).second)) return false;
    if (row.replaces && !replaced.insert(*row.replaces).second) return false;
    if (!may_do(row, now, now)) return false;
  }
  return true;
}

bool Model::may_approve(Place officer, Moment now) const {
  return officers.contains(officer) && certificates[officer].state(now) == State::valid;
}

std::size_t Model::approvals(const Roster& roster, Moment now) const {
  std::set<std::string> persons;
  for (const Place officer : roster.approved_by)
    if (may_approve(officer, now)) persons.insert(certificates[officer].person.code);
  return persons.size();
}

std::set<std::string> Model::officers_now(Moment now, std::optional<Place> without) const {
  std::set<std::string> persons;
  for (const Place officer : officers)
    if (officer != without && may_approve(officer, now)) persons.insert(certificates[officer].person.code);
  return persons;
}

const Generation* Model::generation(const std::string& name) const {
  const auto found = std::ranges::find(generations, name, &Generation::name);
  return found == generations.end() ? nullptr : &*found;
}

// A later one of a bloc never begins before an earlier one.
const Generation* Model::issuing(const std::string& bloc, Moment now) const {
  const Generation* newest = nullptr;
  for (const Generation& one : generations) {
    const bool ready = one.in_service && one.from <= now;
    if (ready && one.bloc == bloc && (issuer_key.empty() || issuer_key == one.algorithm)) newest = &one;
  }
  return newest;
}

Generation Model::next_generation(const std::string& bloc) const {
  Generation next{.bloc = bloc};
  std::size_t count = 0;
  for (const Generation& one : generations)
    if (one.bloc == bloc) {
      next.follows = one.name;
      ++count;
    }
  next.name = bloc + "-" + std::to_string(count + 1);
  return next;
}

// The next one of its bloc, after one in service, with a key that no other has.
bool Model::may_follow(const Generation& wanted) const {
  const Generation next = next_generation(wanted.bloc);
  if (wanted.name != next.name || wanted.follows != next.follows) return false;
  const Generation* before = generation(wanted.follows);
  if (!before->in_service || wanted.from < before->from) return false;
  return std::ranges::none_of(generations, [&](const Generation& one) { return one.key == wanted.key; });
}

bool Model::may_propose(const Proposal& proposal, Moment now) const {
  if (proposal.generation) return may_follow(*proposal.generation);
  if (!proposal.officer) return proposal.version > version;
  const Certificate& one = certificates[*proposal.officer];
  const bool held = officers.contains(*proposal.officer);
  const bool person = one.kind == "personal" || one.kind == "officer";
  if (proposal.grant) return !held && person && one.state(now) == State::valid;
  if (!held) return false;
  return !may_approve(*proposal.officer, now) || officers_now(now, proposal.officer).size() >= required;
}

bool Model::is_complete(const Proposal& proposal) const {
  std::set<std::string> persons;
  for (const Place officer : proposal.approved_by) persons.insert(certificates[officer].person.code);
  return persons.size() >= required;
}

void Model::put_in_force(Proposal& proposal) {
  proposal.in_force = true;
  if (proposal.generation) {
    generations.push_back(*proposal.generation);
  } else if (!proposal.officer) {
    years = proposal.years;
    version = proposal.version;
    issuer_key = proposal.issuer_key;
  } else if (proposal.grant) {
    officers.insert(*proposal.officer);
  } else {
    officers.erase(*proposal.officer);
  }
}

Moment Model::longest(const Row& row, Moment asked, Moment now) const {
  (void)asked;  // both decrees have the same lengths
  Moment end = std::min(years_later(now, years), certificates[*issuing(row.bloc, now)->certificate].until);
  if (row.act == Act::renew) return std::min(end, years_later(now, 3));
  if (row.act == Act::change) return std::min(end, certificates[*row.replaces].until);
  return std::min(end, years_later(now, 5));
}

std::chrono::days Model::spread(const Roster& roster, const Row& row) const {
  if (under_old_decree(roster.submitted) || row.act == Act::change) return {};
  return std::chrono::days(std::min<std::size_t>(60, roster.rows.size() - 1));
}

// RFC 5280 section 3.3: an entry stays until it stood on a list that was issued after the certificate's end.
std::set<Place> Model::listed(const std::string& issuer) const {
  std::set<Place> entries;
  const auto before = lists.find(issuer);
  for (Place i = 0; i < certificates.size(); ++i) {
    const Certificate& one = certificates[i];
    if (one.issuer != issuer || one.last == Certificate::Last::nothing) continue;
    if (before == lists.end() || before->second.issued <= one.until) entries.insert(i);
  }
  return entries;
}

void Model::record(Moment now) { last_act = last_act ? std::max(*last_act, now) : now; }

void Model::end(Place certificate, const std::string& reason, std::optional<Moment> since, Moment now) {
  Certificate& one = certificates[certificate];
  one.last = Certificate::Last::revoked;
  one.reason = reason;
  one.at = now;
  one.invalid_since = since;
  ++one.events;
}

void Model::suspend(Place certificate, Moment now) {
  end(certificate, "certificateHold", std::nullopt, now);
  certificates[certificate].last = Certificate::Last::suspended;
}

void Model::resume(Place certificate, Moment now) {
  end(certificate, {}, std::nullopt, now);
  certificates[certificate].last = Certificate::Last::nothing;
}

}  // namespace antin::life
