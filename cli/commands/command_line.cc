#include "cli/commands/command_line.h"

#include <CLI/CLI.hpp>
#include <optional>
#include <utility>

#include "cli/commands/help_format.h"

namespace antin::commands {
namespace {

std::string help_text(const Session& session, const std::string& id) { return session.text("help." + id); }

// `bogus` of `antin bogus`: CLI11 only says that a command is missing.
std::optional<std::string> unknown_command(const CLI::App& app) {
  const CLI::App* group = &app;
  while (!group->get_subcommands().empty()) group = group->get_subcommands().back();
  std::vector<std::string> rest = app.remaining(true);
  std::erase_if(rest, [](const std::string& word) { return word.starts_with("-"); });
  if (rest.empty() || group->get_subcommands({}).empty()) return std::nullopt;
  return group == &app ? rest.front() + " is not a command"
                       : rest.front() + " is not a command of antin " + group->get_name();
}

std::string sentence(const CLI::ParseError& error) {
  std::string message = error.what();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

const CLI::App& innermost(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.back());
}

std::string path_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : path_of(*app.get_parent()) + " " + app.get_name();
}

}  // namespace

Option Option::required() {
  parsed_->required();
  return *this;
}

Option Option::value_name(const std::string& name) {
  parsed_->type_name(name);
  return *this;
}

Option Option::one_of(const std::vector<std::string>& values) {
  parsed_->check(CLI::IsMember(values));
  return *this;
}

Option Option::between(int least, int greatest) {
  parsed_->check(CLI::Range(least, greatest));
  return *this;
}

Option Option::show_default() {
  parsed_->capture_default_str();
  return *this;
}

Option Option::excludes(const Option& other) {
  parsed_->excludes(other.parsed_);
  return *this;
}

Option Command::option(const std::string& names, std::string& value, const std::string& help) {
  return Option(*parsed_->add_option(names, value, help_text(*session_, help)));
}

Option Command::option(const std::string& names, std::vector<std::string>& values, const std::string& help) {
  return Option(*parsed_->add_option(names, values, help_text(*session_, help)));
}

Option Command::option(const std::string& names, unsigned& value, const std::string& help) {
  return Option(*parsed_->add_option(names, value, help_text(*session_, help)));
}

Option Command::option(const std::string& names, std::uint64_t& value, const std::string& help) {
  return Option(*parsed_->add_option(names, value, help_text(*session_, help)));
}

Option Command::flag(const std::string& names, bool& given, const std::string& help) {
  return Option(*parsed_->add_flag(names, given, help_text(*session_, help)));
}

// CLI11 takes a name without dashes for an operand.
Option Command::operand(const std::string& name, std::string& value, const std::string& help) {
  return option(name, value, help);
}

Option Command::operand(const std::string& name, std::vector<std::string>& values, const std::string& help) {
  return option(name, values, help);
}

Command Command::command(const std::string& name, const std::string& help) {
  return {*parsed_->add_subcommand(name, help_text(*session_, help)), *session_, *chosen_};
}

Command Command::group(const std::string& name) {
  Command group = command(name, name);
  group.parsed_->require_subcommand(1);
  return group;
}

void Command::does(Action action) {
  parsed_->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
}

std::string Command::name() const { return parsed_->get_name(); }

std::vector<Command> Command::commands() const {
  std::vector<Command> all;
  for (CLI::App* one : parsed_->get_subcommands({})) all.emplace_back(*one, *session_, *chosen_);
  return all;
}

std::vector<std::string> Command::long_options() const {
  std::vector<std::string> all;
  for (const CLI::Option* option : std::as_const(*parsed_).get_options())
    all.insert(all.end(), option->get_lnames().begin(), option->get_lnames().end());
  return all;
}

CommandLine::CommandLine(const Session& session)
    : session_(session), parsed_(std::make_unique<CLI::App>(help_text(session, "antin"), "antin")) {
  parsed_->fallthrough();
  parsed_->require_subcommand(1);
  parsed_->set_version_flag("--version", std::string(wiring::version()), help_text(session, "version"));
  parsed_->set_help_flag("-h,--help", help_text(session, "help"));
  parsed_->footer(help_text(session, "footer"));
}

CommandLine::~CommandLine() = default;

Command CommandLine::antin() { return {*parsed_, session_, chosen_}; }

Result<CommandLine::Asked> CommandLine::parse(int argc, const char* const* argv) {
  format_help(session_, *parsed_);
  try {
    parsed_->parse(argc, argv);
    return Asked::action;
  } catch (const CLI::ParseError& error) {
    if (error.get_name() == "CallForHelp") return Asked::help;
    if (error.get_name() == "CallForVersion") return Asked::version;
    return fail(ErrorCode::invalid_argument, unknown_command(*parsed_).value_or(sentence(error)));
  }
}

HelpPage CommandLine::help_page() const { return {path_of(innermost(*parsed_)), parsed_->help()}; }

}  // namespace antin::commands
