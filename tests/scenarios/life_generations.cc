// Roll-overs: a new generation of an issuing CA is proposed, certified by the root, put in service.
#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/issuer_making.h"
#include "tests/scenarios/life_answers.h"
#include "tests/scenarios/life_world.h"

namespace antin::life {
namespace {

// Keys of issuers are numbered beside those of persons, of whom there are never so many.
constexpr Place first_issuer_key = 1'000'000;
// Of one bloc in five years: each makes every later reading longer.
constexpr std::ptrdiff_t most_of_bloc = 4;

std::string crl_url(const std::string& name) { return "http://pki.lamdong.test/v1/crl/" + name; }

}  // namespace

const issuance::Issuer& World::issuer(const std::string& name) const {
  if (name == "party") return *beginning_.authority.party;
  if (name == "government") return *beginning_.authority.government;
  return issuers_.at(name);
}

// Those that are decided and not yet in service first.
Generation* World::some_generation(unsigned choice) {
  std::vector<Generation*> open, all;
  for (Generation& one : model_.generations) {
    if (one.name == one.bloc) continue;
    all.push_back(&one);
    if (!one.in_service) open.push_back(&one);
  }
  const std::vector<Generation*>& from = open.empty() ? all : open;
  return from.empty() ? nullptr : from[choice % from.size()];
}

// The certificate names the generation of the day: name, key, list.
void World::check_issuer(const store::CertificateRecord& record, const Generation& by) const {
  const x509::Certificate made = have(x509::Certificate::from_der(record.der), record.id);
  const x509::Certificate& authority = *issuer(by.name).certificate();
  require(record.issuer == by.name, record.id + " is of " + record.issuer + " and should be of " + by.name);
  require(record.id.starts_with(by.name + "-"), record.id + " has the name of another generation");
  require(
      equal(made.issuer().der(), authority.subject().der()) && made.authority_key_id() == authority.subject_key_id(),
      record.id + " names another key than that of " + by.name);
  require(made.crl_urls() == std::vector<std::string>{issuer(by.name).identity().crl_url},
          record.id + " names another list");
}

// ---- Proposed

// Mostly the one that follows, from now or later; now and then one that has no place.
Generation World::random_generation(const Step& step) {
  Generation wanted = model_.next_generation(bloc_of(step.choice[0]));
  wanted.algorithm = step.choice[1] % 2 == 0 ? "ec-p384" : "ec-p256";
  wanted.from = now() + days(step.choice[2] % 3 == 0 ? 0 : step.choice[2] / 3 % 90);
  const hsm::KeySpec spec{step.choice[1] % 2 == 0 ? hsm::KeyAlgorithm::ec_p384 : hsm::KeyAlgorithm::ec_p256};
  wanted.key = first_issuer_key + issuer_keys_.size();
  issuer_keys_[wanted.key] = hsm::software::generate(spec).value();
  switch (step.choice[3] % 12) {
    case 0:
      wanted.follows = wanted.bloc == "party" ? "government" : "party";
      break;
    case 1:
      wanted.name += "0";
      break;
    case 2:
      wanted.from = now() - days(step.choice[4] % 400);
      break;
    case 3:
      if (issuer_keys_.size() > 1) wanted.key = first_issuer_key + step.choice[4] % (issuer_keys_.size() - 1);
      break;
    default:
      break;
  }
  return wanted;
}

std::string World::propose_generation(const Step& step) {
  const auto of_bloc = std::ranges::count(model_.generations, bloc_of(step.choice[0]), &Generation::bloc);
  if (of_bloc >= most_of_bloc) return propose_officer(step);
  Proposal proposal;
  proposal.generation = random_generation(step);
  const Generation& wanted = *proposal.generation;
  authority::IssuerChange change;
  change.name = change.token = wanted.name;
  change.key = to_hex(sha256(issuer_keys_.at(wanted.key)->public_key_info()));
  change.algorithm = wanted.algorithm == "ec-p384" ? "p384" : "p256";
  change.issues_from = wanted.from;
  change.follows = wanted.follows;
  change.issued_by = "root";
  const auto hash = authority::propose(context(), change, Model::required);
  const bool allowed = model_.clock_stands(now()) && model_.may_propose(proposal, now());
  same_answer(hash, allowed, "a proposal of " + wanted.name + " after " + wanted.follows);
  if (!allowed) return "propose generation: refused";
  proposal_hashes_.push_back(*hash);
  model_.proposals.push_back(proposal);
  model_.record(now());
  return "propose generation";
}

// ---- Made

std::string World::certify_generation(const Step& step) {
  Generation* which = some_generation(step.choice[0]);
  if (which == nullptr) return "nothing to do";
  const auto issuers = have(authority::read_issuers(*store_, now()), "issuers");
  const auto *wanted = issuers.find(which->name), *before = issuers.find(which->follows);
  require(wanted != nullptr && before != nullptr, which->name + " is decided and not in the register");
  const bool other_key = step.choice[1] % 6 == 0;
  const tests::Key key = other_key ? hsm::software::generate({}).value() : issuer_keys_.at(which->key);
  const auto made = authority::certify_issuer(context(), *wanted, *before, *beginning_.authority.root, *key);
  // Asked for again it is the same one, which writes nothing.
  const bool allowed = !other_key && (which->certificate.has_value() || model_.clock_stands(now()));
  same_answer(made, allowed, "the certificate of " + which->name);
  if (!allowed) return "certify generation: refused";
  if (which->certificate) {
    require(equal(made->der(), issuer(which->name).certificate()->der()), which->name + " got a second certificate");
    return "certify generation again";
  }
  const auto record = have(store_->certificate("root-" + made->serial().hex(), now()), "what was certified");
  which->certificate = model_.certificates.size();
  model_.certificates.push_back({.id = record.id,
                                 .kind = "issuing",
                                 .issuer = "root",
                                 .bloc = "root",
                                 .person = {which->name, {}},
                                 .key = which->key,
                                 .from = record.not_before,
                                 .until = record.not_after});
  issuance::IssuerIdentity identity;
  identity.crl_url = crl_url(which->name);
  identity.scheme = hsm::default_scheme(key->algorithm());
  issuers_.emplace(which->name, have(issuance::Issuer::make(key, *made, identity, x509::SecondOpinion::full),
                                     which->name + " as an issuer"));
  model_.record(now());
  return "certify generation";
}

std::string World::serve_generation(const Step& step) {
  Generation* which = some_generation(step.choice[0]);
  if (which == nullptr) return "nothing to do";
  const Status done = authority::put_in_service(context(), which->name);
  const bool allowed = which->in_service || (which->certificate.has_value() && model_.clock_stands(now()));
  same_answer(done, allowed, which->name + " is put in service");
  if (!allowed) return "serve generation: refused";
  if (which->in_service) return "serve generation again";
  which->in_service = true;
  model_.record(now());
  return "serve generation";
}

// As it should go: proposed, approved by two, certified, its first list, in service; each looked at before the next.
std::string World::roll_over(const Step& step) {
  const std::size_t before = model_.proposals.size();
  Step regular = step;
  regular.choice[3] = 11;  // nothing spoilt
  const std::string proposed = propose_generation(regular);
  if (model_.proposals.size() == before || !model_.proposals[before].generation) return proposed;
  check();
  for (const Place officer : std::set<Place>(model_.officers)) {
    if (model_.proposals[before].in_force || !model_.may_approve(officer, now())) continue;
    approve_proposal_as(before, officer);
    check();
  }
  if (!model_.proposals[before].in_force) return "roll-over: waits for approvals";
  const std::string name = model_.proposals[before].generation->name;
  const auto its_turn = [&] {  // what some_generation() takes for this one
    unsigned choice = 0;
    while (some_generation(choice)->name != name) ++choice;
    return choice;
  };
  certify_generation(Step{.choice = {its_turn(), 1}});
  check();
  build_list(Step{.choice = {static_cast<unsigned>(model_.generations.size() - 1)}});
  check();
  serve_generation(Step{.choice = {its_turn()}});
  return "roll-over";
}

}  // namespace antin::life
