// `antin init`: holds the ceremony, or says that it was held.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/ceremony.h"
#include "cli/commands/command.h"
#include "cli/commands/key_spec.h"

namespace antin::commands {
namespace {

struct InitOptions {
  std::string root_key = "p256", issuing_key = "p256", publish_url;
  unsigned approvals = 2;
};

Result<ExitCode> dry_run(Session& session) {
  Json steps = Json::array();
  for (std::string_view step : ceremony_steps()) {
    session.say(step);
    steps.push_back(session.text(step));
  }
  if (session.json) session.print({{"home", session.home.root.string()}, {"dry_run", true}, {"steps", steps}});
  return exit_done;
}

Result<ExitCode> init(Session& session, const InitOptions& options) {
  if (session.dry_run) return dry_run(session);
  CeremonyPlan plan;
  ANTIN_TRY(plan.root_key, key_spec(options.root_key));
  ANTIN_TRY(plan.issuing_key, key_spec(options.issuing_key));
  plan.publish_url = options.publish_url;
  plan.required_approvals = options.approvals;
  auto at_step = [&](std::string_view step) { session.err() << session.text(step) << '\n'; };
  ANTIN_TRY(CeremonyResult result, in("init", hold_ceremony(session, plan, at_step)));
  session.say(result.was_complete ? "init.complete_before" : "init.done", {session.home.root.string()});
  if (session.json) {
    session.print({{"home", session.home.root.string()},
                   {"created", !result.was_complete},
                   {"issuers", result.issuers},
                   {"officers", result.officers},
                   {"tokens", result.tokens}});
  }
  return exit_done;
}

}  // namespace

void add_init(CommandLine& line) {
  add_command<InitOptions>(
      line, line.app, "init", "init",
      [&](CLI::App& app, InitOptions& options) {
        app.add_option("--root-key", options.root_key, line.help("init.root_key"))
            ->check(CLI::IsMember(authority_key_spec_names()))
            ->capture_default_str();
        app.add_option("--issuing-key", options.issuing_key, line.help("init.issuing_key"))
            ->check(CLI::IsMember(authority_key_spec_names()))
            ->capture_default_str();
        app.add_option("--publish-url", options.publish_url, line.help("init.publish_url"))->type_name("URL");
        app.add_option("--approvals", options.approvals, line.help("init.approvals"))
            ->check(CLI::Range(1, 2))
            ->capture_default_str();
      },
      init);
}

}  // namespace antin::commands
