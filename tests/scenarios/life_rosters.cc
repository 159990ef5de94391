// Rosters on their way: handed in, spoilt, approved, issued.
#include <algorithm>

#include "base/encoding.h"
#include "tests/scenarios/life_answers.h"
#include "tests/scenarios/life_world.h"

namespace antin::life {
namespace {

using nlohmann::json;
using tests::AuthorityFixture;

constexpr const char* asking_body = "000.00.99.H36";
constexpr std::array row_reasons{"keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation",
                                 "privilegeWithdrawn"};
constexpr unsigned persons = 6;

}  // namespace

// ---- What a person hands in

Row World::random_row(const Step& step, unsigned turn) {
  const auto choice = [&](unsigned i) { return step.choice[(i + turn) % step.choice.size()] / (turn + 1); };
  Row row;
  row.act = static_cast<Act>(choice(0) % 5);
  const Place on = choice(2) % 4 == 0 ? some_certificate(choice(1), false) : certificate_in_force(choice(1));
  if (row.act != Act::issue && model_.certificates[on].kind != "personal") row.act = Act::issue;
  row.asked_by = asking_body;
  if (row.act == Act::issue) {
    row.code = "P-" + std::to_string(1 + choice(1) % persons);
    row.unit = "UNIT " + std::to_string(choice(2) % 2);
    row.bloc = bloc_of(choice(3));
    row.key = choice(4) % 4 == 0 && keys_.size() > 20 ? keys_.size() - 1 - choice(4) % 5 : new_key();
    return row;
  }
  const Certificate& old = model_.certificates[on];
  row.replaces = on;
  row.code = old.person.code;
  row.unit = old.person.unit;
  row.bloc = old.bloc;
  row.key = row.act == Act::rekey ? new_key() : old.key;
  if (row.act == Act::change) row.unit += "X";
  if (row.act == Act::change) row.reason = "superseded";
  if (row.act == Act::revoke || (row.act == Act::rekey && choice(3) % 2 == 0))
    row.reason = row_reasons[choice(3) / 2 % row_reasons.size()];
  return row;
}

// One thing that is not as it should be, or that is at the border.
void World::spoil(Row& row, unsigned how) {
  switch (how % 12) {
    case 0:
      row.asked_by = "";
      break;
    case 1:
      row.asked_by = row.code;
      break;
    case 2:
      if (row.act != Act::issue) row.code = "P-1";
      break;
    case 3:
      if (row.act == Act::change) row.unit = model_.certificates[*row.replaces].person.unit;
      break;
    case 4:
      if (row.act == Act::rekey && keys_.size() > 20) row.key = keys_.size() - 1 - how / 12 % 6;
      break;
    case 5:
      if (row.act == Act::rekey) row.unit += "Y";
      break;
    case 6:
      if (row.reason) row.invalid_since = now() + days(how / 12 % 3) - days(1);
      break;
    case 7:
      if (row.act == Act::rekey || row.act == Act::change || row.act == Act::renew) row.bloc = bloc_of(how / 12);
      break;
    default:
      break;
  }
}

std::string World::file_of(const std::vector<Row>& rows) {
  const std::string name = "tháng " + std::to_string(++names_);
  std::string text = json{{"format", "antin-roster-2"}, {"name", name}}.dump() + "\n";
  for (Place i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    json one = {{"row", i + 1},     {"act", act_names[static_cast<std::size_t>(row.act)]},
                {"code", row.code}, {"kind", "personal"},
                {"bloc", row.bloc}, {"profile", "personal"}};
    if (!row.asked_by.empty()) one["requested_by"] = row.asked_by;
    if (row.act != Act::issue) one["replaces"] = row.replaces ? model_.certificates[*row.replaces].id : "party-01";
    if (row.act == Act::issue || row.act == Act::rekey || row.act == Act::change)
      one["fields"] = {{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
                       {"ou", row.unit},
                       {"cn", "Nguyễn Văn Thử " + row.code},
                       {"mail", row.code + "@lamdong.test"}};
    if (row.act == Act::issue || row.act == Act::rekey) {
      one["key"] = "csr";
      const auto request = x509::CertificationRequest::make(AuthorityFixture::name("bất kỳ"), *keys_[row.key]);
      one["csr"] = to_base64(have(request, "a request").der());
    }
    if (row.reason) one["reason"] = *row.reason;
    if (row.invalid_since) one["invalidity_date"] = to_rfc3339(*row.invalid_since);
    text += one.dump() + "\n";
  }
  return text;
}

std::string World::submit(const Step& step) {
  std::vector<Row> rows;
  for (unsigned turn = 0; turn <= step.choice[5] % 3; ++turn) {
    rows.push_back(random_row(step, turn));
    if (step.choice[5] / 3 % 3 == 0) spoil(rows.back(), step.choice[4] / 4);
  }
  return hand_in(rows);
}

// About sixty days before the end of a certificate, a second more or less.
std::string World::renew_late(const Step& step) {
  const Place which = certificate_in_force(step.choice[0]);
  const Certificate& old = model_.certificates[which];
  const Time border = old.until - days(60) + seconds(step.choice[1] % 3) - seconds(1);
  if (old.kind != "personal" || border < now() || border > now() + days(200)) return submit(step);
  clock_.set(border);
  Row row{.act = Act::renew, .code = old.person.code, .unit = old.person.unit, .bloc = old.bloc};
  row.asked_by = asking_body;
  row.key = old.key;
  row.replaces = which;
  return hand_in({row}) + " sixty days before the end";
}

std::string World::hand_in(const std::vector<Row>& rows) {
  const std::string file = file_of(rows);
  const auto hash =
      authority::submit_roster(context(), have(authority::read_roster(bytes_of(file)), "the roster"), nullptr, {});
  const bool allowed = model_.clock_stands(now()) && model_.may_submit(rows, now());
  same_answer(hash, allowed, "a roster is handed in:\n" + file);
  if (!allowed) return "submit: refused";
  model_.rosters.push_back({now(), rows, {}});
  model_.record(now());
  roster_hashes_.push_back(*hash);
  roster_files_.push_back(file);
  return "submit";
}

// The same file again is the same roster, whatever became of its rows.
std::string World::submit_again(const Step& step) {
  if (model_.rosters.empty()) return "nothing to do";
  const Place which = step.choice[0] % model_.rosters.size();
  const auto hash = authority::submit_roster(
      context(), have(authority::read_roster(bytes_of(roster_files_[which])), "the roster"), nullptr, {});
  same_answer(hash, model_.clock_stands(now()), "a roster is handed in again");
  require(!hash || *hash == roster_hashes_[which], "a roster that is handed in again has another hash");
  return "submit again";
}

// ---- What officers do

// Of a roster by one, two or three, the same one among them perhaps twice.
std::string World::approve(const Step& step) {
  if (model_.rosters.empty()) return "nothing to do";
  const Place which = some_roster(step.choice[0]);
  std::string done;
  for (unsigned turn = 0; turn <= step.choice[3] % 3; ++turn)
    done = approve_as(which, some_officer(step.choice[1] + 8 * turn), step);
  return done;
}

std::string World::approve_as(Place which, Place officer, const Step& step) {
  Place key = model_.certificates[officer].key;
  if (step.choice[2] % 10 == 0) key = model_.certificates.size() - 1 < key ? new_key() : key;
  if (keys_[key] == nullptr) key = new_key();
  Roster& roster = model_.rosters[which];
  const auto index = authority::approve(context(), roster_hashes_[which], model_.certificates[officer].id, *keys_[key]);
  const bool allowed = model_.clock_stands(now()) && model_.may_approve(officer, now()) &&
                       key == model_.certificates[officer].key && !roster.approved_by.contains(officer);
  same_answer(index, allowed, "an approval by " + model_.certificates[officer].id);
  if (!allowed) return "approve: refused";
  roster.approved_by.insert(officer);
  model_.record(now());
  return "approve";
}

void World::add_certificate(Roster& roster, const Bytes& hash, std::size_t number) {
  Row& row = roster.rows[number];
  const std::string request = to_hex(hash) + "/" + std::to_string(number + 1);
  const auto record = have(store_->certificate_by_request(request, now()), "the certificate of " + request);
  require(record.has_value(), request + " is done and has no certificate");
  const Generation& by = *model_.issuing(row.bloc, now());
  check_issuer(*record, by);
  if (by.name != by.bloc) ++done_["row done by a later generation"];
  const Time longest = model_.longest(row, roster.submitted, now());
  require(record->not_before <= now() && record->not_after <= longest,
          record->id + " lives until " + to_rfc3339(record->not_after) + ", longer than " + to_rfc3339(longest));
  require(record->not_after + days(2) + model_.spread(roster, row) > longest,
          record->id + " lives until " + to_rfc3339(record->not_after) + ", much shorter than " + to_rfc3339(longest));
  const Place place = model_.certificates.size();
  if (row.replaces) model_.certificates[*row.replaces].successor = place;
  model_.certificates.push_back({.id = record->id,
                                 .kind = "personal",
                                 .issuer = by.name,
                                 .bloc = row.bloc,
                                 .person = {row.code, row.unit},
                                 .key = row.key,
                                 .from = record->not_before,
                                 .until = record->not_after,
                                 .act = row.act,
                                 .predecessor = row.replaces});
}

std::string World::issue(const Step& step) {
  if (model_.rosters.empty()) return "nothing to do";
  return issue_one(some_roster(step.choice[0]));
}

std::vector<std::size_t> World::rows_to_do(const Roster& roster) const {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < roster.rows.size(); ++i)
    if (!roster.rows[i].done) open.push_back(i);
  return open;
}

// Whole groups, until one has a row that is no longer possible.
std::vector<std::size_t> World::rows_that_go(const Roster& roster, const std::vector<std::size_t>& open) const {
  for (std::size_t i = 0; i < open.size(); ++i) {
    const Row& row = roster.rows[open[i]];
    const bool over =
        row.act == Act::revoke && row.replaces && model_.certificates[*row.replaces].last == Certificate::Last::revoked;
    if (!over && !model_.may_issue(row, roster.submitted, now()))
      return {open.begin(), open.begin() + static_cast<std::ptrdiff_t>(i / group_size * group_size)};
  }
  return open;
}

std::string World::issue_one(Place which) {
  Roster& roster = model_.rosters[which];
  const auto result = authority::issue_roster(context(), roster_hashes_[which], plan(), {});
  if (!model_.clock_stands(now())) {
    require(!result || result->issued + result->revoked == 0, "something was issued while the clock was wrong");
    return "issue: refused";
  }
  const std::size_t approvals = model_.approvals(roster, now());
  const bool was_done = roster.done();
  const std::string what =
      "the issue of a roster with " + std::to_string(approvals) + " approvals:\n" + roster_files_[which];
  if (approvals < Model::required) {
    same_answer(result, true, what);
    require(result->approvals_missing == Model::required - approvals && result->issued + result->revoked == 0,
            what + ": it should wait for approvals");
    return "issue: waits";
  }
  const std::vector<std::size_t> open = rows_to_do(roster), doing = rows_that_go(roster, open);
  same_answer(result, doing.size() == open.size(), what);
  if (was_done) {
    require(result->issued + result->revoked == 0 && result->issued_before == roster.rows.size(),
            what + ": done twice");
    return "issue again";
  }
  for (const std::size_t i : doing) {
    Row& row = roster.rows[i];
    ++done_[std::string("row done: ") + act_names[static_cast<std::size_t>(row.act)]];
    if (row.act != Act::revoke) add_certificate(roster, roster_hashes_[which], i);
    if (row.reason && model_.certificates[*row.replaces].last != Certificate::Last::revoked)
      model_.end(*row.replaces, *row.reason, row.invalid_since, now());
    row.done = true;
  }
  if (!doing.empty()) model_.record(now());
  if (doing.size() == open.size()) return "issue";
  return doing.empty() ? "issue: refused" : "issue: refused after a group";
}

// A roster as it should go: handed in, approved by two, issued.
std::string World::in_one_go(const Step& step) {
  const std::size_t before = model_.rosters.size();
  const std::string handed_in = submit(step);
  if (model_.rosters.size() == before) return handed_in;
  check();
  unsigned approved = 0;
  for (const Place officer : std::set<Place>(model_.officers)) {
    if (approved == Model::required || !model_.may_approve(officer, now())) continue;
    approve_as(before, officer, Step{.choice = {0, 0, 1}});
    ++approved;
    check();
  }
  return issue_one(before);
}

}  // namespace antin::life
