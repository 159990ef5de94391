#include "cli/commands/run.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/help_format.h"
#include "cli/commands/say_error.h"

namespace antin::commands {
namespace {

struct GlobalOptions {
  std::string home, lang, at;
};

// The language is needed for the help, before the command line is parsed.
void choose_language(Session& session, int argc, const char* const* argv) {
  session.language = environment_language();
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    std::string_view name;
    if (word.starts_with("--lang=")) name = word.substr(7);
    if (word == "--lang" && i + 1 < argc) name = argv[i + 1];
    if (word == "--json") session.json = true;
    if (auto chosen = antin::language(name)) session.language = *chosen;
  }
}

void add_global(CommandLine& line, Session& session, GlobalOptions& options) {
  CLI::App& app = line.app;
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(wiring::version()), line.help("version"));
  app.set_help_flag("-h,--help", line.help("help"));
  app.add_option("--home", options.home, line.help("home"))->type_name("DIR");
  app.add_flag("--json", session.json, line.help("json"));
  app.add_option("--lang", options.lang, line.help("lang"))->check(CLI::IsMember({"vi", "en"}));
  app.add_flag("--dry-run", session.dry_run, line.help("dry_run"));
  app.add_option("--at", options.at, line.help("at"))->type_name("TIME");
  app.footer(line.help("footer"));
}

void add_commands(CommandLine& line) {
  add_init(line);
  add_roster(line);
  add_cert(line);
  add_crl(line);
  add_ca(line);
  add_key(line);
  add_export(line);
  add_policy(line);
  add_profile(line);
  add_sign(line);
  add_verify(line);
  add_lint(line);
  add_log(line);
  add_token(line);
  add_system(line);
  add_authority(line);
  add_completion(line);
}

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

// Every exit code of CLI11 but success is a usage error of ours.
int parse_failed(Session& session, const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_name() == "CallForHelp") {
    say_help(session, app);
    return exit_done;
  }
  if (error.get_name() == "CallForVersion") {
    if (session.json)
      session.print({{"program", "antin"}, {"version", wiring::version()}});
    else
      session.out() << "antin " << wiring::version() << '\n';
    return exit_done;
  }
  if (const auto unknown = unknown_command(app)) return say_usage_error(session, *unknown);
  std::string message = error.what();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return say_usage_error(session, message);
}

int act(Session& session, const Action& chosen) {
  Result<ExitCode> done = chosen(session);
  session.out().flush();
  if (done && !session.out()) return say_error(session, {ErrorCode::resource_exhausted, "stdout: cannot be written"});
  return done ? *done : say_error(session, done.error());
}

}  // namespace

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err) {
  Session session(out, err);
  session.terminal = ::isatty(STDERR_FILENO) == 1;
  choose_language(session, argc, argv);
  try {
    CLI::App app(session.text("help.antin"), "antin");
    GlobalOptions options;
    Action chosen;
    CommandLine line{app, session, chosen};
    add_global(line, session, options);
    add_commands(line);
    format_help(session, app);
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return parse_failed(session, app, error);
    }
    session.home = wiring::find_home(options.home);
    if (!options.at.empty()) {
      Result<Time> time = parse_rfc3339(options.at);
      if (!time) return say_usage_error(session, "--at: " + time.error().message);
      session.at = *time;
    }
    return act(session, chosen);
  } catch (const std::filesystem::filesystem_error& error) {
    const bool denied = error.code() == std::errc::permission_denied;
    return say_error(session, {denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                               error.path1().string() + ": read: " + error.code().message()});
  } catch (const std::exception& error) {
    return say_error(session, {ErrorCode::internal, error.what()});
  }
}

}  // namespace antin::commands
