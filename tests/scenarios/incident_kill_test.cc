// A process that runs an incident is killed with SIGKILL at step boundaries, again and again, and started anew: every
// certificate is ended once, and store, log and approvals agree at every moment. ANTIN_KILL_RUNS says how many runs
// (default 100).
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "ca/authority/approval_audit.h"
#include "ca/authority/incident.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using antin::tests::LifeFixture;
using antin::tests::must;

namespace {

constexpr std::uint64_t subscribers = 13;
constexpr unsigned group_size = 2;
constexpr int boundaries = 14;  // two for each of seven groups

// An approved incident in a closed store, to be copied for each run.
struct Scenario {
  LifeFixture base{subscribers};
  Bytes hash;

  Scenario() {
    {
      auto transaction = must(base.store->begin());
      REQUIRE(transaction->append_log(
          log::entry(base.clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", "2"}})));
      REQUIRE(transaction->commit().has_value());
    }
    authority::IncidentDraft draft{
        .name = "thử", .reason = x509::RevocationReason::key_compromise, .time_to_act = hours(24)};
    draft.selection.kinds = {"personal"};
    hash = must(authority::create_incident(base.context(), draft)).hash;
    for (int i = 0; i < 2; ++i)
      must(authority::approve_incident(base.context(), hash, base.officers[i], *base.officer_keys[i]));
    base.store.reset();
  }
  void copy_to(const Path& folder) const {
    for (const char* name : {"antin.sqlite", "antin.sqlite-wal"})
      if (std::filesystem::exists(base.folder / name)) std::filesystem::copy_file(base.folder / name, folder / name);
  }
  // `boundary`: at which it is killed, counted from 1; 0: at none.
  Result<authority::IncidentRun> run(const Path& folder, int boundary) {
    ANTIN_TRY(const auto store, store::open_sqlite_store(folder / "antin.sqlite"));
    authority::IncidentPlan plan;
    plan.group_size = group_size;
    if (boundary != 0)
      plan.at_step = [left = boundary](std::string_view) mutable {
        if (--left == 0) ::kill(::getpid(), SIGKILL);
      };
    return authority::run_incident({*store, base.clock, base.random}, hash, plan, {});
  }
  // How the process that ran it ended, as waitpid tells.
  int run_in_child(const Path& folder, int boundary) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(run(folder, boundary) ? 0 : 1);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
  }
};

// How many certificates are ended; each by one event, with its log entry and outcome.
std::uint64_t ended(store::Store& store, Time now) {
  std::uint64_t count = 0;
  for (const auto& record : must(store.certificates({.kind = "personal"}, now))) {
    const auto events = must(store.revocations(record.id)).size();
    INFO(record.id);
    CHECK(events <= 1);
    count += events;
  }
  CHECK(must(store.incidents()).front().done == count);
  CHECK(log::verify(store).has_value());
  CHECK(authority::reconcile(store, now).has_value());
  CHECK(must(authority::audit_approvals(store, 2)).ended == count);
  return count;
}

int runs() {
  const char* text = std::getenv("ANTIN_KILL_RUNS");
  return text != nullptr ? std::max(1, std::atoi(text)) : 100;
}

}  // namespace

TEST_CASE("killed at any step and started again, an incident ends every certificate once") {
  Scenario scenario;
  const Time now = scenario.base.clock.now();
  std::mt19937 random(20260101);
  int killed = 0;
  for (int run = 0; run < runs(); ++run) {
    TemporaryDirectory folder;
    scenario.copy_to(folder.path());
    std::uint64_t before = 0;
    for (int life = 0; life < 3; ++life) {
      const int boundary = std::uniform_int_distribution<int>(1, boundaries)(random);
      INFO("run " << run << ", life " << life << ", killed at boundary " << boundary);
      const int status = scenario.run_in_child(folder.path(), boundary);
      if (WIFSIGNALED(status)) {
        REQUIRE(WTERMSIG(status) == SIGKILL);
        ++killed;
      } else {
        REQUIRE(WEXITSTATUS(status) == 0);
      }
      const auto store = must(store::open_sqlite_store(folder / "antin.sqlite", true));
      const std::uint64_t after = ended(*store, now);
      // What was committed before the kill is there, and nothing else.
      if (WIFSIGNALED(status))
        CHECK(after == std::min<std::uint64_t>(subscribers, before + group_size * (boundary / 2)));
      before = after;
    }
    const auto last = must(scenario.run(folder.path(), 0));
    CHECK(last.done + last.before == subscribers);
    const auto store = must(store::open_sqlite_store(folder / "antin.sqlite"));
    CHECK(ended(*store, now) == subscribers);
  }
  CHECK(killed >= runs());
}
