// `antin token list|init|keygen|doctor|bench`.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "cli/commands/command.h"
#include "cli/commands/key_spec.h"
#include "cli/commands/personal_desk.h"
#include "cli/commands/token_checks.h"
#include "cli/commands/token_making.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/tokens.h"
#include "hsm/pin_source.h"
#include "hsm/pkcs11/uri.h"

namespace antin::commands {
namespace {

using hsm::pkcs11::Uri;

struct ListOptions {
  bool personal = false;
};
struct TokenOptions {
  std::string in = "service", token, label, key = "p256", so_pin = "prompt";
  unsigned seconds = 2, threads = 1;
};

constexpr const char* home_names[] = {"ca", "officers", "service"};

const wiring::TokenHome& tokens_named(const wiring::Config& config, const std::string& name) {
  if (name == "ca") return config.ca;
  return name == "officers" ? config.officers : config.service;
}

Result<wiring::Tokens> open_named(Session& session, const wiring::Config& config, const std::string& name) {
  if (name == "ca") return wiring::open_ca(session.home, config);
  return name == "officers" ? wiring::open_officers(session.home, config) : wiring::open_service(session.home, config);
}

// True when the configuration may mean that token.
bool names(const wiring::TokenHome& home, const Uri& token) {
  const auto means = [&](const auto& pin) {
    const Result<Uri> uri = hsm::pkcs11::parse_token_name(pin.first);
    return uri && hsm::pkcs11::agree(*uri, token);
  };
  return std::ranges::any_of(home.pins, means) || std::ranges::any_of(home.made_pins, means);
}

// Which of the three homes the token is in, by label or URI; where the configuration leaves that open, the one that has
// it. not_found when none has.
Result<std::string> home_of(Session& session, const wiring::Config& config, const std::string& token) {
  ANTIN_TRY(const Uri wanted, hsm::pkcs11::parse_token_name(token));
  std::vector<std::string> homes;
  for (const char* name : home_names)
    if (names(tokens_named(config, name), wanted)) homes.emplace_back(name);
  if (homes.size() == 1) return homes.front();
  if (homes.empty()) homes.assign(std::begin(home_names), std::end(home_names));
  for (const std::string& name : homes) {
    const Result<wiring::Tokens> tokens = open_named(session, config, name);
    const Result<std::vector<hsm::TokenInfo>> there = tokens ? tokens->list() : fail(tokens.error());
    if (!there) continue;  // of another user, perhaps
    for (const hsm::TokenInfo& info : *there)
      if (hsm::pkcs11::fits(wanted, info)) return name;
  }
  return fail(ErrorCode::not_found, "token: no token of this home is " + token + ": see `antin token list`");
}

Json token_value(const std::string& in, const hsm::TokenInfo& info) {
  return {{"in", in},
          {"label", info.label},
          {"serial", info.serial},
          {"model", info.model},
          {"manufacturer", info.manufacturer},
          {"uri", info.uri},
          {"pin_final_try", info.pin_final_try},
          {"pin_locked", info.pin_locked}};
}

Result<ExitCode> list(Session& session, const ListOptions& options) {
  if (options.personal) return list_personal(session);
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  Json all = Json::array();
  for (const char* name : home_names) {
    ANTIN_TRY(wiring::Tokens tokens, open_named(session, config, name));
    ANTIN_TRY(std::vector<hsm::TokenInfo> infos, tokens.list());
    for (const hsm::TokenInfo& info : infos) {
      if (!info.initialised) continue;
      session.say("token.line", {name, info.label, info.uri,
                                 session.text(info.pin_locked      ? "token.locked"
                                              : info.pin_final_try ? "token.final_try"
                                                                   : "token.ready")});
      all.push_back(token_value(name, info));
    }
  }
  if (session.json) session.print(all);
  return exit_done;
}

struct NewPins {
  Secret so, user;
};
Result<NewPins> read_new_pins(Session& session, const wiring::TokenHome& where, const TokenOptions& options) {
  NewPins pins;
  ANTIN_TRY(pins.user, wiring::pin_sources(session.home, where)->pin(hsm::TokenInfo{.label = options.label}));
  ANTIN_TRY(pins.so, in("security officer", hsm::read_pin(options.so_pin, session.home.root, options.label)));
  if (pins.so.reveal() == pins.user.reveal())
    return fail(ErrorCode::invalid_argument,
                "token: " + options.label + ": the security officer's PIN must not be the user's");
  return pins;
}

Result<ExitCode> init(Session& session, const TokenOptions& options) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  const wiring::TokenHome& where = tokens_named(config, options.in);
  if (!names(where, {.token = options.label})) {
    return fail(ErrorCode::failed_precondition, "token: " + options.label + ": write its PIN source into [tokens." +
                                                    options.in + ".pins] of antin.toml first");
  }
  if (config.production && options.so_pin.starts_with("file:")) {
    return fail(ErrorCode::permission_denied,
                "token: --so-pin: a production configuration refuses PIN files: use credential, fd, env or prompt");
  }
  if (!session.dry_run) {
    ANTIN_TRY(wiring::Tokens tokens, open_named(session, config, options.in));
    ANTIN_TRY(const hsm::TokenInfo token, in("token " + options.label, tokens.to_initialise(options.label)));
    NewPins pins;
    if (!token.pin_at_token) {
      ANTIN_TRY(pins, read_new_pins(session, where, options));
    }
    ANTIN_CHECK(in("token " + options.label, tokens.initialise(options.label, pins.so, pins.user)));
  }
  session.say(session.dry_run ? "token.would_initialise" : "token.initialised", {options.label});
  if (session.json) session.print({{"label", options.label}, {"in", options.in}, {"dry_run", session.dry_run}});
  return exit_done;
}

// A pair of that name is refused, but for what a stopped process left of one.
Result<std::shared_ptr<const hsm::SigningKey>> make_or_replace(Session& session, hsm::Token& token,
                                                               const std::string& label, const hsm::KeySpec& spec) {
  const hsm::KeyRef ref = wiring::named_key(label);
  auto made = token.generate_key(ref, spec);
  if (made || made.error().code != ErrorCode::already_exists) return made;
  auto store = store::open_sqlite_store(session.home.store(), true);  // a home may have tokens before it has a store
  if (!store && store.error().code != ErrorCode::not_found) return fail(store.error());
  const OnRecord on_record = on_record_in(store ? store->get() : nullptr, session.now());
  ANTIN_TRY(const bool removed, remove_hollow_key(session.random(), token, ref, on_record));
  return removed ? token.generate_key(ref, spec) : made;
}

Result<ExitCode> keygen(Session& session, const TokenOptions& options) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  ANTIN_TRY(std::string where, home_of(session, config, options.token));
  ANTIN_TRY(hsm::KeySpec spec, key_spec(options.key));
  if (session.dry_run) {
    session.say("token.would_make", {options.label, options.token});
    if (session.json) session.print({{"token", options.token}, {"label", options.label}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(wiring::Tokens tokens, open_named(session, config, where));
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, tokens.token(options.token));
  ANTIN_TRY(auto key, in("token " + options.token, make_or_replace(session, *token, options.label, spec)));
  session.say("token.made", {key->uri()});
  if (session.json)
    session.print({{"uri", key->uri()},
                   {"algorithm", hsm::to_string(key->algorithm())},
                   {"public_key", to_base64(key->public_key_info())}});
  return exit_done;
}

// The tokens of one home that `doctor` examines: those that the configuration names, or the one that was asked for.
std::vector<std::string> to_examine(const wiring::TokenHome& home, const std::string& asked) {
  std::vector<std::string> tokens;
  if (!asked.empty()) tokens.push_back(asked);
  for (const auto& [name, source] : home.pins)
    if (asked.empty()) tokens.push_back(name);
  return tokens;
}

Result<ExitCode> doctor(Session& session, const TokenOptions& options) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  std::string where = options.in;
  if (where.empty() && !options.token.empty()) {
    ANTIN_TRY(where, home_of(session, config, options.token));
  }
  Json all = Json::array();
  bool well = true;
  for (const std::string name : home_names) {
    if (!where.empty() && where != name) continue;
    ANTIN_TRY(wiring::Tokens tokens, open_named(session, config, name));
    for (const std::string& token : to_examine(tokens_named(config, name), options.token)) {
      const TokenHealth health = examine_token(session, tokens, token);
      well = well && health.well;
      session.say(health.well ? "token.well" : "token.ill",
                  {health.label, std::to_string(health.keys), health.problem});
      for (const std::string& finding : health.findings) session.say("token.finding", {finding});
      for (const std::string& note : health.notes) session.say("token.limit", {note});
      for (const std::string& limit : health.limits) session.say("token.limit", {limit});
      all.push_back({{"in", name},
                     {"label", health.label},
                     {"well", health.well},
                     {"keys", health.keys},
                     {"problem", health.problem},
                     {"findings", health.findings},
                     {"notes", health.notes},
                     {"limits", health.limits}});
    }
  }
  if (session.json) session.print(all);
  return well ? exit_done : exit_unavailable;
}

// The key that TOKEN names when it is a key's URI, else LABEL, else the key that is called like its token.
Result<hsm::KeyRef> key_to_bench(const TokenOptions& options) {
  ANTIN_TRY(const Uri wanted, hsm::pkcs11::parse_token_name(options.token));
  if (!options.label.empty()) return hsm::KeyRef{.id = wanted.key.id, .label = options.label};
  if (!wanted.key.id.empty() || !wanted.key.label.empty()) return wanted.key;
  return hsm::KeyRef{.id = {}, .label = wanted.token};
}

Result<ExitCode> bench(Session& session, const TokenOptions& options) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  ANTIN_TRY(std::string where, home_of(session, config, options.token));
  ANTIN_TRY(const hsm::KeyRef which, key_to_bench(options));
  if (session.dry_run) {
    session.say("token.would_measure", {which.label, options.token, std::to_string(options.seconds)});
    if (session.json) session.print({{"token", options.token}, {"label", which.label}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(wiring::Tokens tokens, open_named(session, config, where));
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, tokens.token(options.token));
  ANTIN_TRY(auto key, token->find_key(which));
  ANTIN_TRY(double rate, signing_rate(*key, seconds{options.seconds}, options.threads));
  const auto rounded = static_cast<std::uint64_t>(rate);
  session.say("token.rate", {key->uri(), std::to_string(rounded), std::to_string(options.threads)});
  if (session.json)
    session.print({{"uri", key->uri()},
                   {"algorithm", hsm::to_string(key->algorithm())},
                   {"threads", options.threads},
                   {"signatures_per_second", rounded}});
  return exit_done;
}

}  // namespace

void add_token(Command antin) {
  Command group = antin.group("token");
  auto in = [](Command command, TokenOptions& options) {
    command.option("--in", options.in, "token.in").one_of({"ca", "officers", "service"}).show_default();
  };
  auto token = [](Command command, TokenOptions& options) {
    return command.operand("TOKEN", options.token, "token.token");
  };
  add_command<ListOptions>(
      group, "list", "token.list",
      [](Command command, ListOptions& options) { command.flag("--personal", options.personal, "token.personal"); },
      list);
  add_token_personalise(group);
  add_token_finish(group);
  add_token_later(group);
  add_command<TokenOptions>(
      group, "init", "token.init",
      [&](Command command, TokenOptions& options) {
        command.operand("LABEL", options.label, "token.new_label").required();
        command.option("--so-pin", options.so_pin, "token.so_pin").value_name("SOURCE").show_default();
        in(command, options);
      },
      init);
  add_command<TokenOptions>(
      group, "keygen", "token.keygen",
      [&](Command command, TokenOptions& options) {
        token(command, options).required();
        command.operand("LABEL", options.label, "token.key_label").required();
        command.option("--key", options.key, "token.key").one_of(key_spec_names()).show_default();
      },
      keygen);
  add_command<TokenOptions>(
      group, "doctor", "token.doctor",
      [&](Command command, TokenOptions& options) {
        options.in.clear();
        token(command, options);
        in(command, options);
      },
      doctor);
  add_command<TokenOptions>(
      group, "bench", "token.bench",
      [&](Command command, TokenOptions& options) {
        token(command, options).required();
        command.operand("LABEL", options.label, "token.key_label");
        command.option("--seconds", options.seconds, "token.seconds").between(1, 60).show_default();
        command.option("--threads", options.threads, "token.threads").between(1, 64).show_default();
      },
      bench);
}

}  // namespace antin::commands
