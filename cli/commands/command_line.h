// CommandLine: the words that `antin` was started with, and the tree of commands that gives them a meaning.
#pragma once

#include <memory>
#include <string>

#include "cli/commands/command.h"

namespace antin::commands {

struct HelpPage {
  std::string command;  // `antin roster issue`
  std::string text;
};

class CommandLine {
 public:
  enum class Asked { action, help, version };

  // `antin` without commands, with --help and --version. Keeps `session`: the help is in its language.
  explicit CommandLine(const Session& session);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command antin();
  // Once all commands are added. Words that mean nothing are an invalid_argument that says which.
  Result<Asked> parse(int argc, const char* const* argv);
  // Of what was parsed: the action asked for, or the page of the command that --help was given to.
  const Action& chosen() const { return chosen_; }
  HelpPage help_page() const;

 private:
  const Session& session_;
  Action chosen_;
  std::unique_ptr<CLI::App> parsed_;
};

}  // namespace antin::commands
