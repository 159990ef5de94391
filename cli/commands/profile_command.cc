// `antin profile list|show|check|explain|diff|propose`: what certificates contain, which line says so, and who approved
// it.
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/file.h"
#include "ca/authority/profile_guard.h"
#include "ca/issuance/profile_explain.h"
#include "cli/commands/command.h"
#include "cli/commands/proposal_value.h"
#include "cli/wiring/profiles.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct ProfileOptions {
  std::string name;
};
struct DiffOptions {
  std::string before, after;
};

Json profile_value(const issuance::Profile& profile) {
  return {{"name", profile.name()},
          {"version", profile.version()},
          {"kind", issuance::to_string(profile.kind())},
          {"authority", profile.is_authority()},
          {"tests_only", profile.for_tests()},
          {"digest", profile.digest()}};
}

// Those in force in the home; without a home those of the program.
Result<issuance::ProfileSet> known_profiles(Session& session) {
  std::error_code error;
  if (!std::filesystem::exists(session.home.store(), error)) return issuance::ProfileSet();
  ANTIN_TRY(const OpenHome home, open_home(session, Access::read));
  return authority::profiles_in_force(*home.store, session.now());
}

// That the home asks for others than those in force: its files, its configuration or the program changed.
void say_unapproved(Session& session, const issuance::ProfileSet& in_force) {
  const auto config = wiring::read_config(session.home);
  if (!config) return;
  const auto asked = wiring::asked_profiles(session.home, *config);
  if (asked && asked->json() != in_force.json()) session.say("profile.unapproved");
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(const issuance::ProfileSet known, known_profiles(session));
  Json all = Json::array();
  for (const std::string& name : known.names()) {
    ANTIN_TRY(issuance::Profile profile, known.find(name));
    session.say("profile.line", {name, std::string(issuance::to_string(profile.kind())),
                                 std::to_string(profile.version()), profile.digest().substr(0, 16)});
    all.push_back(profile_value(profile));
  }
  say_unapproved(session, known);
  if (session.json) session.print(all);
  return exit_done;
}

// The text of a file, or of a profile that is known when no file has that name.
Result<std::string> text_of_profile(Session& session, const std::string& name_or_file) {
  std::error_code error;
  if (std::filesystem::is_regular_file(name_or_file, error)) {
    ANTIN_TRY(const Bytes octets, read_file(name_or_file, 1U << 20));
    return std::string(text_of(octets));
  }
  ANTIN_TRY(const issuance::ProfileSet known, known_profiles(session));
  return known.text(name_or_file);
}

Result<ExitCode> show(Session& session, const ProfileOptions& options) {
  ANTIN_TRY(const std::string text, text_of_profile(session, options.name));
  ANTIN_TRY(issuance::Profile profile, in(options.name, issuance::Profile::from_json(text)));
  const Json value = profile_value(profile);
  if (session.json) {
    session.print(value);
    return exit_done;
  }
  for (const auto& [key, one] : value.items())
    session.out() << key << ": " << (one.is_string() ? one.get<std::string>() : one.dump()) << '\n';
  session.out() << text;
  return exit_done;
}

// What stands against using it in this home; empty when nothing does.
std::string refusal(Session& session, const issuance::Profile& profile) {
  const auto config = wiring::read_config(session.home);
  if (config && config->production && profile.for_tests()) return "a production configuration refuses a test profile";
  return {};
}

// Everything that can be said without issuing: JSON, schema, and the linter's view of a sample certificate.
Result<ExitCode> check(Session& session, const ProfileOptions& options) {
  ANTIN_TRY(const std::string text, text_of_profile(session, options.name));
  const auto parts = issuance::explain_profile(text, session.now());
  std::string reason = parts ? std::string() : parts.error().message;
  if (parts) {
    ANTIN_TRY(const issuance::Profile profile, issuance::Profile::from_json(text));
    reason = refusal(session, profile);
  }
  session.say(reason.empty() ? "profile.good" : "profile.bad", {options.name, reason});
  if (session.json) session.print({{"profile", options.name}, {"good", reason.empty()}, {"reason", reason}});
  return reason.empty() ? exit_done : exit_refused;
}

Json part_value(const issuance::ExplainedPart& part) {
  return {{"part", part.part},
          {"value", part.value},
          {"critical", part.critical},
          {"pointer", part.pointer},
          {"line", part.line}};
}

std::string shown(const issuance::ExplainedPart& part) { return (part.critical ? "critical, " : "") + part.value; }

Result<ExitCode> explain(Session& session, const ProfileOptions& options) {
  ANTIN_TRY(const std::string text, text_of_profile(session, options.name));
  ANTIN_TRY(const auto parts, in(options.name, issuance::explain_profile(text, session.now())));
  Json all = Json::array();
  for (const issuance::ExplainedPart& part : parts) {
    session.say(part.line == 0 ? "profile.part_of_program" : "profile.part",
                {part.part, shown(part), std::to_string(part.line), part.pointer});
    all.push_back(part_value(part));
  }
  if (session.json) session.print(all);
  return exit_done;
}

struct Sample {
  std::map<std::string, issuance::ExplainedPart> parts;
  std::vector<std::string> names;  // of the parts, in the certificate's order
};

Result<Sample> sample_of(Session& session, const std::string& name) {
  ANTIN_TRY(const std::string text, text_of_profile(session, name));
  ANTIN_TRY(const auto parts, in(name, issuance::explain_profile(text, session.now())));
  Sample sample;
  for (const issuance::ExplainedPart& part : parts) {
    std::string key = part.part;  // a subject may have an attribute twice
    for (int again = 2; sample.parts.contains(key); ++again) key = part.part + "#" + std::to_string(again);
    sample.names.push_back(key);
    sample.parts.emplace(std::move(key), part);
  }
  return sample;
}

// The names of the parts that the other one has too, in their order.
std::string common_order(const Sample& one, const Sample& other) {
  std::string all;
  for (const std::string& name : one.names)
    if (other.parts.contains(name)) all += (all.empty() ? "" : ", ") + name;
  return all;
}

// What a change does to a sample certificate; exit code 3 when it does something.
Result<ExitCode> diff(Session& session, const DiffOptions& options) {
  ANTIN_TRY(const Sample before, sample_of(session, options.before));
  ANTIN_TRY(const Sample after, sample_of(session, options.after));
  Json changes = Json::array();
  const auto add = [&](const std::string& part, const std::string& from, const std::string& to) {
    session.say(from.empty() ? "profile.added" : to.empty() ? "profile.removed" : "profile.changed", {part, from, to});
    changes.push_back({{"part", part}, {"before", from}, {"after", to}});
  };
  for (const auto& [name, part] : before.parts) {
    const auto now = after.parts.find(name);
    if (now == after.parts.end())
      add(name, shown(part), "");
    else if (shown(now->second) != shown(part))
      add(name, shown(part), shown(now->second));
  }
  for (const auto& [name, part] : after.parts)
    if (!before.parts.contains(name)) add(name, "", shown(part));
  const std::string order = common_order(before, after), new_order = common_order(after, before);
  if (order != new_order) add("order", order, new_order);
  if (changes.empty()) session.say("profile.same", {options.before, options.after});
  if (session.json) session.print(changes);
  return changes.empty() ? exit_done : exit_refused;
}

// What the home asks for, before the officers.
Result<ExitCode> propose(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(issuance::ProfileSet asked, wiring::asked_profiles(session.home, home.config));
  if (session.dry_run) {
    ANTIN_TRY(const issuance::ProfileSet in_force, authority::profiles_in_force(*home.store, session.now()));
    Json changed = Json::array();
    for (const std::string& name : asked.names()) {
      ANTIN_TRY(const issuance::Profile profile, asked.find(name));
      const auto before = in_force.find(name);
      if (before && before->digest() == profile.digest()) continue;
      session.say("profile.would_change", {name});
      changed.push_back(name);
    }
    if (session.json) session.print({{"dry_run", true}, {"changed", changed}});
    return exit_done;
  }
  ANTIN_TRY(const Bytes hash, authority::propose(home.context(session), authority::ProfileChange{std::move(asked)},
                                                 home.config.required_approvals));
  return say_proposed(session, home, hash);
}

}  // namespace

void add_profile(Command antin) {
  Command group = antin.group("profile");
  const auto one = [](Command command, ProfileOptions& options) {
    command.operand("PROFILE", options.name, "profile.name").required();
  };
  add_command<NoOptions>(group, "list", "profile.list", [](Command, NoOptions&) {}, list);
  add_command<ProfileOptions>(group, "show", "profile.show", one, show);
  add_command<ProfileOptions>(group, "check", "profile.check", one, check);
  add_command<ProfileOptions>(group, "explain", "profile.explain", one, explain);
  add_command<DiffOptions>(
      group, "diff", "profile.diff",
      [](Command command, DiffOptions& options) {
        command.operand("BEFORE", options.before, "profile.name").required();
        command.operand("AFTER", options.after, "profile.name").required();
      },
      diff);
  add_command<NoOptions>(group, "propose", "profile.propose", [](Command, NoOptions&) {}, propose);
}

}  // namespace antin::commands
