#include "tests/scenarios/explored_life.h"

#include <algorithm>
#include <fstream>

#include "base/digest.h"
#include "ca/authority/key_block.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"

namespace antin::tests {
namespace {

// A run that is played again draws the same serials.
class RepeatedRandom final : public RandomSource {
 public:
  explicit RepeatedRandom(std::string seed) : seed_(std::move(seed)) {}
  Status fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& octet : out) octet = sha256(bytes_of(seed_ + std::to_string(drawn_++)))[0];
    return {};
  }

 private:
  std::string seed_;
  std::uint64_t drawn_ = 0;
};

// Of the worker whose thread it is: where a list was signed.
thread_local const std::function<void()>* after_signature = nullptr;

}  // namespace

const char* name_of(Op op) {
  constexpr const char* names[] = {"issue",   "renew",  "change",     "revoke_row", "revoke",
                                   "suspend", "resume", "compromise", "list"};
  return names[static_cast<std::size_t>(op)];
}

// What rosters ask is approved while it can be asked; the officers of five years ago are gone by then.
ExploredLife::ExploredLife(Hour the_hour) : hour(the_hour) {
  if (hour != Hour::amid_life) {
    base.clock.set(subject.not_after - hours(2));
    for (int i = 0; i < 2; ++i) {
      base.officer_keys[i] = hsm::software::generate({}).value();
      base.officers[i] = base.make_officer(i + 3, base.officer_keys[i]);
    }
  }
  approve_rosters();
  start_ = hour == Hour::amid_life   ? base.clock.now() + hours(1)
           : hour == Hour::after_end ? subject.not_after + hours(1)
                                     : subject.not_after - seconds(2);
  begin();
  base.store.reset();
}

void ExploredLife::begin() {
  base.clock.set(start_);
  signed_certificates.clear();
  signed_lists.clear();
}

std::set<std::uint64_t> ExploredLife::published(const Path& folder) {
  std::set<std::uint64_t> numbers;
  std::ifstream lines(folder / "published");
  for (std::uint64_t number = 0; lines >> number;) numbers.insert(number);
  return numbers;
}

void ExploredLife::approve_rosters() {
  auto transaction = must(base.store->begin());
  REQUIRE(transaction->append_log(log::entry(base.clock.now(), "ceremony", {{"required_approvals", "2"}})));
  REQUIRE(transaction->commit());
  auto fresh = base.row(2, *hsm::software::generate({}).value());
  fresh["row"] = 1;
  rosters[Op::issue] = base.approved(base.file({fresh}));
  rosters[Op::renew] = base.approved(base.acts({base.renew(1, subject)}));
  rosters[Op::change] = base.approved(base.acts({base.change(1, subject, "PHÒNG MỚI")}));
  rosters[Op::revoke_row] = base.approved(base.acts({base.revoke(1, subject)}));
  for (const char* bloc : {"party", "government"}) {
    const auto record = *must(base.store->certificate_by_request(std::string("ceremony/") + bloc, base.clock.now()));
    const Key& key = bloc == std::string("party") ? base.party_key : base.government_key;
    const auto with = [&](WitnessKey::Note note) {
      issuance::IssuerIdentity identity;
      identity.crl_url = std::string("http://pki.lamdong.test/v1/crl/") + bloc;
      return must(issuance::Issuer::make(std::make_shared<WitnessKey>(key, std::move(note)),
                                         must(x509::Certificate::from_der(record.der)), identity,
                                         x509::SecondOpinion::full));
    };
    issuers_.emplace(bloc, with([this](const std::string& digest) { signed_certificates.insert(digest); }));
    list_issuer_.emplace(bloc, with([this](const std::string& digest) {
                           signed_lists.insert(digest);
                           if (after_signature != nullptr) (*after_signature)();
                         }));
  }
  certificates = must(base.store->certificates({}, base.clock.now())).size();
}

Path ExploredLife::started(const TemporaryDirectory& folder,
                           const std::function<void(const authority::Context&, const std::string&)>& prepare) {
  const Path file = folder / "start.sqlite";
  for (const char* suffix : {"", "-wal"})
    if (std::filesystem::exists((base.folder / "antin.sqlite").string() + suffix))
      std::filesystem::copy_file((base.folder / "antin.sqlite").string() + suffix, file.string() + suffix);
  const auto store = must(store::open_sqlite_store(file));
  FixedClock clock(std::min(now(), subject.not_after) - minutes(30));
  SystemRandom random;
  prepare(authority::Context{*store, clock, random, nullptr, {.suspension = true}}, subject.id);
  log_entries = must(store->log_size());
  return file;
}

authority::IssuingPlan ExploredLife::plan() const {
  authority::IssuingPlan plan;
  for (const auto& [bloc, issuer] : issuers_) plan.issuers[bloc] = &issuer;
  plan.threads = 1;
  return plan;
}

Worker::Worker(const ExploredLife& world, Path folder, Op op, std::string name, unsigned life)
    : world_(world), folder_(std::move(folder)), op_(op), name_(std::move(name)), life_(life) {}

Worker::~Worker() {
  if (!thread_.joinable()) return;
  dies_ = true;
  while (!over_) step();
  thread_.join();
}

void Worker::step() {
  std::unique_lock lock(mutex_);
  running_ = begun_ = true;
  if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
  changed_.notify_all();
  changed_.wait(lock, [this] { return !running_; });
}

void Worker::again() {
  if (thread_.joinable()) thread_.join();
  alone_ = true;
  work();
}

void Worker::boundary() {
  if (alone_ || dies_) return;
  std::unique_lock lock(mutex_);
  running_ = false;
  changed_.notify_all();
  changed_.wait(lock, [this] { return running_; });
  if (dies_) throw Died();
}

void Worker::work() {
  const std::function<void()> here = [this] { boundary(); };
  after_signature = &here;
  try {
    result_ = act();
  } catch (const Died&) {
  }
  after_signature = nullptr;
  const std::lock_guard lock(mutex_);
  over_ = true;
  running_ = false;
  changed_.notify_all();
}

Status Worker::act() {
  ANTIN_TRY(auto inner, store::open_sqlite_store(folder_ / "antin.sqlite"));
  SteppedStore store(std::move(inner), [this](std::string_view step) {
    if (step != "commit") boundary();
  });
  RepeatedRandom random(name_ + std::to_string(life_) + "/");
  const authority::Context context{store, world_.base.clock, random, nullptr, {.suspension = true}};
  const std::string& id = world_.subject.id;
  if (op_ == Op::revoke)
    return authority::revoke(context, id, x509::RevocationReason::superseded, std::nullopt, name_, world_.base.body);
  if (op_ == Op::suspend) return authority::suspend(context, id, name_);
  if (op_ == Op::resume) return authority::resume(context, id, name_);
  if (op_ == Op::compromise) {
    const auto done = authority::compromise_key(context, world_.base.keys[0]->public_key_info(), name_, std::nullopt);
    return done ? Status() : fail(done.error());
  }
  if (op_ == Op::list) {
    const auto made = status::build_and_publish(
        context, {"government", &world_.list_issuer(), world_.list_url, days{7}, folder_ / "government.crl"});
    if (!made) return fail(made.error());
    std::ofstream(folder_ / "published", std::ios::app) << made->number << "\n";
    return {};
  }
  return issue(context);
}

Status Worker::issue(const authority::Context& context) {
  ANTIN_TRY(const auto result, authority::issue_roster(context, world_.rosters.at(op_), world_.plan(), {}));
  if (result.approvals_missing == 0) return {};
  return fail(ErrorCode::internal, "it was approved, and waits for approvals");
}

}  // namespace antin::tests
