// `antin roster sample`: writes a synthetic roster, so that everything after it can be tried.
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/commands/progress.h"
#include "cli/sample/sample_roster.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

struct SampleCommandOptions {
  std::string out = "roster.jsonl", key = "p256";
  sample::SampleOptions sample;
  bool leader = false;
};

// The demo leader's key is on a token of its own, as a USB token would be.
Result<std::shared_ptr<const hsm::SigningKey>> leader_key(wiring::Tokens& tokens) {
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, tokens.token("leaders"));
  const hsm::KeyRef ref = wiring::named_key("leader-1");
  Result<std::shared_ptr<const hsm::SigningKey>> found = token->find_key(ref);
  if (found || found.error().code != ErrorCode::not_found) return found;
  return token->generate_key(ref, {});
}

Result<sample::Sample> make_sample(Session& session, const SampleCommandOptions& options) {
  sample::SampleOptions how = options.sample;
  how.all_rsa = options.key == "rsa-2048";
  std::optional<wiring::Tokens> tokens;
  std::shared_ptr<const hsm::SigningKey> leader;
  if (options.leader && !session.dry_run) {
    ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
    ANTIN_TRY(tokens, wiring::open_service(session.home, config));
    ANTIN_TRY(leader, leader_key(*tokens));
    how.leader = leader.get();
  }
  Progress progress(session, session.text("progress.sample"));
  return sample::sample_roster(how, progress.callback());
}

Result<ExitCode> run_sample(Session& session, const SampleCommandOptions& options) {
  ANTIN_TRY(sample::Sample made, make_sample(session, options));
  if (!session.dry_run) ANTIN_CHECK(write_file(options.out, made.file));
  session.say(
      session.dry_run ? "roster.would_sample" : "roster.sampled",
      {options.out, std::to_string(made.organisations), std::to_string(made.persons), std::to_string(made.rsa)});
  if (session.json) {
    session.print({{"file", options.out},
                   {"organisations", made.organisations},
                   {"persons", made.persons},
                   {"rsa", made.rsa},
                   {"demo_organisation", sample::demo_organisation},
                   {"demo_leader", sample::demo_leader},
                   {"dry_run", session.dry_run}});
  }
  return exit_done;
}

}  // namespace

void add_roster_sample(Command roster) {
  add_command<SampleCommandOptions>(
      roster, "sample", "roster.sample",
      [](Command command, SampleCommandOptions& options) {
        command.option("-o,--out", options.out, "roster.sample.out").value_name("FILE").show_default();
        command.option("--seed", options.sample.seed, "roster.sample.seed").show_default();
        command.option("--rows", options.sample.rows, "roster.sample.rows").between(2, 1000000);
        command.option("--key", options.key, "roster.sample.key").one_of({"p256", "rsa-2048"}).show_default();
        command.flag("--leader-token", options.leader, "roster.sample.leader");
      },
      run_sample);
}

}  // namespace antin::commands
