#include "cli/commands/run.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"

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
  app.set_version_flag("--version", "antin " + std::string(wiring::version()), line.help("version"));
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

void print_error(Session& session, std::string_view code, const std::string& message, const std::string& hint) {
  if (session.json) {
    session.print(Json{{"error", {{"code", code}, {"message", message}, {"hint", hint}}}});
    return;
  }
  session.err() << session.text("error.line", {message}) << '\n' << session.text("error.hint", {hint}) << '\n';
}

// Every exit code of CLI11 but success is a usage error of ours.
int parse_failed(Session& session, const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) return app.exit(error, session.out(), session.err());
  std::string message = error.what();
  while (!message.empty() && message.back() == '\n') message.pop_back();
  print_error(session, "usage", message, session.text("hint.usage"));
  return exit_usage;
}

int act(Session& session, const Action& chosen) {
  Result<ExitCode> done = chosen(session);
  session.out().flush();
  if (done && !session.out()) {
    print_error(session, "resource_exhausted", "stdout: cannot be written", session.text("hint.resource_exhausted"));
    return exit_failed;
  }
  if (done) return *done;
  const Error& error = done.error();
  print_error(session, to_string(error.code), error.message, session.text(hint(error.code)));
  return exit_code(error.code);
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
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return parse_failed(session, app, error);
    }
    session.home = wiring::find_home(options.home);
    if (!options.at.empty()) {
      Result<Time> time = parse_rfc3339(options.at);
      if (!time) {
        print_error(session, "usage", "--at: " + time.error().message, session.text("hint.usage"));
        return exit_usage;
      }
      session.at = *time;
    }
    return act(session, chosen);
  } catch (const std::exception& error) {
    print_error(session, "internal", error.what(), session.text("hint.internal"));
    return exit_failed;
  }
}

}  // namespace antin::commands
