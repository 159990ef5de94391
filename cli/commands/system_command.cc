// `antin system add|list|revoke-token`: the document systems that may call antind, and what each may sign with.
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/http/service_store.h"
#include "cli/wiring/home.h"

namespace antin::commands {
namespace {

struct SystemOptions {
  std::string system;
  std::vector<std::string> signers;
};

Result<std::unique_ptr<http::ServiceStore>> open_records(const Session& session) {
  ANTIN_CHECK(wiring::require_initialised(session.home));
  ANTIN_CHECK(require_access(session.home.service()));
  return http::ServiceStore::open(session.home.service_store());
}

Result<ExitCode> add(Session& session, const SystemOptions& options) {
  Json value = {{"system", options.system}, {"signers", options.signers}, {"dry_run", session.dry_run}};
  if (session.dry_run) {
    ANTIN_CHECK(wiring::require_initialised(session.home));
    session.say("system.would_add", {options.system});
  } else {
    ANTIN_TRY(const auto records, open_records(session));
    ANTIN_TRY(const Secret token,
              records->add_token({options.system, options.signers}, session.random(), session.now()));
    value["token"] = std::string(token.reveal());  // shown this once
    if (!session.json) session.out() << token.reveal() << '\n';
  }
  if (session.json) session.print(value);
  return exit_done;
}

Result<ExitCode> list(Session& session, const SystemOptions&) {
  ANTIN_TRY(const auto records, open_records(session));
  ANTIN_TRY(const std::vector<http::Caller> callers, records->tokens());
  Json all = Json::array();
  for (const http::Caller& caller : callers) {
    std::string signers;
    for (const std::string& signer : caller.signers) signers += (signers.empty() ? "" : ", ") + signer;
    session.say("system.line", {caller.system, signers});
    all.push_back({{"system", caller.system}, {"signers", caller.signers}});
  }
  if (session.json) session.print(all);
  return exit_done;
}

Result<ExitCode> revoke_token(Session& session, const SystemOptions& options) {
  // The records are made when they are opened: a dry run makes none.
  ANTIN_CHECK(wiring::require_initialised(session.home));
  if (!session.dry_run) {
    ANTIN_TRY(const auto records, open_records(session));
    ANTIN_CHECK(records->revoke_tokens(options.system));
  }
  session.say(session.dry_run ? "system.would_revoke" : "system.revoked", {options.system});
  if (session.json) session.print({{"system", options.system}, {"dry_run", session.dry_run}});
  return exit_done;
}

}  // namespace

void add_system(Command antin) {
  Command group = antin.group("system");
  const auto name = [](Command command, SystemOptions& options) {
    command.operand("SYSTEM", options.system, "system.name").required();
  };
  add_command<SystemOptions>(
      group, "add", "system.add",
      [&](Command command, SystemOptions& options) {
        name(command, options);
        command.option("--signer", options.signers, "system.signer").required().value_name("CERTIFICATE");
      },
      add);
  add_command<SystemOptions>(group, "list", "system.list", [](Command, SystemOptions&) {}, list);
  add_command<SystemOptions>(group, "revoke-token", "system.revoke_token", name, revoke_token);
}

}  // namespace antin::commands
