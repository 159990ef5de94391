// `antin init`: holds the ceremony, or says that it was held.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/ceremony.h"
#include "cli/commands/command.h"
#include "cli/commands/key_spec.h"

namespace antin::commands {
namespace {

struct InitOptions {
  std::string root_key = "p256", issuing_key = "p256", publish_url;
  unsigned approvals = 2, officers = 2;
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
  plan.officers = options.officers;
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

void add_init(Command antin) {
  add_command<InitOptions>(
      antin, "init", "init",
      [](Command command, InitOptions& options) {
        command.option("--root-key", options.root_key, "init.root_key")
            .one_of(authority_key_spec_names())
            .show_default();
        command.option("--issuing-key", options.issuing_key, "init.issuing_key")
            .one_of(authority_key_spec_names())
            .show_default();
        command.option("--publish-url", options.publish_url, "init.publish_url").value_name("URL");
        command.option("--approvals", options.approvals, "init.approvals").between(1, 2).show_default();
        command.option("--officers", options.officers, "init.officers").between(2, 9).show_default();
      },
      init);
}

}  // namespace antin::commands
