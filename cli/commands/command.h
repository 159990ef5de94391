// Command: one command of `antin` as its file declares it: its options, operands and flags, and what it does. Each file
// of this folder offers one `add_…` function. A parser stands behind it that only command_line.cc and help_format.cc
// see.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/exit_code.h"
#include "cli/commands/session.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace antin::commands {

// What the command line chose: done after parsing, so that nothing runs while options are still read.
using Action = std::function<Result<ExitCode>(Session&)>;

// An option, operand or flag, to say more of it: `command.option(…).required().value_name("FILE")`.
class Option {
 public:
  explicit Option(CLI::Option& parsed) : parsed_(&parsed) {}

  Option required();
  Option value_name(const std::string& name);  // in the help, where else the kind of value stands
  Option one_of(const std::vector<std::string>& values);
  Option between(int least, int greatest);  // both are allowed
  Option show_default();                    // in the help: what its variable holds now
  Option excludes(const Option& other);     // not both of them

 private:
  CLI::Option* parsed_;
};

// A name for the command, copied at will; it lives as long as its CommandLine. What is read goes into the variable
// given, which must live as long; one that the command line does not name stays as it is. `help` is the id of its text
// in the catalogue, without `help.`.
class Command {
 public:
  Command(CLI::App& parsed, const Session& session, Action& chosen)
      : parsed_(&parsed), session_(&session), chosen_(&chosen) {}

  // `names` are `--out` or `-o,--out`.
  Option option(const std::string& names, std::string& value, const std::string& help);
  Option option(const std::string& names, std::vector<std::string>& values, const std::string& help);  // one or more
  Option option(const std::string& names, unsigned& value, const std::string& help);
  Option option(const std::string& names, std::uint64_t& value, const std::string& help);
  Option flag(const std::string& names, bool& given, const std::string& help);
  // By its place alone; `name` stands for it in the help.
  Option operand(const std::string& name, std::string& value, const std::string& help);
  Option operand(const std::string& name, std::vector<std::string>& values, const std::string& help);  // one or more

  // A command under this one.
  Command command(const std::string& name, const std::string& help);
  // The same, and one of its own commands must follow; its text is `help.NAME`.
  Command group(const std::string& name);
  // What is chosen when the command line names this command.
  void does(Action action);

  // What was declared, in its order.
  std::string name() const;
  std::vector<Command> commands() const;
  std::vector<std::string> long_options() const;  // without dashes

 private:
  CLI::App* parsed_;
  const Session* session_;
  Action* chosen_;
};

// Adds `name` under `parent` with options in an `Options`, and runs `act(session, options)` when it is chosen.
template <class Options, class Declare, class Act>
void add_command(Command parent, const std::string& name, const std::string& help, Declare declare, Act act) {
  auto options = std::make_shared<Options>();
  Command command = parent.command(name, help);
  declare(command, *options);
  command.does([options, act](Session& session) { return act(session, *options); });
}

void add_init(Command antin);
void add_ceremony(Command antin);
void add_roster(Command antin);
void add_roster_sample(Command roster);
void add_roster_diff(Command roster);
void add_roster_reorganise(Command roster);
void add_cert(Command antin);
void add_cert_device(Command cert);
void add_cert_import(Command cert);
void add_form(Command antin);
void add_request(Command antin);
void add_request_export(Command request);
void add_crl(Command antin);
void add_ca(Command antin);
void add_ca_roll_over(Command ca);
void add_ca_cross(Command ca);
void add_policy(Command antin);
void add_unit(Command antin);
void add_profile(Command antin);
void add_proposal(Command antin);
void add_role(Command antin);
void add_sign(Command antin);
void add_verify(Command antin);
void add_export(Command antin);
void add_key(Command antin);
void add_incident(Command antin);
void add_incident_reissue(Command incident);
void add_incident_report(Command incident);
void add_lint(Command antin);
void add_log(Command antin);
void add_backup(Command antin);
void add_token(Command antin);
void add_token_personalise(Command token);
void add_token_finish(Command token);
void add_token_later(Command token);
void add_store(Command antin);
void add_status(Command antin);
void add_system(Command antin);
void add_authority(Command antin);
void add_completion(Command antin);

}  // namespace antin::commands
