// Conditions of a home: what has an end, what waits and what runs out, as of now, read without any token. Of
// `antin status`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/commands/home_session.h"

namespace antin::commands {

enum class Need { none, soon, warning, alarm };
std::string_view to_string(Need need) noexcept;

struct Condition {
  std::string what;  // `crl`, `ca`, `officer`, `officers`, `service`, `intents`, `roster`, `backup`, `disk`, `clock`
  std::string of;    // whose: `party`, a certificate's id, a roster's name; or empty
  Need need = Need::none;
  std::string message;  // a message id of the catalogue
  std::vector<std::string> arguments;
  std::optional<Time> until;  // when it ends or is due
};

// Of what ends at `until`: soon 90 days before, a warning 30, an alarm 7 days before and from then on.
Need need_of_end(Time until, Time now) noexcept;
// In an order that people read: lists, CAs, officers, service, work, backup, machine. An Error is a home that cannot be
// read.
Result<std::vector<Condition>> home_conditions(Session& session, OpenHome& home);

}  // namespace antin::commands
