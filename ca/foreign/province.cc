#include "ca/foreign/province.h"

#include <algorithm>
#include <iterator>

#include "base/case_fold.h"
#include "base/encoding.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"

namespace antin::foreign {
namespace {

using Fold = Result<std::string> (*)(std::string_view);

std::string folded(const std::string& text) { return fold_case(text).value_or(""); }

std::string key(Fold fold, std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined += fold(part).value_or("") + "\n";
  return joined;
}

std::vector<std::string> mails_of(const x509::Certificate& certificate) {
  std::vector<std::string> mails = certificate.mails();
  for (std::string& mail : certificate.subject().values("E")) mails.push_back(std::move(mail));
  return mails;
}

bool begins_with(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return text.starts_with(word); });
}

}  // namespace

Result<std::vector<Subscriber>> known_subscribers(store::Store& store) {
  std::map<std::string, Subscriber> by_code;
  ANTIN_TRY(const auto rosters, store.rosters());
  for (const store::RosterRecord& roster : rosters) {
    ANTIN_CHECK(store.for_each_row(roster.hash, 0, [&](const store::RosterRow& stored) -> Status {
      ANTIN_TRY(const authority::Roster::Row row, authority::row_from_canonical(roster.format, stored.content));
      // A device is no subscriber, and what renews or revokes tells nothing that an earlier row did not.
      if (row.kind == "device" || row.fields.empty()) return {};
      by_code[row.code] = {.code = row.code,
                           .kind = row.kind,
                           .cn = authority::field_of(row, "cn"),
                           .o = authority::field_of(row, "o"),
                           .ou = authority::field_of(row, "ou"),
                           .l = authority::field_of(row, "l"),
                           .mail = authority::field_of(row, "mail"),
                           .uid = authority::field_of(row, "uid")};
      return {};
    }));
  }
  std::vector<Subscriber> all;
  for (auto& [code, subscriber] : by_code) all.push_back(std::move(subscriber));
  return all;
}

std::string guessed_kind(const x509::Name& subject) {
  const std::vector<std::string> uids = subject.values("UID");
  const auto has = [&](std::initializer_list<std::string_view> kinds) {
    return std::ranges::any_of(uids, [&](const std::string& uid) { return begins_with(folded(uid), kinds); });
  };
  if (has({"cccd:", "cmnd:", "hc:", "bhxh:", "pid:"})) return "personal";
  if (!subject.values("GN").empty() || !subject.values("SN").empty()) return "personal";
  if (has({"mst:", "mqhns:"})) return "organisation";
  if (begins_with(folded(subject.first("CN")), {"ủy ban ", "uỷ ban ", "ubnd ", "hđnd ", "sở ", "phòng ", "ban ",
                                                "văn phòng", "trung tâm ", "chi cục ", "cục ", "thanh tra ", "đảng ủy ",
                                                "huyện ủy ", "thành ủy ", "tỉnh ủy ", "hội ", "liên đoàn ", "trường "}))
    return "organisation";
  return subject.values("OU").empty() ? "organisation" : "personal";
}

Province::Province(std::vector<Subscriber> subscribers, std::vector<Unit> units)
    : subscribers_(std::move(subscribers)), units_(std::move(units)) {
  std::set<Time> moments{Time{}};
  for (const Unit& unit : units_) {
    moments.insert(unit.from);
    if (unit.until) moments.insert(*unit.until);
  }
  for (const Time moment : moments) {
    std::vector<Unit> then;
    std::ranges::copy_if(units_, std::back_inserter(then), [&](const Unit& unit) { return unit.in_force(moment); });
    by_begin_.emplace(moment, UnitNames(std::move(then)));
  }
  for (std::size_t i = 0; i < subscribers_.size(); ++i) {
    const Subscriber& one = subscribers_[i];
    for (const std::string& identifier : {one.mail, one.uid, one.code})
      if (!identifier.empty()) identifiers_[folded(identifier)].insert(i);
    names_[key(fold_case, {one.kind, one.cn, one.ou, one.o})].insert(i);
    names_bare_[key(fold_name, {one.kind, one.cn, one.ou, one.o})].insert(i);
    names_without_unit_[key(fold_case, {one.kind, one.cn, one.o})].insert(i);
  }
}

// Before the first table there is none: the names of the oldest one are the nearest.
const UnitNames& Province::names_at(Time at) const {
  const auto after = by_begin_.upper_bound(at);
  return after == by_begin_.begin() ? after->second : std::prev(after)->second;
}

// A certificate that is still in force and names a unit that is no more.
void Province::note_ended(const x509::Certificate& certificate, Time now, Match& match) const {
  if (match.unit.empty() || certificate.not_after() < now) return;
  for (const Unit& unit : units_) {
    if (unit.code != match.unit || !unit.in_force(certificate.not_before()) || !unit.until || *unit.until > now)
      continue;
    const auto next = std::ranges::find_if(
        units_, [&](const Unit& other) { return other.code == unit.successor && other.in_force(*unit.until); });
    match.doubts.push_back({"import.unit_ended",
                            {unit.name, to_rfc3339(*unit.until, vietnam_offset).substr(0, 10),
                             next == units_.end() ? "-" : next->name}});
  }
}

Match Province::match(const x509::Certificate& certificate, Time now) const {
  Match match;
  match.kind = guessed_kind(certificate.subject());
  match_subscriber(certificate, match);
  const bool placed = match_unit(certificate.subject(), names_at(certificate.not_before()), match);
  if (match.subscriber.empty() && !placed && match.doubts.empty()) match.doubts.push_back({"import.no_match", {}});
  note_ended(certificate, now, match);
  return match;
}

Province::Indexes Province::identified(const x509::Certificate& certificate) const {
  std::vector<std::string> identifiers = mails_of(certificate);
  for (const x509::RelativeName& rdn : certificate.subject().rdns())
    for (const x509::NameAttribute& attribute : rdn) identifiers.push_back(attribute.value);
  Indexes found;
  for (const std::string& identifier : identifiers)
    if (const auto at = identifiers_.find(folded(identifier)); at != identifiers_.end())
      found.insert(at->second.begin(), at->second.end());
  return found;
}

Province::Indexes Province::of_kind(const Indexes& found, const std::string& kind) const {
  Indexes fitting;
  for (const std::size_t i : found)
    if (subscribers_[i].kind == kind) fitting.insert(i);
  return fitting;
}

// Bodies of one name are told apart by the place that they are in.
Province::Indexes Province::at_place(const Indexes& found, const x509::Name& subject) const {
  const std::string place = folded(subject.first("L"));
  if (found.size() < 2 || place.empty()) return found;
  Indexes fitting;
  for (const std::size_t i : found)
    if (folded(subscribers_[i].l) == place) fitting.insert(i);
  return fitting.empty() ? found : fitting;
}

void Province::match_subscriber(const x509::Certificate& certificate, Match& match) const {
  const x509::Name& subject = certificate.subject();
  const std::string cn = subject.first("CN"), ou = subject.first("OU"), o = subject.first("O");
  // A person's certificate often names the body beside the person: the body is not whose it is.
  const Indexes all = identified(certificate);
  Indexes found = of_kind(all, match.kind);
  if (found.empty() && match.kind == "organisation") found = all;
  const auto look_up = [&](const Index& index, const std::string& name) {
    const auto at = index.find(name);
    return at == index.end() ? Indexes() : at_place(at->second, subject);
  };
  if (found.empty()) found = look_up(names_, key(fold_case, {match.kind, cn, ou, o}));
  if (found.empty()) {
    found = look_up(names_bare_, key(fold_name, {match.kind, cn, ou, o}));
    if (found.size() == 1) match.doubts.push_back({"import.spelling", {codes(found)}});
  }
  if (found.size() > 1) match.doubts.push_back({"import.several", {codes(found)}});
  if (found.size() == 1) {
    match.subscriber = subscribers_[*found.begin()].code;
    match.kind = subscribers_[*found.begin()].kind;
  }
  note_other_unit(subject, found.empty() ? look_up(names_without_unit_, key(fold_case, {match.kind, cn, o})) : found,
                  match);
}

void Province::note_other_unit(const x509::Name& subject, const Indexes& candidates, Match& match) const {
  const std::string unit = folded(subject.first("OU"));
  const bool elsewhere = std::ranges::all_of(candidates, [&](std::size_t i) {
    const std::string theirs = folded(subscribers_[i].ou);
    return !unit.empty() && !theirs.empty() && theirs != unit && subscribers_[i].kind == "personal";
  });
  if (!candidates.empty() && elsewhere) match.doubts.push_back({"import.other_unit", {codes(candidates)}});
}

// Whether the unit says whose it is: that all are of the province says nothing.
bool Province::match_unit(const x509::Name& subject, const UnitNames& units, Match& match) const {
  std::vector<std::string> values, places;
  for (const x509::RelativeName& rdn : subject.rdns()) {
    for (const x509::NameAttribute& attribute : rdn) {
      if (attribute.type == "O" || attribute.type == "L" || attribute.type == "ST")
        places.push_back(attribute.value);
      else if (attribute.type != "CN" || match.kind != "personal")  // a person may be named like a place
        values.push_back(attribute.value);
    }
  }
  // The subscriber's code may be the unit's, and its place tells units of one name apart.
  const auto subscriber = std::ranges::find(subscribers_, match.subscriber, &Subscriber::code);
  if (subscriber != subscribers_.end()) values.push_back(subscriber->code), places.push_back(subscriber->l);
  const UnitNames::Found found = units.find(values, places);
  if (found.codes.size() == 1) match.unit = found.codes.front();
  if (found.codes.size() == 1 && found.spelling) match.doubts.push_back({"import.spelling", {match.unit}});
  if (found.codes.size() < 2) return !match.unit.empty() && !(found.by_place && found.level == "province");
  if (!match.subscriber.empty()) return false;  // whose it is, is known
  std::string all;
  for (const std::string& code : found.codes) all += (all.empty() ? "" : ", ") + code;
  match.doubts.push_back({"import.several_units", {all}});
  return false;
}

std::string Province::codes(const Indexes& subscribers) const {
  std::string all;
  for (const std::size_t i : subscribers) all += (all.empty() ? "" : ", ") + subscribers_[i].code;
  return all;
}

}  // namespace antin::foreign
