// A day of an authority, from a roster that is handed in to the lists that are published, in a process that is killed
// with SIGKILL: at every boundary of a step and at random moments between them. Whoever comes next does the same again
// and finds every act done once: zero orphans, zero duplicates, the same octets.
//
// ANTIN_KILL_RUNS times five, but no more than 500 or itself, says how many kills at boundaries there are at least, and
// how many between them; 100 when it is not set. Each boundary has one in any case. The default lane sets it to 100,
// `scripts/test --long` to 1000: a thousand and two thousand kills.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>

#include "ca/authority/approval_audit.h"
#include "ca/authority/key_block.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"
#include "tests/scenarios/stepped_store.h"
#include "tests/scenarios/witness_key.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

using Wall = std::chrono::steady_clock;

// Counts what happens, and kills this process at the event of a number; 0 never.
class Fuse {
 public:
  explicit Fuse(int at) : at_(at) {}
  void burn() {
    if (++events_ == at_) ::kill(::getpid(), SIGKILL);
  }
  int events() const { return events_; }

 private:
  int at_;
  std::atomic<int> events_ = 0;
};

// Subscribers P-1 to P-4 have a certificate; the day's roster, handed in by nobody yet.
struct Day {
  LifeFixture base{4};
  std::string roster;
  std::vector<store::CertificateRecord> subjects;
  std::map<std::string, store::CertificateRecord> authorities;
  Key blocked = hsm::software::generate({}).value();
  std::set<std::string> signed_before;
  static constexpr std::uint64_t rows = 6, certificates = 5;

  Day() {
    for (int i = 1; i <= 4; ++i) subjects.push_back(base.of("P-" + std::to_string(i)));
    auto content = base.rows(3);
    for (auto& row : content) row["code"] = "Q-" + std::to_string(row["row"].get<int>());
    content.push_back(base.renew(4, subjects[0]));
    content.push_back(base.change(5, subjects[1], "PHÒNG MỚI"));
    content.push_back(base.revoke(6, subjects[2]));
    roster = base.acts(content);
    const Time now = base.clock.now();
    for (const char* bloc : {"party", "government"})
      authorities.emplace(bloc, *must(base.store->certificate_by_request(std::string("ceremony/") + bloc, now)));
    for (const auto& record : must(base.store->certificates({}, now))) signed_before.insert(tbs_digest(record));
    auto transaction = must(base.store->begin());
    REQUIRE(transaction->append_log(log::entry(now, "ceremony", {{"required_approvals", "2"}})));
    REQUIRE(transaction->commit());
    base.store.reset();
  }
  static std::string tbs_digest(const store::CertificateRecord& record) {
    return to_hex(sha256(must(x509::Certificate::from_der(record.der)).tbs()));
  }
  void copy_to(const Path& folder) const {
    for (const char* name : {"antin.sqlite", "antin.sqlite-wal"})
      if (std::filesystem::exists(base.folder / name)) std::filesystem::copy_file(base.folder / name, folder / name);
  }
  // The whole day; what was done before is found done.
  Status work(const Path& folder, Fuse& fuse) const;

 private:
  Result<issuance::Issuer> issuer(const std::string& bloc, const Path& folder, Fuse& fuse) const {
    issuance::IssuerIdentity identity;
    identity.crl_url = "http://pki.lamdong.test/v1/crl/" + bloc;
    ANTIN_TRY(const auto certificate, x509::Certificate::from_der(authorities.at(bloc).der));
    const Key& key = bloc == "party" ? base.party_key : base.government_key;
    return issuance::Issuer::make(
        std::make_shared<WitnessKey>(key, folder / "journal", [&fuse] { fuse.burn(); }), certificate, identity,
        x509::SecondOpinion::full);
  }
  Status approve(const authority::Context& context, const Bytes& hash) const {
    for (int i = 0; i < 2; ++i) {
      const auto approved = authority::approve(context, hash, base.officers[i], *base.officer_keys[i]);
      if (!approved && approved.error().code != ErrorCode::already_exists) return fail(approved.error());
    }
    return {};
  }
  // Suspended, resumed, revoked: from where it was left.
  Status end_last(const authority::Context& context) const {
    const std::string& id = subjects[3].id;
    ANTIN_TRY(const auto events, context.store.revocations(id));
    if (events.empty()) ANTIN_CHECK(authority::suspend(context, id, "tìm thiết bị"));
    if (events.size() < 2) ANTIN_CHECK(authority::resume(context, id, "tìm thấy"));
    if (events.size() < 3)
      ANTIN_CHECK(
          authority::revoke(context, id, x509::RevocationReason::key_compromise, std::nullopt, "lộ", base.body));
    return {};
  }
};

Status Day::work(const Path& folder, Fuse& fuse) const {
  ANTIN_TRY(auto inner, store::open_sqlite_store(folder / "antin.sqlite"));
  SteppedStore store(std::move(inner), [&fuse](std::string_view) { fuse.burn(); });
  SystemRandom random;
  const FixedClock clock(base.clock.now() + hours(1));
  const authority::Context context{store, clock, random, nullptr, {.suspension = true}};
  ANTIN_TRY(authority::Roster read, authority::read_roster(bytes_of(roster)));
  ANTIN_TRY(const Bytes hash, authority::submit_roster(context, std::move(read), nullptr, {}));
  ANTIN_CHECK(approve(context, hash));
  ANTIN_TRY(const issuance::Issuer party, issuer("party", folder, fuse));
  ANTIN_TRY(const issuance::Issuer government, issuer("government", folder, fuse));
  authority::IssuingPlan plan;
  plan.issuers = {{"party", &party}, {"government", &government}};
  plan.group_size = 2;
  plan.at_step = [&fuse](std::string_view) { fuse.burn(); };
  ANTIN_TRY(const auto issued, authority::issue_roster(context, hash, plan, {}));
  if (issued.issued + issued.revoked + issued.issued_before != rows)
    return fail(ErrorCode::internal, "the roster is not done");
  ANTIN_CHECK(end_last(context));
  ANTIN_CHECK(authority::block_key(context, blocked->public_key_info(), "đã công bố"));
  for (const auto& [bloc, one] : plan.issuers)
    ANTIN_CHECK(status::build_and_publish(
        context, {bloc, one, "http://pki.lamdong.test/v1/crl/" + bloc, days{7}, folder / (bloc + ".crl")}));
  return {};
}

// What is on record at some moment, and must stay as it is.
struct Seen {
  std::map<std::string, Bytes> certificates;
  std::set<std::string> tbs;
};

// Every signature is that of a certificate that was decided before, or of a list whose number was reserved.
void check_moment(const Day& day, const Path& folder, Seen& seen) {
  const auto store = must(store::open_sqlite_store(folder / "antin.sqlite", true));
  const Time now = day.base.clock.now() + hours(1);
  std::set<std::string> recorded, serials;
  for (const auto& intent : must(store->open_intents())) recorded.insert(to_hex(sha256(intent.tbs)));
  for (const auto& record : must(store->certificates({}, now))) {
    CHECK(serials.insert(record.serial.hex()).second);
    recorded.insert(Day::tbs_digest(record));
    const auto [first, fresh] = seen.certificates.emplace(record.id, record.der);
    CHECK(equal(first->second, record.der));
  }
  std::uint64_t lists = 0, unrecorded = 0;
  std::set<std::string> list_digests;
  must(store->log_size());
  REQUIRE(store->for_each_log_entry(0, [&](const store::LogEntry& entry) -> Status {
    const auto content = nlohmann::json::parse(text_of(entry.entry));
    if (content["type"] == "crl.intent") ++lists;
    if (content["type"] == "crl") list_digests.insert(content["sha256"].get<std::string>());
    return {};
  }));
  for (const std::string& digest : signed_digests(folder / "journal")) {
    if (!recorded.contains(digest)) ++unrecorded;
    // The same bytes again and never others: what was signed once is what will be on record.
    if (recorded.contains(digest)) seen.tbs.insert(digest);
  }
  CHECK(unrecorded <= lists);
  for (const std::string& digest : seen.tbs) CHECK(recorded.contains(digest));
  for (const char* bloc : {"party", "government"})
    if (const auto list = read_file(folder / (std::string(bloc) + ".crl"))) {
      INFO("the published list of " << bloc << " is not in the log");
      CHECK(list_digests.contains(to_hex(sha256(*list))));
    }
  CHECK(log::verify(*store).has_value());
  CHECK(authority::reconcile(*store, now).has_value());
  CHECK(authority::audit_approvals(*store, 2).has_value());
}

void check_day(const Day& day, const Path& folder, const Seen& seen) {
  const auto store = must(store::open_sqlite_store(folder / "antin.sqlite", true));
  const Time now = day.base.clock.now() + hours(1);
  CHECK(must(store->open_intents()).empty());
  const auto rosters = must(store->rosters());
  REQUIRE(rosters.size() == 2);  // that of the beginning, and the day's
  CHECK(std::ranges::count(rosters, Day::rows, &store::RosterRecord::issued) == 1);
  std::set<std::string> made;
  for (const auto& record : must(store->certificates({}, now)))
    if (const std::string digest = Day::tbs_digest(record); !day.signed_before.contains(digest)) made.insert(digest);
  CHECK(made.size() == Day::certificates);
  CHECK(made == seen.tbs);
  CHECK(must(store->revocations(day.subjects[0].id)).empty());
  CHECK(must(store->revocations(day.subjects[1].id)).size() == 1);
  CHECK(must(store->revocations(day.subjects[2].id)).size() == 1);
  CHECK(must(store->revocations(day.subjects[3].id)).size() == 3);
  CHECK(must(store->blocked_keys()).size() == 1);
}

// Runs the day in a process of its own, which is killed at an event, or after so long; whether it was killed.
bool killed(const Day& day, const Path& folder, int at_event, std::chrono::microseconds after) {
  const pid_t child = ::fork();
  if (child == 0) {
    Fuse fuse(at_event);
    const Status done = day.work(folder, fuse);
    if (!done) std::cerr << done.error().message << "\n";
    ::_exit(done ? 0 : 1);
  }
  if (at_event == 0) {
    ::usleep(static_cast<useconds_t>(after.count()));
    ::kill(child, SIGKILL);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status)) {
    REQUIRE(WTERMSIG(status) == SIGKILL);
    return true;
  }
  REQUIRE(WEXITSTATUS(status) == 0);
  return false;
}

// How many events a day has that nobody interrupts, and how long it takes.
std::pair<int, std::chrono::microseconds> measure(const Day& day) {
  TemporaryDirectory folder;
  day.copy_to(folder.path());
  Fuse fuse(0);
  const auto begun = Wall::now();
  const Status done = day.work(folder.path(), fuse);
  INFO((done ? "" : done.error().message));
  REQUIRE(done.has_value());
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Wall::now() - begun);
  Seen seen;
  check_moment(day, folder.path(), seen);
  check_day(day, folder.path(), seen);
  return {fuse.events(), took};
}

int runs() {
  const char* text = std::getenv("ANTIN_KILL_RUNS");
  if (text == nullptr) return 100;
  const int wanted = std::max(1, std::atoi(text));
  return std::max(wanted, std::min(5 * wanted, 500));
}

std::mt19937::result_type seed() {
  const char* text = std::getenv("ANTIN_SEED");
  return text != nullptr ? static_cast<std::mt19937::result_type>(std::strtoul(text, nullptr, 10)) : 20221228U;
}

// Days that are killed, every other of them twice, and what came of it.
struct Killer {
  const Day& day;
  int events = 0;
  std::chrono::microseconds took{};
  std::mt19937 random{seed()};
  std::set<int> visited;
  int days = 0, at_steps = 0, between = 0;

  // At an event of a number, or, with 0, at any moment; the second time at any step.
  void kill(int first_event) {
    TemporaryDirectory folder;
    day.copy_to(folder.path());
    Seen seen;
    for (int life = 0; life < 1 + days % 2; ++life) {
      const int event = first_event == 0 ? 0 : life == 0 ? first_event : 1 + static_cast<int>(random() % 20);
      const std::chrono::microseconds after(1 + random() % static_cast<std::uint64_t>(took.count() + 1));
      INFO("seed " << seed() << ", day " << days << ", life " << life << ": "
                   << (event != 0 ? "event " + std::to_string(event) : std::to_string(after.count()) + " µs"));
      const bool dead = killed(day, folder.path(), event, after);
      if (dead && event != 0 && life == 0) visited.insert(event);
      if (dead) ++(event != 0 ? at_steps : between);
      check_moment(day, folder.path(), seen);
    }
    finish(folder.path(), seen);
    ++days;
  }

 private:
  void finish(const Path& folder, Seen& seen) {
    Fuse never(0);
    const Status done = day.work(folder, never);
    INFO("seed " << seed() << ", day " << days << (done ? "" : ": " + done.error().message));
    REQUIRE(done.has_value());
    check_moment(day, folder, seen);
    check_day(day, folder, seen);
  }
};

}  // namespace

TEST_CASE("a day's work, killed at every step and anywhere between, is done once when it is asked for again") {
  const Day day;
  const auto [events, took] = measure(day);
  CHECK(events > 40);
  Killer killer{.day = day, .events = events, .took = took};
  while (killer.days < events || killer.at_steps < runs()) killer.kill(1 + killer.days % events);
  CHECK(killer.visited.size() == static_cast<std::size_t>(events));
  // A machine that is slower now than when it was measured kills later than meant: fewer days end before.
  for (int tried = 0; killer.between < runs() && tried < 4 * runs(); ++tried) killer.kill(0);
  std::cout << killer.at_steps << " kills at " << killer.visited.size() << " of " << events << " steps, "
            << killer.between << " at moments between, in " << killer.days << " days\n";
  CHECK(killer.between >= runs());
}
