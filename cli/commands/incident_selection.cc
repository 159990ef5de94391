#include "cli/commands/incident_selection.h"

#include <algorithm>

#include "base/encoding.h"

namespace antin::commands {
namespace {

using authority::IncidentSelection;

bool is_hash(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
}

// As on the command line elsewhere.
std::string key_name(const std::string& text) {
  if (text == "p256" || text == "p384") return "ec-" + text;
  return text;
}

// A day of +07:00 begins or ends at its midnight.
Result<Time> read_moment(const std::string& text, bool end_of_day) {
  if (text.size() != 10) return parse_rfc3339(text);
  return parse_rfc3339(text + (end_of_day ? "T23:59:59+07:00" : "T00:00:00+07:00"));
}

std::unexpected<Error> unknown() {
  return fail(ErrorCode::invalid_argument,
              "want NAME=VALUE, with issuer, kind, profile, key, unit, roster, issued-from or issued-until as NAME");
}

Status add_key(IncidentSelection& selection, const std::string& value) {
  if (!is_hash(value)) {
    selection.keys.push_back(key_name(value));
    return {};
  }
  ANTIN_TRY(Bytes hash, from_hex(value));
  selection.key_hashes.push_back(std::move(hash));
  return {};
}

Status add_roster(Session& session, OpenHome& home, IncidentSelection& selection, const std::string& value) {
  ANTIN_TRY(const store::RosterRecord roster, find_roster(session, home, value));
  selection.rosters.push_back(roster.hash);
  return {};
}

Status add_moment(std::optional<Time>& moment, const std::string& value, bool end_of_day) {
  ANTIN_TRY(const Time at, read_moment(value, end_of_day));
  moment = at;
  return {};
}

Status add(Session& session, OpenHome& home, IncidentSelection& selection, const std::string& criterion) {
  const std::size_t sign = criterion.find('=');
  if (sign == std::string::npos || sign + 1 == criterion.size()) return unknown();
  const std::string name = criterion.substr(0, sign), value = criterion.substr(sign + 1);
  if (name == "key") return add_key(selection, value);
  if (name == "roster") return add_roster(session, home, selection, value);
  if (name == "issued-from") return add_moment(selection.issued_from, value, false);
  if (name == "issued-until") return add_moment(selection.issued_until, value, true);
  std::vector<std::string>* values = name == "issuer"    ? &selection.issuers
                                     : name == "kind"    ? &selection.kinds
                                     : name == "profile" ? &selection.profiles
                                     : name == "unit"    ? &selection.units
                                                         : nullptr;
  if (values == nullptr) return unknown();
  values->push_back(value);
  return {};
}

}  // namespace

Result<IncidentSelection> read_selection(Session& session, OpenHome& home, const std::vector<std::string>& criteria) {
  IncidentSelection selection;
  for (const std::string& criterion : criteria)
    ANTIN_CHECK(in("criterion " + criterion, add(session, home, selection, criterion)));
  return selection;
}

std::vector<std::string> selection_words(const IncidentSelection& selection) {
  std::vector<std::string> words;
  const auto add_all = [&](const std::string& name, const std::vector<std::string>& values) {
    for (const std::string& value : values) words.push_back(name + "=" + value);
  };
  add_all("issuer", selection.issuers);
  add_all("kind", selection.kinds);
  add_all("profile", selection.profiles);
  add_all("key", selection.keys);
  for (const Bytes& hash : selection.key_hashes) words.push_back("key=" + to_hex(hash));
  add_all("unit", selection.units);
  for (const Bytes& hash : selection.rosters) words.push_back("roster=" + to_hex(hash));
  if (selection.issued_from) words.push_back("issued-from=" + to_rfc3339(*selection.issued_from));
  if (selection.issued_until) words.push_back("issued-until=" + to_rfc3339(*selection.issued_until));
  return words;
}

Result<seconds> read_time_to_act(const std::string& text) {
  const std::string digits = text.substr(0, text.empty() ? 0 : text.size() - 1);
  int number = 0;
  if (!digits.empty() && digits.size() <= 4 && digits.find_first_not_of("0123456789") == std::string::npos)
    for (const char c : digits) number = number * 10 + (c - '0');
  if (number != 0 && text.back() == 'h') return hours(number);
  if (number != 0 && text.back() == 'd') return days(number);
  return fail(ErrorCode::invalid_argument,
              "\"" + text.substr(0, 40) + "\" is no deadline: want a number from 1 to 9999 and h or d, as 24h or 5d");
}

}  // namespace antin::commands
