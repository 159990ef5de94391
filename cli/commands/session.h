// Session: what all parts of one run of `antin` share: home, language, form of output, time and the two streams.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/message.h"
#include "base/random.h"
#include "base/result.h"
#include "cli/wiring/home.h"

namespace antin::commands {

using Json = nlohmann::ordered_json;

class Session {
 public:
  Session(std::ostream& out, std::ostream& err) : out_(out), err_(err) {}

  wiring::Home home;
  Language language = Language::en;
  bool json = false;       // one JSON value on stdout instead of text
  bool dry_run = false;    // say what would be done and write nothing
  bool terminal = false;   // stderr is a terminal: progress bars
  std::optional<Time> at;  // `--at`

  std::ostream& out() { return out_; }
  std::ostream& err() { return err_; }
  // The text of one message of the catalogue in the run's language.
  std::string text(std::string_view id, const std::vector<std::string>& arguments = {}) const;
  // What an Error's message says, in the run's language (cli/words).
  std::string words(std::string_view error_message) const;
  // One line for a person on stdout; nothing with --json, where the value says it.
  void say(std::string_view id, const std::vector<std::string>& arguments = {});
  // The run's answer with --json: one line.
  void print(const Json& value);
  // Stands still when --at was given.
  const Clock& clock() const;
  Time now() const { return clock().now(); }
  RandomSource& random() { return random_; }

 private:
  std::ostream& out_;
  std::ostream& err_;
  SystemClock system_clock_;
  mutable std::optional<FixedClock> fixed_clock_;
  SystemRandom random_;
};

// A time of +07:00 as people here read it, when `text` is one in RFC 3339; other texts as they are.
std::string for_people(const std::string& text);
std::string for_people(Time time);

// The language of LC_ALL, LC_MESSAGES, LANG (the first that is set decides); English for others.
Language environment_language();

}  // namespace antin::commands
