// What is done beside rosters: to one certificate or key, by proposals, and the lists.
#include <algorithm>

#include "ca/authority/key_block.h"
#include "ca/status/crl.h"
#include "tests/scenarios/life_answers.h"
#include "tests/scenarios/life_world.h"

namespace antin::life {
namespace {

using nlohmann::json;

constexpr std::array all_reasons{"unspecified",          "keyCompromise",      "affiliationChanged", "superseded",
                                 "cessationOfOperation", "privilegeWithdrawn", "certificateHold",    "removeFromCRL"};

std::string text_of_profile(unsigned years, unsigned version, const std::string& issuer_key) {
  json profile = json::parse(have(issuance::ProfileSet().text("personal"), "the profile of persons"));
  profile["validity"]["years"] = years;
  profile["version"] = version;
  if (!issuer_key.empty()) profile["issuer_key"] = issuer_key;
  return profile.dump();
}

}  // namespace

std::string World::revoke(const Step& step) {
  const bool officers_too = step.choice[1] % 6 == 0;
  const Place which = some_certificate(step.choice[0], officers_too);
  const std::string reason = all_reasons[step.choice[2] % all_reasons.size()];
  std::optional<Time> since;
  if (step.choice[3] % 4 == 0) since = now() + days(step.choice[3] / 4 % 3) - days(1);
  const bool of_person = model_.certificates[which].kind == "personal";
  const std::string& person = model_.certificates[which].person.code;
  const std::string asked_by = step.choice[4] % 5 == 0 ? "" : step.choice[4] % 5 == 1 ? person : "000.00.99.H36";
  const auto done = authority::revoke(context(), model_.certificates[which].id, x509::revocation_reason(reason).value(),
                                      since, "thử", asked_by);
  const State state = model_.certificates[which].state(now());
  const bool allowed = model_.clock_stands(now()) && model_.certificates[which].kind != "root" &&
                       (state == State::valid || state == State::suspended) && (!since || *since <= now()) &&
                       reason != "certificateHold" && reason != "removeFromCRL" &&
                       (!of_person || (!asked_by.empty() && asked_by != person));
  same_answer(done, allowed, "the revocation of " + model_.certificates[which].id + " for " + reason);
  if (!allowed) return "revoke: refused";
  model_.end(which, reason, since, now());
  model_.record(now());
  return "revoke";
}

std::string World::suspend(const Step& step) {
  const Place which = some_certificate(step.choice[0], step.choice[1] % 3 == 0);
  const auto done = authority::suspend(context(), model_.certificates[which].id, "thử");
  const bool allowed = model_.clock_stands(now()) && model_.certificates[which].kind != "root" &&
                       model_.certificates[which].state(now()) == State::valid;
  same_answer(done, allowed, "the suspension of " + model_.certificates[which].id);
  if (!allowed) return "suspend: refused";
  model_.suspend(which, now());
  model_.record(now());
  return "suspend";
}

std::string World::resume(const Step& step) {
  Place which = some_certificate(step.choice[0], true);
  for (Place i = 0; i < model_.certificates.size() && step.choice[1] % 4 != 0; ++i)
    if (model_.certificates[i].state(now()) == State::suspended) which = i;
  const auto done = authority::resume(context(), model_.certificates[which].id, "thử");
  const bool allowed = model_.clock_stands(now()) && model_.certificates[which].kind != "root" &&
                       model_.certificates[which].state(now()) == State::suspended;
  same_answer(done, allowed, "the resumption of " + model_.certificates[which].id);
  if (!allowed) return "resume: refused";
  model_.resume(which, now());
  model_.record(now());
  return "resume";
}

std::string World::block(const Step& step) {
  Place key = model_.certificates[some_certificate(step.choice[1], false)].key;
  if (step.choice[0] % 2 == 0) key = new_key();
  if (keys_[key] == nullptr) return "nothing to do";
  const auto done = authority::block_key(context(), keys_[key]->public_key_info(), "thử");
  same_answer(done, model_.clock_stands(now()), "the blocking of a key");
  if (!done) return "block: refused";
  require(*done == model_.blocked.insert(key).second, "a key is blocked once");
  if (*done) model_.record(now());
  return "block";
}

std::string World::compromise(const Step& step) {
  if (step.choice[5] % 4 != 0) return suspend(step);
  const Certificate& one = model_.certificates[some_certificate(step.choice[0], false)];
  if (one.kind != "personal") return "nothing to do";
  const Place key = one.key;
  const auto done = authority::compromise_key(context(), keys_[key]->public_key_info(), "lộ", std::nullopt);
  same_answer(done, model_.clock_stands(now()), "the compromise of a key");
  if (!done) return "compromise: refused";
  model_.blocked.insert(key);
  for (Place i = 0; i < model_.certificates.size(); ++i) {
    const State state = model_.certificates[i].state(now());
    if (model_.certificates[i].key == key && (state == State::valid || state == State::suspended))
      model_.end(i, "keyCompromise", std::nullopt, now());
  }
  model_.record(now());
  return "compromise";
}

// ---- Proposals

std::string World::propose_officer(const Step& step) {
  Proposal proposal;
  proposal.grant = step.choice[0] % 4 != 0;
  proposal.officer = proposal.grant ? certificate_in_force(step.choice[1]) : some_officer(step.choice[1]);
  const std::string id = model_.certificates[*proposal.officer].id;
  const authority::RoleChange change{authority::Role::officer, proposal.grant, id, {}, {}, {}};
  const auto hash = authority::propose(context(), change, Model::required);
  const bool allowed = model_.clock_stands(now()) && model_.may_propose(proposal, now());
  same_answer(hash, allowed, std::string("a proposal to ") + (proposal.grant ? "grant" : "withdraw"));
  if (!allowed) return "propose officer: refused";
  proposal_hashes_.push_back(*hash);
  model_.proposals.push_back(proposal);
  model_.record(now());
  return proposal.grant ? "propose officer: grant" : "propose officer: withdraw";
}

std::string World::propose_profile(const Step& step) {
  if (step.choice[5] % 4 != 0) return propose_officer(step);  // each one makes every later reading longer
  Proposal proposal;
  proposal.years = 1 + step.choice[0] % 5;
  proposal.version = model_.version + step.choice[1] % 4;
  if (step.choice[2] % 6 < 2) proposal.issuer_key = step.choice[2] % 6 == 0 ? "ec-p256" : "ec-p384";
  const std::string text = text_of_profile(proposal.years, proposal.version, proposal.issuer_key);
  const auto profiles = have(issuance::ProfileSet::compose({text}, {}), "profiles");
  const auto hash = authority::propose(context(), authority::ProfileChange{profiles}, Model::required);
  const bool allowed = model_.clock_stands(now()) && model_.may_propose(proposal, now());
  same_answer(hash, allowed, "a proposal of profiles");
  if (!allowed) return "propose profile: refused";
  proposal_hashes_.push_back(*hash);
  model_.proposals.push_back(proposal);
  model_.record(now());
  return "propose profile";
}

std::string World::approve_proposal(const Step& step) {
  if (model_.proposals.empty()) return "nothing to do";
  const std::size_t back = step.choice[0] % std::min<std::size_t>(model_.proposals.size(), 3);
  std::string done;
  for (unsigned turn = 0; turn <= step.choice[3] % 2; ++turn)
    done = approve_proposal_as(model_.proposals.size() - 1 - back, some_officer(step.choice[1] + 8 * turn));
  return done;
}

std::string World::approve_proposal_as(Place which, Place officer) {
  Place key = model_.certificates[officer].key;
  if (keys_[key] == nullptr) key = new_key();
  Proposal& proposal = model_.proposals[which];
  const auto result =
      authority::approve_proposal(context(), proposal_hashes_[which], model_.certificates[officer].id, *keys_[key]);
  const bool allowed = model_.clock_stands(now()) && model_.may_approve(officer, now()) && !proposal.in_force &&
                       !proposal.approved_by.contains(officer) && model_.may_propose(proposal, now());
  same_answer(result, allowed, "an approval of proposal " + std::to_string(which + 1));
  if (!allowed) return "approve proposal: refused";
  proposal.approved_by.insert(officer);
  model_.record(now());
  if (model_.is_complete(proposal)) model_.put_in_force(proposal);
  require(result->in_force == proposal.in_force, "a proposal is in force with two approvals, and not before");
  if (!proposal.in_force) return "approve proposal";
  if (proposal.generation) return "generation decided";
  return !proposal.officer ? "profile in force" : proposal.grant ? "officer granted" : "officer withdrawn";
}

// ---- Lists

void World::check_list(const std::string& name) const {
  const std::string file = name + ".crl";
  const auto list = have(x509::Crl::from_der(have(read_file(folder_ / file), file)), file);
  require(list.authority_key_id() == issuer(name).certificate()->subject_key_id(),
          file + " is of another generation's key");
  const std::set<Place> expected = model_.listed(name);
  require(list.size() == expected.size(), file + " has " + std::to_string(list.size()) + " entries and should have " +
                                              std::to_string(expected.size()));
  for (const Place place : expected) {
    const Certificate& one = model_.certificates[place];
    const auto serial = x509::SerialNumber::from_hex(one.id.substr(one.id.rfind('-') + 1));
    const auto entry = list.find(have(serial, one.id));
    require(entry.has_value(), file + " lacks " + one.id);
    require(entry->revoked_at == one.at && x509::to_string(entry->reason) == one.reason &&
                entry->invalidity_date == one.invalid_since,
            file + " says something else of " + one.id);
  }
}

// Of one of the generations, whether it still issues or not yet.
std::string World::build_list(const Step& step) {
  const Generation& whose = model_.generations[step.choice[0] % model_.generations.size()];
  const std::string name = whose.name;
  if (!whose.certificate) return "nothing to do";
  const auto before = model_.lists.find(name);
  const auto list = status::build_and_publish(
      context(), {name, &issuer(name), "http://pki.lamdong.test/v1/crl/" + name, days{7}, folder_ / (name + ".crl")});
  const bool allowed = model_.clock_stands(now()) && (before == model_.lists.end() || before->second.issued <= now());
  same_answer(list, allowed, "a list of " + name);
  if (!allowed) return "list: refused";
  check_list(name);
  model_.lists[name] = {now(), model_.listed(name)};
  model_.record(now());
  const std::string which = name == whose.bloc ? "list: " : "list of a later generation: ";
  return which + (list->entries == 0 ? "empty" : "with entries");
}

}  // namespace antin::life
