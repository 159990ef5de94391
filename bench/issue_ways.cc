// How fast an approved roster is issued by the number of rows that one durable transaction holds:
//
//   issue_ways APPROVED_HOME ROSTER_HASH ROWS_A_TRANSACTION THREADS
//
// Works in APPROVED_HOME: hand it a copy. Prints one JSON object: `issued`, `seconds` from the first row to the last
// commit, without the start of the program and of the tokens.
#include <chrono>
#include <iostream>
#include <vector>

#include "base/encoding.h"
#include "base/random.h"
#include "ca/authority/authority.h"
#include "ca/authority/issuer_service.h"
#include "cli/wiring/config.h"
#include "cli/wiring/issuers.h"

using namespace antin;

namespace {

Status run(const wiring::Home& home, ByteView roster, unsigned rows, unsigned threads) {
  ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
  ANTIN_TRY(const auto store, store::open_sqlite_store(home.store()));
  ANTIN_TRY(wiring::Tokens ca, wiring::open_ca(home, config));
  const SystemClock clock;
  ANTIN_TRY(const authority::IssuerRegister issuers, authority::read_issuers(*store, clock.now()));
  ANTIN_TRY(const issuance::Issuer party, wiring::open_issuer(config, ca, *issuers.find("party")));
  ANTIN_TRY(const issuance::Issuer government, wiring::open_issuer(config, ca, *issuers.find("government")));
  SystemRandom random;
  authority::IssuingPlan plan;
  plan.issuers = {{"party", &party}, {"government", &government}};
  plan.required_approvals = config.required_approvals;
  plan.group_size = rows;
  plan.threads = threads;
  const auto begin = std::chrono::steady_clock::now();
  ANTIN_TRY(const authority::IssueResult result,
            authority::issue_roster({*store, clock, random}, roster, plan, [](std::uint64_t, std::uint64_t) {}));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  std::cout << "{\"issued\": " << result.issued << ", \"seconds\": " << seconds.count() << "}\n";
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 4) {
    std::cerr << "issue_ways APPROVED_HOME ROSTER_HASH ROWS_A_TRANSACTION THREADS\n";
    return 2;
  }
  const Result<Bytes> hash = from_hex(words[1]);
  const Status done = hash ? run(wiring::Home{words[0]}, *hash, static_cast<unsigned>(std::stoul(words[2])),
                                 static_cast<unsigned>(std::stoul(words[3])))
                           : Status(fail(hash.error()));
  if (done) return 0;
  std::cerr << "issue_ways: " << done.error().message << "\n";
  return 1;
}
