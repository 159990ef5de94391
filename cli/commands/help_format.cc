#include "cli/commands/help_format.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

namespace antin::commands {
namespace {

class Format final : public CLI::Formatter {
 public:
  explicit Format(const Session& session) : options_(session.text("help.word.options")) {
    for (const char* word : {"Usage", "OPTIONS", "SUBCOMMAND", "Positionals", "REQUIRED", "Needs", "Excludes"})
      label(word, session.text("help.word." + std::string(word)));
    label("UINT", "N");
    column_width(34);
  }
  std::string make_group(std::string group, bool positional, std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group(group == "Options" ? options_ : group, positional, std::move(options));
  }
  // CLI11 writes the kind in front of a closed list of values, `TEXT:{pem,der}`: the list says enough.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    for (const std::string_view kind : {" TEXT:{", " UINT:"}) {
      if (text.starts_with(kind)) text.erase(1, kind.find(':'));
    }
    if (option->get_positional() && text.starts_with(" TEXT")) text.erase(0, 5);  // its name says what it is
    return text;
  }

 private:
  std::string options_;
};

void format(const Session& session, CLI::App& app, const std::shared_ptr<Format>& form, bool top) {
  app.formatter(form);
  if (!top) {
    app.group(session.text("help.word.commands"));
    app.footer(session.text(app.get_subcommands({}).empty() ? "help.footer.command" : "help.footer.group"));
  }
  for (CLI::App* command : app.get_subcommands({})) format(session, *command, form, false);
}

const CLI::App& innermost(const CLI::App& app) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  return chosen.empty() ? app : innermost(*chosen.back());
}

std::string path_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name() : path_of(*app.get_parent()) + " " + app.get_name();
}

}  // namespace

void format_help(const Session& session, CLI::App& app) {
  format(session, app, std::make_shared<Format>(session), true);
}

void say_help(Session& session, const CLI::App& app) {
  const std::string page = app.help();
  if (session.json)
    session.print({{"command", path_of(innermost(app))}, {"help", page}});
  else
    session.out() << page;
}

}  // namespace antin::commands
