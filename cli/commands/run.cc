#include "cli/commands/run.h"

#include <unistd.h>

#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/command_line.h"
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

void add_global(Command antin, Session& session, GlobalOptions& options) {
  antin.option("--home", options.home, "home").value_name("DIR");
  antin.flag("--json", session.json, "json");
  antin.option("--lang", options.lang, "lang").one_of({"vi", "en"});
  antin.flag("--dry-run", session.dry_run, "dry_run");
  antin.option("--at", options.at, "at").value_name("TIME");
}

void add_commands(Command antin) {
  add_init(antin);
  add_ceremony(antin);
  add_roster(antin);
  add_cert(antin);
  add_form(antin);
  add_request(antin);
  add_crl(antin);
  add_ca(antin);
  add_key(antin);
  add_incident(antin);
  add_export(antin);
  add_policy(antin);
  add_unit(antin);
  add_profile(antin);
  add_role(antin);
  add_proposal(antin);
  add_sign(antin);
  add_verify(antin);
  add_lint(antin);
  add_log(antin);
  add_status(antin);
  add_store(antin);
  add_backup(antin);
  add_token(antin);
  add_system(antin);
  add_authority(antin);
  add_completion(antin);
}

void say_help(Session& session, const HelpPage& page) {
  if (session.json)
    session.print({{"command", page.command}, {"help", page.text}});
  else
    session.out() << page.text;
}

void say_version(Session& session) {
  if (session.json)
    session.print({{"program", "antin"}, {"version", wiring::version()}});
  else
    session.out() << "antin " << wiring::version() << '\n';
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
    CommandLine line(session);
    GlobalOptions options;
    add_global(line.antin(), session, options);
    add_commands(line.antin());
    const Result<CommandLine::Asked> asked = line.parse(argc, argv);
    if (!asked) return say_usage_error(session, asked.error().message);
    if (*asked == CommandLine::Asked::help) say_help(session, line.help_page());
    if (*asked == CommandLine::Asked::version) say_version(session);
    if (*asked != CommandLine::Asked::action) return exit_done;
    session.home = wiring::find_home(options.home);
    if (!options.at.empty()) {
      Result<Time> time = parse_rfc3339(options.at);
      if (!time) return say_usage_error(session, "--at: " + time.error().message);
      session.at = *time;
    }
    return act(session, line.chosen());
  } catch (const std::filesystem::filesystem_error& error) {
    const bool denied = error.code() == std::errc::permission_denied;
    return say_error(session, {denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                               error.path1().string() + ": read: " + error.code().message()});
  } catch (const std::exception& error) {
    return say_error(session, {ErrorCode::internal, error.what()});
  }
}

}  // namespace antin::commands
