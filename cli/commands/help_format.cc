#include "cli/commands/help_format.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antin::commands {
namespace {

constexpr std::size_t column = 32, width = 110;

// Columns on a terminal: CLI11 counts octets, which Vietnamese letters have two or three of.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

// What is described, and the words that describe it in a column of their own.
std::string line(const std::string& what, std::string_view words) {
  std::string text = "  " + what;
  std::size_t at = columns(text);
  if (at + 2 > column) {
    text += "\n";
    at = 0;
  }
  text += std::string(column - at, ' ');
  at = column;
  while (!words.empty()) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (at > column && at + 1 + columns(word) > width) {
      text += "\n" + std::string(column, ' ');
      at = column;
    }
    text += (at > column ? " " : "") + std::string(word);
    at += columns(word) + (at > column ? 1 : 0);
  }
  return text + "\n";
}

class Format final : public CLI::Formatter {
 public:
  explicit Format(const Session& session) : options_(session.text("help.word.options")) {
    for (const char* word : {"Usage", "OPTIONS", "SUBCOMMAND", "Positionals", "REQUIRED", "Needs", "Excludes"})
      label(word, session.text("help.word." + std::string(word)));
    label("UINT", "N");
  }
  std::string make_group(std::string group, bool positional, std::vector<const CLI::Option*> options) const override {
    return CLI::Formatter::make_group((group == "Options" || group == "OPTIONS") ? options_ : group, positional,
                                      std::move(options));
  }
  std::string make_option(const CLI::Option* option, bool positional) const override {
    return line(make_option_name(option, positional) + make_option_opts(option), make_option_desc(option));
  }
  std::string make_subcommand(const CLI::App* command) const override {
    return line(command->get_name(), command->get_description());
  }
  // CLI11 writes the kind in front of a closed list of values, `TEXT:{pem,der}`: the list says enough.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    if (text.starts_with(" TEXT:{")) text.erase(1, 5);
    for (const std::string_view range : {" UINT:INT in ", " INT in "})
      if (text.starts_with(range)) text.replace(0, range.size(), " N ");
    if (option->get_positional() && text.starts_with(" TEXT")) text.erase(0, 5);  // its name says what it is
    const std::string value = " [" + option->get_default_str() + "] ";  // CLI11 2.4's way; 2.2 writes `=value`
    if (const std::size_t at = text.find(value); at != std::string::npos && value.size() > 4)
      text.replace(at, value.size(), "=" + option->get_default_str());
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

}  // namespace

void format_help(const Session& session, CLI::App& app) {
  format(session, app, std::make_shared<Format>(session), true);
}

}  // namespace antin::commands
