// The first day of a province: its 3,143 certificates come from another authority, lie in a folder, and are taken in
// one act, each matched to whose it is, the doubtful ones told, in bounded memory.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <map>

#include "base/encoding.h"
#include "ca/authority/reconcile.h"
#include "ca/authority/row_tbs.h"
#include "ca/foreign/import.h"
#include "ca/log/log.h"
#include "ca/units/units.h"
#include "cli/sample/sample_roster.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/test_authority.h"

using namespace antin;

namespace {

const Time now = time_at(2023, 6, 1);
constexpr std::size_t all_of_them = 3143;
// Octets beyond those before the import; AddressSanitizer keeps what is freed.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t most_memory = 1U << 30;
#else
constexpr std::uint64_t most_memory = 96U << 20;
#endif

// What is odd about a certificate, of some of them.
enum class Odd { nothing, other_unit, stranger, expired, weak_key };
Odd odd_at(std::size_t i, bool person) {
  if (i % 400 == 9) return Odd::weak_key;
  if (i % 100 == 3 && person) return Odd::other_unit;
  if (i % 100 == 5) return Odd::stranger;
  return i % 100 == 7 ? Odd::expired : Odd::nothing;
}
const char* rule_of(Odd odd) {
  constexpr const char* rules[] = {"", "import.other_unit", "import.no_match", "import.expired", "import.weak_key"};
  return rules[static_cast<std::size_t>(odd)];
}

foreign::Subscriber subscriber_of(const authority::Roster::Row& row) {
  const auto field = [&](const char* name) {
    const std::string value = authority::field_of(row, name);
    return to_nfc(value).value_or(value);
  };
  return {row.code, row.kind, field("cn"), field("o"), field("ou"), field("l"), field("mail"), field("uid")};
}

bool has_mail(Odd odd, std::size_t i) { return odd != Odd::other_unit && i % 2 == 0; }

x509::Name subject_of(const foreign::Subscriber& one, Odd odd, std::size_t i) {
  std::vector<x509::RelativeName> rdns{{{"C", "VN"}}};
  const auto add = [&](const char* type, const std::string& value) {
    if (!value.empty()) rdns.push_back({{type, value}});
  };
  if (odd == Odd::stranger) {
    add("O", "CÔNG TY GIẢ LẬP");
    add("OU", "PHÒNG MẪU");
    add("CN", "Người Lạ Thử " + std::to_string(i));
    return x509::Name::from_rdns(std::move(rdns)).value();
  }
  add("L", one.l);
  add("O", one.o);
  add("OU", odd == Odd::other_unit ? "PHÒNG KHÁC " + std::to_string(i) : one.ou);
  add("CN", one.cn);
  if (has_mail(odd, i)) add("E", one.mail);  // others are found by their names
  return x509::Name::from_rdns(std::move(rdns)).value();
}

struct Expected {
  std::string subscriber, rules;  // empty: none
};

// The province's subscribers, and a folder with a certificate of another authority for each of them.
struct FirstDay {
  TemporaryDirectory folder;
  std::vector<foreign::Subscriber> subscribers;
  std::map<std::string, int> namesakes;      // how many have this name at this place
  std::map<std::string, Expected> expected;  // by file name

  FirstDay() {
    const auto sample = sample::sample_roster({}, [](std::uint64_t, std::uint64_t) {}).value();
    const auto roster = authority::read_roster(bytes_of(sample.file)).value();
    for (const auto& row : roster.rows) subscribers.push_back(subscriber_of(row));
    for (const foreign::Subscriber& one : subscribers)
      ++namesakes[one.cn + "\n" + one.ou + "\n" + one.o + "\n" + one.l];
    TestAuthority other("CA THỬ NGHIỆM của nơi khác");
    write("ca.pem", other.root());
    for (std::size_t i = 0; i < subscribers.size(); ++i) {
      const foreign::Subscriber& one = subscribers[i];
      const Odd odd = odd_at(i, one.kind == "personal");
      const hsm::KeySpec spec = odd == Odd::weak_key ? hsm::KeySpec{hsm::KeyAlgorithm::rsa, 1024} : hsm::KeySpec{};
      const Time until = odd == Odd::expired ? now - days(1) : now + days(365);
      const std::string name = std::to_string(i) + ".pem";
      write(name, other.issue_to(subject_of(one, odd, i), spec, time_at(2022, 7, 1), until).certificate);
      expected[name] = expected_of(one, odd, i);
    }
  }
  // Two persons of one name in one unit are told apart by their mail alone.
  Expected expected_of(const foreign::Subscriber& one, Odd odd, std::size_t i) const {
    if (odd == Odd::stranger || odd == Odd::other_unit) return {"", rule_of(odd)};
    const bool alone = namesakes.at(one.cn + "\n" + one.ou + "\n" + one.o + "\n" + one.l) == 1;
    if (alone || (has_mail(odd, i) && !one.mail.empty())) return {one.code, rule_of(odd)};
    return {"", odd == Odd::nothing ? "import.several" : std::string("import.several ") + rule_of(odd)};
  }
  void write(const std::string& name, const x509::Certificate& certificate) {
    std::ofstream(folder / name) << certificate.pem();
  }
};

// Peak of resident memory, in octets.
std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  return 0;
}

foreign::Outcome import_all(const FirstDay& day, store::Store& store) {
  const FixedClock clock(now);
  SystemRandom random;
  const foreign::Province province(day.subscribers, units::lam_dong().value().all());
  const foreign::Folder folder = foreign::read_folder(day.folder.path()).value();
  auto outcome = foreign::import_certificates({store, clock, random}, folder, {}, province, false);
  INFO((outcome ? "" : outcome.error().message));
  REQUIRE(outcome.has_value());
  return *std::move(outcome);
}

// How much memory the import takes beyond what this process has, in a process of its own.
std::uint64_t memory_of_import(const FirstDay& day) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::uint64_t before = peak_memory();
    std::uint64_t taken = UINT64_MAX;
    try {
      TemporaryDirectory home;
      const auto store = store::open_sqlite_store(home / "antin.sqlite").value();
      import_all(day, *store);
      taken = peak_memory() - before;
    } catch (...) {  // a check that failed: the other test of this file says which
    }
    ::_exit(::write(ends[1], &taken, sizeof taken) == sizeof taken ? 0 : 1);
  }
  ::close(ends[1]);
  std::uint64_t taken = UINT64_MAX;
  REQUIRE(::read(ends[0], &taken, sizeof taken) == sizeof taken);
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(status == 0);
  return taken;
}

}  // namespace

TEST_CASE("3,143 certificates of another authority are taken in one act, matched, the doubtful ones told") {
  const FirstDay day;
  REQUIRE(day.subscribers.size() == all_of_them);
  TemporaryDirectory home;
  const auto store = store::open_sqlite_store(home / "antin.sqlite").value();
  const auto begun = std::chrono::steady_clock::now();
  const foreign::Outcome outcome = import_all(day, *store);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  CHECK(outcome.taken.size() == all_of_them);
  CHECK(outcome.authorities.size() == 1);
  CHECK(outcome.refused.empty());
  std::map<std::string, std::size_t> doubts;
  for (const foreign::Taken& taken : outcome.taken) {
    const store::ForeignCertificate& one = taken.certificate;
    const Expected& expected = day.expected.at(taken.file.filename().string());
    INFO(one.subject);
    CHECK(one.subscriber == expected.subscriber);
    std::string rules;
    for (const store::Doubt& doubt : one.doubts) rules += (rules.empty() ? "" : " ") + doubt.rule;
    CHECK(rules == expected.rules);
    ++doubts[rules];
  }
  for (const char* rule :
       {"import.several", "import.other_unit", "import.no_match", "import.expired", "import.weak_key"})
    CHECK(doubts[rule] > 0);
  CHECK(doubts[""] > all_of_them * 9 / 10);
  CHECK(store->foreign_certificates().value().size() == all_of_them);
  CHECK(log::verify(*store).has_value());
  CHECK(authority::reconcile(*store, now).has_value());
  const foreign::Outcome again = import_all(day, *store);
  CHECK(again.taken.empty());
  CHECK(again.known.size() == all_of_them);
  CHECK(store->log_size().value() == all_of_them);
  std::cout << all_of_them << " certificates read, matched and recorded in " << took.count() << " s\n";
}

TEST_CASE("the memory that 3,143 certificates of another authority take while they come in is bounded") {
  const FirstDay day;
  const std::uint64_t taken = memory_of_import(day);
  CHECK(taken > 0);
  std::cout << taken / 1024 << " kB beyond what was there before\n";
#if !defined(__SANITIZE_ADDRESS__)  // which keeps what was freed
  CHECK(taken <= most_memory);
#endif
}
