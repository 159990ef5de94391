// Command: how a command hangs itself into the command line. Each file of this folder offers one `add_…` function.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/commands/exit_code.h"
#include "cli/commands/session.h"

namespace CLI {
class App;
}

namespace antin::commands {

// What the command line chose: done after parsing, so that nothing runs while options are still read.
using Action = std::function<Result<ExitCode>(Session&)>;

// Where commands are added: CLI11's object, the catalogue for their help, and the slot for the chosen action.
struct CommandLine {
  CLI::App& app;
  const Session& session;
  Action& chosen;

  std::string help(std::string_view id) const { return session.text("help." + std::string(id)); }
};

// Adds `name` under `parent` with options in an `Options`, and runs `act(session, options)` when it is chosen. Include
// <CLI/CLI.hpp>.
template <class Options, class Declare, class Act>
void add_command(CommandLine& line, CLI::App& parent, const std::string& name, const std::string& help_id,
                 Declare declare, Act act) {
  auto options = std::make_shared<Options>();
  auto* command = parent.add_subcommand(name, line.help(help_id));
  declare(*command, *options);
  command->callback(
      [&line, options, act] { line.chosen = [options, act](Session& session) { return act(session, *options); }; });
}

void add_init(CommandLine& line);
void add_roster(CommandLine& line);
void add_roster_sample(CommandLine& line, CLI::App& roster);  // under `roster`
void add_cert(CommandLine& line);
void add_cert_device(CommandLine& line, CLI::App& cert);  // under `cert`
void add_cert_import(CommandLine& line, CLI::App& cert);  // under `cert`
void add_crl(CommandLine& line);
void add_ca(CommandLine& line);
void add_profile(CommandLine& line);
void add_sign(CommandLine& line);
void add_verify(CommandLine& line);
void add_export(CommandLine& line);
void add_key(CommandLine& line);
void add_lint(CommandLine& line);
void add_log(CommandLine& line);
void add_token(CommandLine& line);
void add_system(CommandLine& line);
void add_authority(CommandLine& line);
void add_completion(CommandLine& line);

}  // namespace antin::commands
