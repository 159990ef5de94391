// `antin ca roll-over propose|complete`: a new generation of an issuer: its key is made and put before the officers,
// and once they decided it is certified, published and put in service. docs/ceremonies.md.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/profile_guard.h"
#include "ca/issuance/key_gate.h"
#include "cli/commands/ca_session.h"
#include "cli/commands/command.h"
#include "cli/commands/key_spec.h"
#include "cli/commands/proposal_value.h"
#include "cli/commands/roll_over.h"
#include "cli/commands/token_making.h"

namespace antin::commands {
namespace {

using authority::IssuerChange;
using authority::IssuerRegister;
using authority::RegisteredIssuer;
using authority::RoleRegister;

struct ProposeOptions {
  std::string bloc, key = "p256", from, token, remark;
};
struct CompleteOptions {
  std::string issuer;
};

// All but the key, which is not made yet.
Result<IssuerChange> planned(const IssuerRegister& issuers, const ProposeOptions& options, Time from, Time now) {
  ANTIN_TRY(const hsm::KeySpec spec, key_spec(options.key));
  ANTIN_TRY(IssuerChange change, issuers.next_generation(options.bloc, now, spec.algorithm));
  if (!options.token.empty()) change.token = options.token;
  change.algorithm = options.key;
  change.issues_from = from;
  change.remark = options.remark;
  return change;
}

// Link certificates need a profile, which the sets of earlier versions do not have.
Status require_link_profile(store::Store& store, const IssuerChange& change, Time now) {
  if (authority::bloc_of(change.name) != authority::root_bloc) return {};
  ANTIN_TRY(const issuance::ProfileSet profiles, authority::profiles_in_force(store, now));
  if (profiles.find("link")) return {};
  return fail(ErrorCode::failed_precondition,
              "profiles: link is not in force, by which link certificates are issued: `antin profile propose` first");
}

// No module has keys of ML-DSA yet: they are in software, which the configuration of a home of tests must allow.
Status require_place(const wiring::Config& config, const hsm::KeySpec& spec) {
  if (!hsm::is_ml_dsa(spec.algorithm)) return {};
  if (config.production)
    return fail(ErrorCode::permission_denied,
                "a production authority has no key of ML-DSA yet: no module keeps one, and keys in software are for "
                "tests");
  ANTIN_CHECK(hsm::require_ml_dsa());
  if (!config.ca.software.empty()) return {};
  return fail(ErrorCode::failed_precondition,
              "no module keeps a key of ML-DSA yet: write software = \"ca/software\" into [tokens.ca] of antin.toml, "
              "in a home of tests, for a token in software");
}

Result<bool> is_there(const wiring::Tokens& tokens, const std::string& label) {
  ANTIN_TRY(const std::vector<hsm::TokenInfo> infos, tokens.list());
  return std::ranges::any_of(infos,
                             [&](const hsm::TokenInfo& info) { return info.initialised && info.label == label; });
}

// A token of SoftHSM2, or in software for what no module has, is made here; others, and those of production, by whoever
// has their PINs.
Status provide_token(Session& session, const wiring::Config& config, const std::string& label,
                     const hsm::KeySpec& spec) {
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, config));
  ANTIN_TRY(const bool there, is_there(tokens, label));
  if (there) return {};
  if (hsm::is_ml_dsa(spec.algorithm))
    return make_software_token(session.random(), session.home.root / config.ca.software, label);
  if (config.production || config.ca.softhsm2.empty())
    return fail(ErrorCode::unavailable, "token " + label +
                                            ": it is not there: write its PIN source into [tokens.ca.pins] of "
                                            "antin.toml and run `antin token init --in ca --label " +
                                            label + "`");
  return make_token(session.random(), tokens, session.home.root / config.ca.softhsm2, label);
}

Result<Bytes> provide_key(Session& session, store::Store& store, const IssuerChange& change, const hsm::KeySpec& spec) {
  ANTIN_TRY(const wiring::Config config, wiring::read_config(session.home));  // with the PIN that was made
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, config));
  ANTIN_TRY(const auto key, in("token " + change.token, make_key(session.random(), tokens, change.token, change.name, spec,
                                                                on_record_in(&store, session.now()))));
  if (key->algorithm() != spec.algorithm)
    return fail(ErrorCode::failed_precondition, "token " + change.token + ": " + key->uri() +
                                                    " is there already and of another kind: destroy it, or propose "
                                                    "that kind");
  ANTIN_CHECK(issuance::check_key(key->public_key_info()));
  return to_bytes(key->public_key_info());
}

// A proposal that says the same and waits: a propose that was killed or repeated hands in none twice.
const RoleRegister::State* same_waiting(const RoleRegister& roles, const IssuerChange& change) {
  for (const auto& [number, state] : roles.proposals()) {
    const auto* issuer = std::get_if<IssuerChange>(&state.proposal.change);
    if (issuer != nullptr && !state.in_force && *issuer == change) return &state;
  }
  return nullptr;
}

Result<ExitCode> propose(Session& session, const ProposeOptions& options) {
  ANTIN_TRY(const hsm::KeySpec spec, key_spec(options.key));
  ANTIN_TRY(const Time from, in("--from", parse_rfc3339(options.from)));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_CHECK(require_place(home.config, spec));
  ANTIN_TRY(IssuerChange change, planned(roles.issuers(), options, from, session.now()));
  ANTIN_CHECK(require_link_profile(*home.store, change, session.now()));
  ANTIN_CHECK(roles.issuers().check(change));
  if (session.dry_run) {
    session.say("roll_over.would_propose", {change.name, options.key, change.token, for_people(from)});
    if (session.json) session.print({{"dry_run", true}, {"issuer", change.name}, {"token", change.token}});
    return exit_done;
  }
  ANTIN_CHECK(provide_token(session, home.config, change.token, spec));
  ANTIN_TRY(const Bytes key, provide_key(session, *home.store, change, spec));
  change.key = to_hex(sha256(key));
  if (const RoleRegister::State* state = same_waiting(roles, change)) return say_proposed(session, home, state->hash);
  ANTIN_TRY(const Bytes hash,
            authority::propose(home.context(session), std::move(change), home.config.required_approvals));
  return say_proposed(session, home, hash);
}

// What officers have not decided yet: nothing is done, as with a roster that waits.
std::optional<Bytes> undecided(const RoleRegister& roles, const std::string& name) {
  for (const auto& [number, state] : roles.proposals()) {
    const auto* issuer = std::get_if<IssuerChange>(&state.proposal.change);
    if (issuer != nullptr && !state.in_force && issuer->name == name) return state.hash;
  }
  return std::nullopt;
}

Result<ExitCode> complete(Session& session, const CompleteOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  const RegisteredIssuer* issuer = roles.issuers().find(options.issuer);
  if (issuer == nullptr)
    if (const auto hash = undecided(roles, options.issuer)) return say_proposed(session, home, *hash);
  ANTIN_TRY(const RegisteredIssuer wanted, find_issuer(session, home, options.issuer));
  const bool before = wanted.in_service;
  if (!before && wanted.follows.empty())
    return fail(ErrorCode::failed_precondition, "issuer: " + wanted.name + " was adopted: there is nothing to certify");
  if (session.dry_run) {
    for (const std::string_view step : roll_over_steps(wanted)) session.say(step);
    if (session.json) session.print({{"dry_run", true}, {"issuer", wanted.name}, {"in_service", before}});
    return exit_done;
  }
  const auto tell = [&](std::string_view step) { session.err() << session.text(step) << '\n'; };
  if (!before) ANTIN_CHECK(in("ca " + wanted.name, complete_roll_over(session, home, wanted, tell)));
  session.say(before ? "roll_over.complete_before" : "roll_over.complete",
              {wanted.name, for_people(wanted.issues_from.value_or(session.now()))});
  if (session.json)
    session.print(
        {{"issuer", wanted.name}, {"created", !before}, {"file", session.home.ca_certificate(wanted.name).string()}});
  return exit_done;
}

}  // namespace

void add_ca_roll_over(Command ca) {
  Command group = ca.group("roll-over");
  add_command<ProposeOptions>(
      group, "propose", "roll_over.propose",
      [](Command command, ProposeOptions& options) {
        command.operand("BLOC", options.bloc, "roll_over.bloc").required().one_of({"root", "party", "government"});
        command.option("--from", options.from, "roll_over.from").required().value_name("TIME");
        command.option("--key", options.key, "roll_over.key").one_of(generation_key_spec_names()).show_default();
        command.option("--token", options.token, "roll_over.token").value_name("LABEL");
        command.option("--remark", options.remark, "roll_over.remark");
      },
      propose);
  add_command<CompleteOptions>(
      group, "complete", "roll_over.complete",
      [](Command command, CompleteOptions& options) {
        command.operand("ISSUER", options.issuer, "roll_over.issuer").required();
      },
      complete);
}

}  // namespace antin::commands
