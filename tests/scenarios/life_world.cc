#include "tests/scenarios/life_world.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "ca/log/log.h"
#include "tests/scenarios/life_answers.h"

namespace antin::life {

using tests::AuthorityFixture;

Beginning::Beginning() : authority(AuthorityFixture::WithoutCeremony(), time_at(2004, 6, 1, 1)) {
  const auto add = [this](const store::CertificateRecord& record, const std::string& name) {
    model.certificates.push_back({.id = record.id,
                                  .kind = record.kind,
                                  .issuer = record.issuer,
                                  .bloc = record.issuer,
                                  .person = {name, {}},
                                  .key = model.certificates.size(),
                                  .from = record.not_before,
                                  .until = record.not_after});
    return model.certificates.size() - 1;
  };
  const auto issue_for = [this](const std::string& bloc, Place certificate) {
    model.generations.push_back({.name = bloc,
                                 .bloc = bloc,
                                 .algorithm = "ec-p256",
                                 .key = certificate,
                                 .certificate = certificate,
                                 .in_service = true});
  };
  add(authority.make_root("ceremony/root"), "root");
  issue_for("party", add(authority.make_party(), "party"));
  authority.clock.set(time_at(2020, 3, 1, 1));
  add(authority.make_root("ceremony/root-2"), "root");
  issue_for("government", add(authority.make_government(), "government"));
  for (int i = 1; i <= 4; ++i) {
    if (i == 2) authority.clock.set(start());
    officer_keys.push_back(hsm::software::generate({}).value());
    officers.push_back(authority.make_officer(i, officer_keys.back()));
    const auto record = tests::must(authority.store->certificate(officers.back(), start()));
    model.officers.insert(add(record, "officer-" + std::to_string(i)));
  }
  auto transaction = tests::must(authority.store->begin());
  REQUIRE(transaction->append_log(
      log::entry(start(), "ceremony", {{"version", "0"}, {"required_approvals", std::to_string(Model::required)}})));
  REQUIRE(transaction->commit());
  model.last_act = start();
  authority.store.reset();
}

std::ostream& operator<<(std::ostream& out, const Step& step) {
  out << "{" << step.what << " after " << step.wait << ":";
  for (const unsigned one : step.choice) out << " " << one;
  return out << "}";
}

World::World(const Beginning& beginning) : beginning_(beginning), model_(beginning.model) {
  for (const char* name : {"antin.sqlite", "antin.sqlite-wal"})
    if (std::filesystem::exists(beginning.authority.folder / name))
      std::filesystem::copy_file(beginning.authority.folder / name, folder_ / name);
  store_ = have(store::open_sqlite_store(folder_ / "antin.sqlite"), "the store");
  keys_.resize(model_.certificates.size());
  for (Place i = 0; i < beginning.officers.size(); ++i)
    keys_[model_.certificates.size() - beginning.officers.size() + i] = beginning.officer_keys[i];
}

authority::IssuingPlan World::plan() {
  authority::IssuingPlan made;
  made.issuers = {{"party", &*beginning_.authority.party}, {"government", &*beginning_.authority.government}};
  for (const auto& [name, issuer] : issuers_) made.issuers[name] = &issuer;
  made.group_size = group_size;
  return made;
}

Place World::new_key() {
  keys_.push_back(hsm::software::generate({}).value());
  return keys_.size() - 1;
}

Place World::some_certificate(unsigned choice, bool officers_too) const {
  std::vector<Place> found;
  for (Place i = 0; i < model_.certificates.size(); ++i) {
    const std::string& kind = model_.certificates[i].kind;
    if (kind == "personal" || kind == "root" || (officers_too && kind == "officer")) found.push_back(i);
  }
  // The younger ones rather than those of long ago.
  const std::size_t span = choice % 3 == 0 ? found.size() : std::min<std::size_t>(found.size(), 5);
  return found[found.size() - 1 - choice / 3 % span];
}

// One that nothing follows, when there is one.
Place World::certificate_in_force(unsigned choice) const {
  std::vector<Place> found;
  for (Place i = 0; i < model_.certificates.size(); ++i) {
    const Certificate& one = model_.certificates[i];
    if (one.kind == "personal" && one.state(now()) == State::valid && !one.successor) found.push_back(i);
  }
  return found.empty() ? some_certificate(choice, false) : found[choice % found.size()];
}

// Mostly those who hold the role; now and then anybody.
Place World::some_officer(unsigned choice) const {
  if (choice % 8 == 7 || model_.officers.empty()) return some_certificate(choice / 8, true);
  return *std::next(model_.officers.begin(), static_cast<std::ptrdiff_t>(choice / 8 % model_.officers.size()));
}

// Mostly the newest that are not done.
Place World::some_roster(unsigned choice) const {
  std::vector<Place> open;
  for (Place i = 0; i < model_.rosters.size(); ++i)
    if (!model_.rosters[i].done()) open.push_back(i);
  if (choice % 6 == 0 || open.empty()) return choice / 6 % model_.rosters.size();
  return open[open.size() - 1 - choice / 6 % std::min<std::size_t>(open.size(), 2)];
}

// ---- Time

// Mostly hours and days; often none, so that acts meet in one second; now and then to a border of a certificate's life.
void World::wait(const Step& step) {
  Time next = now();
  if (model_.last_act && next < *model_.last_act) next = *model_.last_act;
  switch (step.wait % 8) {
    case 0:
    case 1:
    case 2:
      break;
    case 3:
      next += seconds(step.wait / 8 % 40);
      break;
    case 4:
    case 5:
      next += hours(step.wait / 8 % 100);
      break;
    case 6:
      next += days(step.wait / 8 % 90);
      break;
    default: {
      const Certificate& one = model_.certificates[some_certificate(step.wait / 8, true)];
      const days before = step.wait % 16 < 8 ? days(60) : days(0);
      const Time border = one.until - before + seconds(step.wait / 64 % 3) - seconds(1);
      if (border > next && border < next + days(400)) next = border;
      break;
    }
  }
  clock_.set(next);
}

// Once, for the act that follows at once: wait() sets it right.
std::string World::clock_back(const Step& step) {
  clock_.set(now() - (step.choice[0] % 2 == 0 ? seconds(step.choice[1] % 16) : seconds(16 + step.choice[1] % 100'000)));
  Step next = step;
  next.what = step.choice[2] % 12;
  Tally ignored;
  next.wait = 0;
  const Time back = now();
  static constexpr std::array acts{&World::submit,
                                   &World::approve,
                                   &World::issue,
                                   &World::revoke,
                                   &World::suspend,
                                   &World::resume,
                                   &World::block,
                                   &World::propose_officer,
                                   &World::approve_proposal,
                                   &World::build_list,
                                   &World::certify_generation,
                                   &World::serve_generation};
  const std::string done = (this->*acts[step.choice[2] % acts.size()])(next);
  return (model_.clock_stands(back) ? "clock a little back, " : "clock back, ") + done.substr(0, done.find(':'));
}

void World::take(const Step& step, Tally& tally) {
  wait(step);
  // As often as a name stands here.
  static constexpr std::array acts{&World::renew_late,
                                   &World::submit,
                                   &World::in_one_go,
                                   &World::in_one_go,
                                   &World::in_one_go,
                                   &World::in_one_go,
                                   &World::in_one_go,
                                   &World::resume,
                                   &World::approve,
                                   &World::approve,
                                   &World::approve,
                                   &World::approve,
                                   &World::approve,
                                   &World::issue,
                                   &World::issue,
                                   &World::issue,
                                   &World::revoke,
                                   &World::suspend,
                                   &World::resume,
                                   &World::block,
                                   &World::compromise,
                                   &World::submit_again,
                                   &World::propose_officer,
                                   &World::propose_profile,
                                   &World::approve_proposal,
                                   &World::approve_proposal,
                                   &World::build_list,
                                   &World::clock_back,
                                   &World::roll_over,
                                   &World::propose_generation,
                                   &World::certify_generation,
                                   &World::serve_generation};
  ++tally[(this->*acts[step.what % acts.size()])(step)];
  for (const auto& [what, count] : std::exchange(done_, {})) tally[what] += count;
  check();
}

}  // namespace antin::life
