// `antin ca list` and `antin profile list|show`.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/issuance/profile.h"
#include "cli/commands/command.h"
#include "cli/wiring/config.h"
#include "cli/wiring/issuers.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct ProfileOptions {
  std::string name;
};

Result<Json> authority_value(Session& session, const wiring::Config& config, std::string_view name) {
  ANTIN_TRY(x509::Certificate certificate, wiring::read_ca_certificate(session.home, name));
  return Json{{"name", name},
              {"subject", certificate.subject().rfc4514()},
              {"issuer", certificate.issuer().rfc4514()},
              {"serial", certificate.serial().hex()},
              {"not_before", to_rfc3339(certificate.not_before())},
              {"not_after", to_rfc3339(certificate.not_after())},
              {"sha256", to_hex(certificate.fingerprint())},
              {"crl_url", config.crl_url(name)},
              {"file", session.home.ca_certificate(name).string()}};
}

Result<ExitCode> list_authorities(Session& session, const NoOptions&) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  Json all = Json::array();
  for (std::string_view name : wiring::issuer_names) {
    ANTIN_TRY(Json value, authority_value(session, config, name));
    session.say("ca.line",
                {std::string(name), value.at("subject").get<std::string>(),
                 for_people(value.at("not_after").get<std::string>()), value.at("serial").get<std::string>()});
    all.push_back(std::move(value));
  }
  if (session.json) session.print(all);
  return exit_done;
}

Json profile_value(const issuance::Profile& profile) {
  return {{"name", profile.name()},
          {"version", profile.version()},
          {"kind", issuance::to_string(profile.kind())},
          {"authority", profile.is_authority()},
          {"tests_only", profile.for_tests()},
          {"digest", profile.digest()}};
}

Result<ExitCode> list_profiles(Session& session, const NoOptions&) {
  Json all = Json::array();
  for (const std::string& name : issuance::built_in_profile_names()) {
    ANTIN_TRY(issuance::Profile profile, issuance::built_in_profile(name));
    session.say("profile.line", {name, std::string(issuance::to_string(profile.kind())),
                                 std::to_string(profile.version()), profile.digest().substr(0, 16)});
    all.push_back(profile_value(profile));
  }
  if (session.json) session.print(all);
  return exit_done;
}

Result<ExitCode> show_profile(Session& session, const ProfileOptions& options) {
  ANTIN_TRY(issuance::Profile profile, issuance::built_in_profile(options.name));
  const Json value = profile_value(profile);
  if (session.json) {
    session.print(value);
    return exit_done;
  }
  for (const auto& [key, one] : value.items())
    session.out() << key << ": " << (one.is_string() ? one.get<std::string>() : one.dump()) << '\n';
  return exit_done;
}

}  // namespace

void add_ca(CommandLine& line) {
  CLI::App* group = line.app.add_subcommand("ca", line.help("ca"));
  group->require_subcommand(1);
  add_command<NoOptions>(line, *group, "list", "ca.list", [](CLI::App&, NoOptions&) {}, list_authorities);
}

void add_profile(CommandLine& line) {
  CLI::App* group = line.app.add_subcommand("profile", line.help("profile"));
  group->require_subcommand(1);
  add_command<NoOptions>(line, *group, "list", "profile.list", [](CLI::App&, NoOptions&) {}, list_profiles);
  add_command<ProfileOptions>(
      line, *group, "show", "profile.show",
      [&](CLI::App& app, ProfileOptions& options) {
        app.add_option("PROFILE", options.name, line.help("profile.name"))->required();
      },
      show_profile);
}

}  // namespace antin::commands
