// One certificate's life, explored to its end: two processes work on it at once, each may die at any moment that makes a
// difference, and every order of their steps is played on a store of its own.
//
// A step ends where a transaction is about to begin: what a process reads belongs to the step that follows what it
// wrote. A process dies before it begins one, before or after it commits one, or with a signature that nobody recorded;
// whoever died asks again at the end. ANTIN_EXPLORE_CRASHES sets how many may die in one run (default 1).
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <thread>

#include "ca/authority/approval_audit.h"
#include "ca/authority/key_block.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/scenarios/stepped_store.h"
#include "tests/scenarios/witness_key.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

enum class Op { issue, renew, change, revoke_row, revoke, suspend, resume, compromise };
constexpr Op all_ops[] = {Op::issue,  Op::renew,   Op::change, Op::revoke_row,
                          Op::revoke, Op::suspend, Op::resume, Op::compromise};
constexpr const char* op_names[] = {"issue", "renew", "change", "revoke_row", "revoke", "suspend", "resume", "compromise"};
const char* name_of(Op op) { return op_names[static_cast<std::size_t>(op)]; }
bool of_roster(Op op) { return op <= Op::revoke_row; }

// P-1 has a certificate; rosters that issue one for P-2, and that renew, change and revoke P-1's, are approved.
struct Beginning {
  LifeFixture base{1};
  store::CertificateRecord subject = base.of("P-1");
  std::map<Op, Bytes> rosters;
  std::map<std::string, store::CertificateRecord> authorities;
  std::uint64_t certificates = 0;

  Beginning() {
    auto transaction = must(base.store->begin());
    REQUIRE(transaction->append_log(log::entry(base.clock.now(), "ceremony", {{"required_approvals", "2"}})));
    REQUIRE(transaction->commit());
    auto fresh = base.row(2, *hsm::software::generate({}).value());
    fresh["row"] = 1;
    rosters[Op::issue] = base.approved(base.file({fresh}));
    rosters[Op::renew] = base.approved(base.acts({base.renew(1, subject)}));
    rosters[Op::change] = base.approved(base.acts({base.change(1, subject, "PHÒNG MỚI")}));
    rosters[Op::revoke_row] = base.approved(base.acts({base.revoke(1, subject)}));
    for (const char* bloc : {"party", "government"})
      authorities.emplace(
          bloc, *must(base.store->certificate_by_request(std::string("ceremony/") + bloc, base.clock.now())));
    certificates = must(base.store->certificates({}, base.clock.now())).size();
    base.clock.set(base.clock.now() + hours(1));
    base.store.reset();
  }
};

struct Died {};

// One process: its own connection, its own thread, and steps that the explorer lets it take.
class Worker {
 public:
  Worker(const Beginning& beginning, const Path& folder, Op op, std::string name)
      : beginning_(beginning), folder_(folder), op_(op), name_(std::move(name)) {}
  ~Worker() {
    if (!thread_.joinable()) return;
    while (!over_) step(1);
    thread_.join();
  }
  Worker(const Worker&) = delete;

  // Until the next transaction is about to begin, or the end; dies at the event of that number, counted from 1. False
  // when there were not so many events.
  bool step(unsigned dies_at) {
    std::unique_lock lock(mutex_);
    dies_at_ = dies_at;
    events_ = 0;
    running_ = true;
    if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    changed_.notify_all();
    changed_.wait(lock, [this] { return !running_; });
    return dies_at == 0 || events_ >= dies_at;
  }
  bool over() const { return over_; }
  bool died() const { return died_; }
  Op op() const { return op_; }
  const Status& result() const { return result_; }
  // Alone and to its end, as after a restart.
  void again() {
    dies_at_ = 0;
    running_ = true;
    alone_ = true;
    work();
  }

 private:
  void event() {
    if (++events_ == dies_at_) throw Died();
  }
  void at_step(std::string_view step) {
    event();
    if (step != "begin" || alone_) return;
    std::unique_lock lock(mutex_);
    running_ = false;
    changed_.notify_all();
    changed_.wait(lock, [this] { return running_; });
  }
  void work() {
    over_ = died_ = false;
    try {
      result_ = act();
    } catch (const Died&) {
      died_ = true;
    }
    const std::lock_guard lock(mutex_);
    over_ = true;
    running_ = false;
    changed_.notify_all();
  }
  Status act() {
    ANTIN_TRY(auto inner, store::open_sqlite_store(folder_ / "antin.sqlite"));
    SteppedStore store(std::move(inner), [this](std::string_view step) { at_step(step); });
    FixedClock clock(beginning_.base.clock.now());
    SystemRandom random;
    const authority::Context context{store, clock, random};
    const std::string& id = beginning_.subject.id;
    if (op_ == Op::revoke)
      return authority::revoke(context, id, x509::RevocationReason::superseded, std::nullopt, name_);
    if (op_ == Op::suspend) return authority::suspend(context, id, name_);
    if (op_ == Op::resume) return authority::resume(context, id, name_);
    if (op_ == Op::compromise) {
      const auto done =
          authority::compromise_key(context, beginning_.base.keys[0]->public_key_info(), name_, std::nullopt);
      return done ? Status() : fail(done.error());
    }
    return issue(context);
  }
  Status issue(const authority::Context& context) {
    std::map<std::string, issuance::Issuer> issuers;
    for (const auto& [bloc, record] : beginning_.authorities) {
      const Key& key = bloc == "party" ? beginning_.base.party_key : beginning_.base.government_key;
      issuance::IssuerIdentity identity;
      identity.crl_url = "http://pki.lamdong.test/v1/crl/" + bloc;
      ANTIN_TRY(const auto certificate, x509::Certificate::from_der(record.der));
      ANTIN_TRY(auto issuer,
                issuance::Issuer::make(std::make_shared<WitnessKey>(key, folder_ / "journal", nullptr), certificate,
                                       identity, x509::SecondOpinion::full));
      issuers.emplace(bloc, std::move(issuer));
    }
    authority::IssuingPlan plan;
    for (auto& [bloc, issuer] : issuers) plan.issuers[bloc] = &issuer;
    plan.at_step = [this](std::string_view step) {
      if (step == "signed" || step == "recovered") event();  // a signature that nobody recorded
    };
    ANTIN_TRY(const auto result, authority::issue_roster(context, beginning_.rosters.at(op_), plan, {}));
    if (result.approvals_missing == 0) return {};
    return fail(ErrorCode::internal, "it was approved, and waits for approvals");
  }

  const Beginning& beginning_;
  Path folder_;
  Op op_;
  std::string name_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool running_ = false, over_ = false, died_ = false, alone_ = false;
  unsigned dies_at_ = 0, events_ = 0;
  Status result_;
};

// What holds at every moment; the words for the state that it is in.
class Observer {
 public:
  Observer(const Beginning& beginning, const Path& folder)
      : beginning_(beginning), folder_(folder), store_(must(store::open_sqlite_store(folder / "antin.sqlite", true))) {}

  std::string look() {
    const Time now = beginning_.base.clock.now();
    std::set<std::string> recorded, serials;
    std::string state;
    for (const auto& intent : must(store_->open_intents())) {
      recorded.insert(to_hex(sha256(intent.tbs)));
      state += "intent of " + intent.subscriber + (intent.succession ? " " + intent.succession->act : "") + "; ";
    }
    for (const auto& record : must(store_->certificates({}, now))) {
      REQUIRE(serials.insert(record.serial.hex()).second);
      const auto [first, fresh] = octets_.emplace(record.id, record.der);
      REQUIRE(equal(first->second, record.der));
      recorded.insert(to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs())));
      if (record.kind != "personal") continue;
      state += record.subscriber + (record.succession ? " " + record.succession->act : "") + " " +
               std::string(to_string(record.status)) + path(record.id) + "; ";
    }
    for (const std::string& digest : signed_digests(folder_ / "journal")) {
      INFO("signed, and neither decided nor recorded: " << digest);
      REQUIRE(recorded.contains(digest));
    }
    return state;
  }
  // As `antin log verify` does.
  void audit() {
    const Time now = beginning_.base.clock.now();
    must(log::verify(*store_));
    const Status same = authority::reconcile(*store_, now);
    INFO((same ? "" : same.error().message));
    REQUIRE(same.has_value());
    must(authority::audit_approvals(*store_, 2));
    REQUIRE(must(store_->open_intents()).empty());
  }
  std::uint64_t done(Op op) { return must(store_->roster(beginning_.rosters.at(op))).issued; }
  store::CertificateStatus status() { return certificate().status; }
  bool followed() { return must(store_->successor(beginning_.subject.id, beginning_.base.clock.now())).has_value(); }
  std::vector<store::RevocationEvent> events() { return must(store_->revocations(beginning_.subject.id)); }
  std::uint64_t certificates() { return must(store_->certificates({}, beginning_.base.clock.now())).size(); }

 private:
  store::CertificateRecord certificate() {
    return must(store_->certificate(beginning_.subject.id, beginning_.base.clock.now()));
  }
  // Valid → suspended → valid; revoked from either, and then nothing more.
  std::string path(const std::string& id) {
    using enum store::RevocationEvent::Act;
    std::string words;
    store::CertificateStatus state = store::CertificateStatus::valid;
    for (const auto& event : must(store_->revocations(id))) {
      REQUIRE(state != store::CertificateStatus::revoked);
      if (event.act == suspend) REQUIRE(state == store::CertificateStatus::valid);
      if (event.act == resume) REQUIRE(state == store::CertificateStatus::suspended);
      state = event.act == suspend  ? store::CertificateStatus::suspended
              : event.act == resume ? store::CertificateStatus::valid
                                    : store::CertificateStatus::revoked;
      words += event.act == suspend ? " s" : event.act == resume ? " r" : " X";
    }
    return words;
  }

  const Beginning& beginning_;
  Path folder_;
  std::unique_ptr<store::Store> store_;
  std::map<std::string, Bytes> octets_;
};

// What each operation answered must be so.
void check_answer(const Worker& worker, Observer& observer) {
  const Op op = worker.op();
  INFO(name_of(op) << ": " << (worker.result() ? "done" : worker.result().error().message));
  if (!worker.result()) {
    const ErrorCode code = worker.result().error().code;
    // Refused by the state, or by the other one who was quicker.
    REQUIRE((code == ErrorCode::failed_precondition || code == ErrorCode::already_exists));
    return;
  }
  if (of_roster(op)) REQUIRE(observer.done(op) == 1);
  if (op == Op::revoke || op == Op::revoke_row || op == Op::compromise)
    REQUIRE(observer.status() == store::CertificateStatus::revoked);
  if (op == Op::change) REQUIRE((observer.followed() && observer.status() == store::CertificateStatus::revoked));
  if (op == Op::suspend || op == Op::resume) REQUIRE_FALSE(observer.events().empty());
}

void copy_store(const Path& from, const Path& to) {
  for (const char* suffix : {"", "-wal"})
    if (std::filesystem::exists(from.string() + suffix))
      std::filesystem::copy_file(from.string() + suffix, to.string() + suffix);
}

struct Explored {
  std::uint64_t runs = 0, deaths = 0, steps = 0;
  std::set<std::string> states;
};

// One run that follows `choices` as far as they go and adds the first choice for what comes after; `options` says how
// many there were. False when the run is another one over again: its process was to die at an event that did not come.
bool play(const Beginning& beginning, const Path& start, Op first, Op second, std::vector<unsigned>& choices,
          std::vector<unsigned>& options, unsigned may_die, Explored& explored) {
  constexpr unsigned most_events = 4;
  TemporaryDirectory folder;
  copy_store(start, folder / "antin.sqlite");
  Observer observer(beginning, folder.path());
  Worker workers[] = {{beginning, folder.path(), first, "A"}, {beginning, folder.path(), second, "B"}};
  options.clear();
  for (std::size_t depth = 0; !workers[0].over() || !workers[1].over(); ++depth) {
    if (depth == choices.size()) choices.push_back(0);
    const unsigned kinds = may_die > 0 ? 1 + most_events : 1;
    const unsigned running = (workers[0].over() ? 0U : 1U) + (workers[1].over() ? 0U : 1U);
    options.push_back(kinds * running);
    const unsigned which = workers[0].over() ? 1 : workers[1].over() ? 0 : choices[depth] / kinds;
    const unsigned dies_at = choices[depth] % kinds;
    if (!workers[which].step(dies_at)) return false;
    if (workers[which].died()) --may_die;
    ++explored.steps;
    explored.states.insert(observer.look());
  }
  ++explored.runs;
  for (Worker& worker : workers) {
    if (!worker.died()) continue;
    ++explored.deaths;
    worker.again();
    REQUIRE_FALSE(worker.died());
    explored.states.insert(observer.look());
  }
  // An intent that a refused run of another roster left is finished by its own roster.
  for (Worker& worker : workers)
    if (of_roster(worker.op()) && !worker.result()) worker.again();
  for (const Worker& worker : workers) check_answer(worker, observer);
  observer.audit();
  const std::uint64_t made = observer.certificates() - beginning.certificates;
  std::uint64_t wanted = 0;
  std::set<Op> counted;
  for (const Worker& worker : workers)
    if (of_roster(worker.op()) && worker.op() != Op::revoke_row && counted.insert(worker.op()).second)
      wanted += observer.done(worker.op());
  REQUIRE(made == wanted);
  return true;
}

void explore(const Beginning& beginning, const Path& start, Op first, Op second, unsigned may_die, Explored& explored) {
  std::vector<unsigned> choices, options;
  for (;;) {
    std::string way;
    for (const unsigned choice : choices) way += " " + std::to_string(choice);
    INFO(name_of(first) << " beside " << name_of(second) << ", choices" << way);
    play(beginning, start, first, second, choices, options, may_die, explored);
    choices.resize(options.size());
    while (!choices.empty() && choices.back() + 1 == options[choices.size() - 1]) choices.pop_back();
    if (choices.empty()) return;
    ++choices.back();
  }
}

unsigned may_die() {
  const char* text = std::getenv("ANTIN_EXPLORE_CRASHES");
  return text != nullptr ? static_cast<unsigned>(std::strtoul(text, nullptr, 10)) : 1;
}

// The beginning's store in one file, with the certificate as `prepare` leaves it.
template <class Prepare>
Path started(const Beginning& beginning, const TemporaryDirectory& folder, Prepare prepare) {
  const Path file = folder / "start.sqlite";
  copy_store(beginning.base.folder / "antin.sqlite", file);
  {
    const auto store = must(store::open_sqlite_store(file));
    FixedClock clock(beginning.base.clock.now() - minutes(30));
    SystemRandom random;
    prepare(authority::Context{*store, clock, random});
  }
  return file;
}

void explore_all(const char* from, const std::function<void(const authority::Context&, const std::string&)>& prepare) {
  const Beginning beginning;
  TemporaryDirectory folder;
  const Path start =
      started(beginning, folder, [&](const authority::Context& context) { prepare(context, beginning.subject.id); });
  Explored explored;
  for (const Op first : all_ops)
    for (const Op second : all_ops)
      if (first <= second) explore(beginning, start, first, second, may_die(), explored);
  std::cout << from << ": " << explored.runs << " interleavings of two processes, " << explored.deaths << " deaths, "
            << explored.steps << " steps, " << explored.states.size() << " states of the store\n";
  CHECK(explored.runs > 500);
  CHECK(explored.states.size() > 10);
}

}  // namespace

TEST_CASE("a valid certificate, and two processes that act on it in every order, each of which may die") {
  explore_all("valid", [](const authority::Context&, const std::string&) {});
}

TEST_CASE("a suspended certificate, and two processes that act on it in every order, each of which may die") {
  explore_all("suspended", [](const authority::Context& context, const std::string& id) {
    REQUIRE(authority::suspend(context, id, "thử"));
  });
}
