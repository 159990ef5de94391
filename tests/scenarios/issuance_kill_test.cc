// A process that issues a roster, of new certificates alone or of every act, is killed with SIGKILL at step boundaries
// and inside the token, again and again, and started anew: nothing is lost, nothing issued twice, nothing signed and
// unrecorded. ANTIN_KILL_RUNS says how many runs (default 100).
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/scenarios/witness_key.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::Key;
using antin::tests::LifeFixture;
using antin::tests::must;
using antin::tests::WitnessKey;

namespace {

constexpr std::uint64_t row_count = 14;

// Counts down over everything that happens and kills this process at zero.
class Fuse {
 public:
  explicit Fuse(int events) : left_(events) {}
  void burn() {
    if (left_.fetch_sub(1) == 1) ::kill(::getpid(), SIGKILL);
  }

 private:
  std::atomic<int> left_;
};

// An approved roster in a closed store, to be copied for each run.
struct Scenario {
  LifeFixture base;
  Bytes hash;
  std::map<std::string, store::CertificateRecord> authorities, subscribers;  // by bloc, by code
  std::set<std::string> signed_before;  // to-be-signed digests of the subscribers' certificates

  // `subscribers`: how many have a certificate before; `roster` makes what is issued.
  Scenario(std::uint64_t count, const std::function<std::string(Scenario&)>& roster) : base(count) {
    for (const auto& record : must(base.store->certificates({.kind = "personal"}, base.clock.now()))) {
      subscribers.emplace(record.subscriber, record);
      signed_before.insert(to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs())));
    }
    hash = base.approved(roster(*this));
    for (const char* bloc : {"party", "government"})
      for (const auto& record : must(base.store->certificates({.kind = "issuing"}, base.clock.now())))
        if (equal(must(x509::Certificate::from_der(record.der)).public_key_info(), key(bloc)->public_key_info()))
          authorities.emplace(bloc, record);
    base.store.reset();
  }
  Key key(const std::string& bloc) const { return bloc == "party" ? base.party_key : base.government_key; }
  // The store's files, to a folder of the run's own.
  void copy_to(const Path& folder) const {
    for (const char* name : {"antin.sqlite", "antin.sqlite-wal"})
      if (std::filesystem::exists(base.folder / name)) std::filesystem::copy_file(base.folder / name, folder / name);
  }
  Result<authority::IssueResult> issue(const Path& folder, Fuse* fuse) {
    auto opened = store::open_sqlite_store(folder / "antin.sqlite");
    if (!opened) return fail(opened.error());
    std::map<std::string, issuance::Issuer> issuers;
    std::function<void()> around;
    if (fuse != nullptr) around = [fuse] { fuse->burn(); };
    for (const char* bloc : {"party", "government"})
      issuers.emplace(
          bloc, base.issuer(std::make_shared<WitnessKey>(key(bloc), folder / "journal", around), authorities.at(bloc)));
    authority::IssuingPlan plan;
    for (auto& [bloc, issuer] : issuers) plan.issuers[bloc] = &issuer;
    plan.group_size = 4;
    if (fuse != nullptr) plan.at_step = [fuse](std::string_view) { fuse->burn(); };
    return authority::issue_roster({**opened, base.clock, base.random}, hash, plan, {});
  }
  // Issues in a process of its own; how it ended, as waitpid tells.
  template <class Body>
  int in_child(Body body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(body() ? 0 : 1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
};

std::set<std::string> journal(const Path& folder) { return antin::tests::signed_digests(folder / "journal"); }

// Every digest that a token signed is that of an intent or of a certificate on record.
void check_nothing_unrecorded(store::Store& store, const Path& folder, Time now) {
  std::set<std::string> recorded;
  for (const auto& intent : must(store.open_intents())) recorded.insert(to_hex(sha256(intent.tbs)));
  for (const auto& record : must(store.certificates({}, now)))
    recorded.insert(to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs())));
  for (const auto& digest : journal(folder)) {
    INFO("signed and unrecorded: " << digest);
    CHECK(recorded.contains(digest));
  }
  CHECK(log::verify(store).has_value());
  CHECK(authority::reconcile(store, now).has_value());
}

// The subscribers of all_acts(), whose certificates are renewed, changed or rekeyed and replaced, or revoked.
constexpr const char *renewed[] = {"P-1", "P-2"}, *ended[] = {"P-3", "P-4", "P-5"}, *gone[] = {"P-6", "P-7", "P-8"};

std::string all_acts(Scenario& scenario) {
  LifeFixture& f = scenario.base;
  auto rows = f.rows(6);
  for (auto& row : rows) row["code"] = "Q-" + std::to_string(row["row"].get<int>());
  std::uint64_t next = rows.size();
  const auto on = [&](const char* code) { return scenario.subscribers.at(code); };
  for (const char* code : renewed) rows.push_back(f.renew(++next, on(code)));
  rows.push_back(f.change(++next, on("P-3"), "PHÒNG MỚI"));
  rows.push_back(f.revoke(++next, on("P-6")));
  rows.push_back(f.change(++next, on("P-4"), "PHÒNG MỚI"));
  rows.push_back(f.rekey(++next, on("P-5"), *hsm::software::generate({}).value()));
  rows.back()["reason"] = "superseded";
  rows.push_back(f.revoke(++next, on("P-7")));
  rows.push_back(f.revoke(++next, on("P-8"), "superseded"));
  REQUIRE(next == row_count);
  return f.acts(rows);
}

// At every moment: what is replaced is revoked with its successor's certificate on record, and never twice.
void check_acts_are_whole(store::Store& store, const Scenario& scenario, bool all_done) {
  const Time now = scenario.base.clock.now();
  for (const auto& [code, record] : scenario.subscribers) {
    INFO(code);
    const bool followed = must(store.successor(record.id, now)).has_value();
    const auto events = must(store.revocations(record.id)).size();
    const bool stays = std::ranges::find(renewed, code) != std::end(renewed);
    const bool leaves = std::ranges::find(gone, code) != std::end(gone);
    CHECK(events <= (stays ? 0U : 1U));
    if (!stays && !leaves) CHECK(followed == (events == 1));
    if (all_done) CHECK(followed != leaves);
    if (all_done) CHECK(events == (stays ? 0U : 1U));
  }
}

void check_complete(store::Store& store, const Path& folder, const Scenario& scenario) {
  const Time now = scenario.base.clock.now();
  check_nothing_unrecorded(store, folder, now);
  CHECK(must(store.open_intents()).empty());
  const auto personal = must(store.certificates({.kind = "personal"}, now));
  std::set<std::string> codes, signed_now;
  for (const auto& record : personal) {
    const std::string digest = to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs()));
    if (scenario.signed_before.contains(digest)) continue;
    codes.insert(record.subscriber);
    signed_now.insert(digest);
  }
  const std::size_t made = row_count - (scenario.subscribers.empty() ? 0 : std::size(gone));
  CHECK(signed_now.size() == made);
  CHECK(codes.size() == made);
  CHECK(must(store.roster(scenario.hash)).issued == row_count);
  check_acts_are_whole(store, scenario, true);
  // One to-be-signed octet string a row: whatever was signed before a kill is what is on record now.
  CHECK(journal(folder) == signed_now);
}

int runs() {
  const char* text = std::getenv("ANTIN_KILL_RUNS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 100;
}

void kill_and_resume(Scenario& scenario) {
  std::mt19937 random(20221228);
  int killed = 0;
  for (int run = 0; run < runs(); ++run) {
    TemporaryDirectory folder;
    scenario.copy_to(folder.path());
    // Up to three kills in a row: the recovery of a recovery must hold too.
    for (int life = 0; life < 3; ++life) {
      const int events = std::uniform_int_distribution<int>(1, 36)(random);
      const int status = scenario.in_child([&] {
        Fuse fuse(events);
        return scenario.issue(folder.path(), &fuse).has_value();
      });
      INFO("run " << run << ", life " << life << ", killed at event " << events);
      if (WIFSIGNALED(status)) {
        REQUIRE(WTERMSIG(status) == SIGKILL);
        ++killed;
      } else {
        REQUIRE(WEXITSTATUS(status) == 0);
      }
      const auto store = must(store::open_sqlite_store(folder / "antin.sqlite", true));
      check_nothing_unrecorded(*store, folder.path(), scenario.base.clock.now());
      check_acts_are_whole(*store, scenario, false);
    }
    const auto last = scenario.issue(folder.path(), nullptr);
    INFO("run " << run << (last ? "" : ": " + last.error().message));
    REQUIRE(last.has_value());
    CHECK(last->issued + last->revoked + last->issued_before == row_count);
    const auto store = must(store::open_sqlite_store(folder / "antin.sqlite"));
    check_complete(*store, folder.path(), scenario);
  }
  CHECK(killed >= runs());
}

std::string new_ones(Scenario& scenario) { return scenario.base.file(scenario.base.rows(row_count)); }

}  // namespace

TEST_CASE(
    "killed at any step and started again, the authority loses nothing, issues nothing twice and records all it "
    "signed") {
  Scenario scenario(0, new_ones);
  kill_and_resume(scenario);
}

TEST_CASE(
    "killed amid a roster of every act, no certificate is ended without its successor, and nothing is done twice") {
  Scenario scenario(8, all_acts);
  kill_and_resume(scenario);
}

TEST_CASE("a full disk stops issuing with nothing half-written, and issuing goes on when there is room") {
  Scenario scenario(0, new_ones);
  int stopped = 0;
  for (const rlim_t room : {rlim_t{4096}, rlim_t{20'000}, rlim_t{60'000}, rlim_t{90'000}}) {
    TemporaryDirectory folder;
    scenario.copy_to(folder.path());
    const auto present = std::filesystem::exists(folder / "antin.sqlite-wal")
                             ? std::filesystem::file_size(folder / "antin.sqlite-wal")
                             : 0;
    const int status = scenario.in_child([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit limit{present + room, present + room};
      if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(9);
      const auto made = scenario.issue(folder.path(), nullptr);
      if (!made) ::_exit(made.error().code == ErrorCode::resource_exhausted ? 3 : 4);
      return true;
    });
    REQUIRE(WIFEXITED(status));
    INFO("room for " << room << " octets");
    CHECK((WEXITSTATUS(status) == 3 || WEXITSTATUS(status) == 0));
    if (WEXITSTATUS(status) == 3) ++stopped;
    {
      const auto store = must(store::open_sqlite_store(folder / "antin.sqlite"));
      check_nothing_unrecorded(*store, folder.path(), scenario.base.clock.now());
    }
    const auto last = scenario.issue(folder.path(), nullptr);
    INFO((last ? "" : last.error().message));
    REQUIRE(last.has_value());
    const auto store = must(store::open_sqlite_store(folder / "antin.sqlite"));
    check_complete(*store, folder.path(), scenario);
  }
  CHECK(stopped >= 1);
}
