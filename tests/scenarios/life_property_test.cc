// Five simulated years of an authority, step by random step, held against a model that was written from the decrees:
// no rule is broken, nothing is issued without approvals, log and store reconcile after every step.
//
// ANTIN_LIFE_RUNS says how many times five years are played (default 8, always the same ones); when it is set, or
// RC_PARAMS is, the seed is a new one. A failure prints its seed and the fewest steps that lead to it.
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/scenarios/life_world.h"
// RapidCheck's own Catch header knows Catch2 2 alone, so its check() is called directly.
#include <rapidcheck.h>

using namespace antin;
using namespace antin::life;

namespace {

constexpr std::size_t steps_a_run = 220;

Step random_step(rc::Random& random) {
  const auto next = [&] { return static_cast<unsigned>(random.next() >> 40U); };
  Step step;
  step.what = next();
  step.wait = next();
  for (unsigned& choice : step.choice) choice = next();
  return step;
}

// Shrinks by taking steps away: what is left has the same choices.
rc::Gen<std::vector<Step>> five_years() {
  return [](const rc::Random& start, int) {
    rc::Random random = start;
    std::vector<Step> steps;
    for (std::size_t i = 0; i < steps_a_run; ++i) steps.push_back(random_step(random));
    return rc::shrinkable::shrinkRecur(std::move(steps),
                                       [](const std::vector<Step>& from) { return rc::shrink::removeChunks(from); });
  };
}

void set_runs() {
  const char* runs = std::getenv("ANTIN_LIFE_RUNS");
  const std::string parameters = std::string("noshrink=0 max_success=") + (runs != nullptr ? runs : "8 seed=20220103");
  ::setenv("RC_PARAMS", parameters.c_str(), 0);
}

}  // namespace

TEST_CASE(
    "five years of requests, approvals, issues, renewals, suspensions, revocations, lists, changes of office and "
    "roll-overs: no rule is ever broken, and log and store reconcile after every step") {
  set_runs();
  const Beginning beginning;
  Tally tally;
  Time latest = Beginning::start();
  const bool held = rc::check("five years of an authority", [&] {
    const auto steps = *five_years();
    World world(beginning);
    for (const Step& step : steps)
      if (world.now() < Beginning::start() + days(5 * 365)) world.take(step, tally);
    latest = std::max(latest, world.now());
  });
  CHECK(held);
  // A property that nothing exercises holds too easily.
  if (held && std::getenv("ANTIN_LIFE_RUNS") == nullptr && std::getenv("RC_PARAMS") == nullptr)
    for (const char* what : {"roll-over", "row done by a later generation", "list of a later generation: with entries"})
      CHECK(tally[what] > 0);
  for (const auto& [what, count] : tally) std::cout << count << " × " << what << "\n";
  std::cout << "until " << to_rfc3339(latest) << "\n";
}
