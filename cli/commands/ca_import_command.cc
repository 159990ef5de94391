// `antin ca import`: another system's authority moves in: its key into a token, what it issued and revoked into the
// store, by the officers' decision. docs/formats/migration.md.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/authority/adoption.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/proposal.h"
#include "ca/foreign/province.h"
#include "ca/migration/belongings.h"
#include "cli/commands/ca_import.h"
#include "cli/commands/ca_session.h"
#include "cli/commands/proposal_value.h"
#include "cli/sample/units.h"
#include "cli/wiring/key_import.h"
#include "cli/wiring/publish.h"
#include "hsm/pin_source.h"
#include "hsm/public_key.h"
#include "hsm/software/private_key_file.h"

namespace antin::commands {
namespace {

using authority::IssuerChange;
using authority::RoleRegister;
using migration::Belongings;

struct ImportOptions {
  std::string name, folder, certificate, list;
  std::string token, key, passphrase = "prompt", out;
};

constexpr std::uintmax_t largest_key = 1U << 20;

// What is moving in.
struct Moving {
  x509::Certificate authority;
  Belongings belongings;
};

Result<foreign::Province> province_of(store::Store& store) {
  ANTIN_TRY(std::vector<foreign::Subscriber> subscribers, foreign::known_subscribers(store));
  std::vector<foreign::Unit> units;
  for (const sample::Unit& unit : sample::units())
    units.push_back({std::string(unit.code), std::string(unit.level), std::string(unit.name), std::string(unit.parent),
                     std::string(unit.agency_code)});
  return foreign::Province(std::move(subscribers), std::move(units));
}

Result<Moving> read_moving(Session& session, OpenHome& home, const ImportOptions& options) {
  ANTIN_TRY(const migration::OldAuthority old,
            migration::read_old_authority({options.folder, options.certificate, options.list}));
  ANTIN_TRY(const foreign::Province province, province_of(*home.store));
  const migration::Survey survey = migration::survey_of(old, session.now());
  ANTIN_TRY(Belongings belongings, migration::belongings_of(old, survey, province));
  return Moving{old.certificate, std::move(belongings)};
}

std::uint64_t count_if_revoked(const authority::Holdings& holdings) {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(holdings.items, [](const auto& item) { return item.second.revocation.has_value(); }));
}

void say_moving(Session& session, const Moving& moving) {
  const authority::Holdings& holdings = moving.belongings.holdings;
  session.say("move.comes", {moving.authority.subject().rfc4514(),
                             std::to_string(moving.belongings.certificates.size()), std::to_string(count_if_revoked(holdings)), std::to_string(holdings.last_crl_number)});
  session.say("move.holdings", {authority::holdings_digest(holdings)});
  for (const std::string& address : moving.belongings.addresses) session.say("move.address", {address});
}

Json moving_value(const ImportOptions& options, const Moving& moving) {
  const authority::Holdings& holdings = moving.belongings.holdings;
  return {{"issuer", options.name},
          {"holdings", authority::holdings_digest(holdings)},
          {"certificates", moving.belongings.certificates.size()},
          {"revoked", count_if_revoked(holdings)},
          {"lost", holdings.items.size() - moving.belongings.certificates.size()},
          {"above_crl_number", holdings.last_crl_number},
          {"addresses", moving.belongings.addresses}};
}

// Of a file, or of what is piped in.
Result<Secret> read_key(Session& session, const wiring::Config& config, const ImportOptions& options) {
  if (config.production && options.passphrase.starts_with("file:"))
    return fail(ErrorCode::permission_denied,
                "ca import: --passphrase: a production configuration refuses PIN files: use credential, fd, env or "
                "prompt");
  ANTIN_TRY(Bytes file, read_file(options.key == "-" ? "/dev/stdin" : options.key, largest_key));
  Result<Secret> key = hsm::software::read_private_key(file, [&] {
    return in("passphrase", hsm::read_pin(options.passphrase, session.home.root, options.name));
  });
  wipe(file.data(), file.size());
  return in("ca import: --key", std::move(key));
}

Status require_key_of(const Moving& moving, ByteView public_key_info) {
  if (equal(public_key_info, moving.authority.public_key_info())) return {};
  return fail(ErrorCode::failed_precondition,
              "ca import: the key is not the one of the certificate " + moving.authority.subject().rfc4514());
}

// Into the token, or found there already.
Status bring_key(Session& session, OpenHome& home, const ImportOptions& options, const Moving& moving) {
  const std::string& token = options.token.empty() ? options.name : options.token;
  if (!options.key.empty()) {
    ANTIN_TRY(const Secret key, read_key(session, home.config, options));
    ANTIN_TRY(const Bytes proved, hsm::software::prove_private_key(bytes_of(key.reveal())));
    ANTIN_CHECK(require_key_of(moving, proved));
    ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
    ANTIN_TRY(const auto imported, wiring::import_key(tokens, token, options.name, key));
    session.say("move.key_imported", {imported->uri()});
    return {};
  }
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> opened, tokens.token(token));
  const auto found = opened->find_key(wiring::named_key(options.name));
  if (!found && found.error().code == ErrorCode::not_found)
    return fail(ErrorCode::failed_precondition,
                "ca import: the token " + token + " has no key " + options.name + " with the CKA_ID " +
                    to_hex(wiring::named_key(options.name).id) +
                    ": give the key with --key, or name it so in the token");
  if (!found) return fail(found.error());
  return require_key_of(moving, (*found)->public_key_info());
}

Result<IssuerChange> change_of(const ImportOptions& options, const Moving& moving) {
  ANTIN_TRY(const hsm::KeyAlgorithm algorithm, hsm::key_algorithm_of(moving.authority.public_key_info()));
  IssuerChange change;
  change.name = options.name;
  change.token = options.token.empty() ? options.name : options.token;
  change.key = to_hex(sha256(moving.authority.public_key_info()));
  change.algorithm = hsm::to_string(algorithm);
  change.certificate = to_bytes(moving.authority.der());
  change.holdings = authority::holdings_digest(moving.belongings.holdings);
  return change;
}

// The same proposal of an earlier run, when it still counts; none otherwise.
const RoleRegister::State* proposed_before(const RoleRegister& roles, const IssuerChange& wanted) {
  const authority::RegisteredIssuer* decided = roles.issuers().find(wanted.name);
  for (const auto& [number, state] : roles.proposals()) {
    const auto* change = std::get_if<IssuerChange>(&state.proposal.change);
    if (state.in_force && (decided == nullptr || decided->proposal != number)) continue;
    if (change != nullptr && change->name == wanted.name && change->token == wanted.token &&
        change->holdings == wanted.holdings && equal(change->certificate, wanted.certificate))
      return &state;
  }
  return nullptr;
}

Result<ExitCode> propose(Session& session, const ImportOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const Moving moving, read_moving(session, home, options));
  ANTIN_TRY(IssuerChange change, change_of(options, moving));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  const RoleRegister::State* before = proposed_before(roles, change);
  if (before == nullptr) ANTIN_CHECK(roles.issuers().check(change));
  say_moving(session, moving);
  if (!options.out.empty())
    ANTIN_CHECK(write_file(options.out, authority::canonical(moving.belongings.holdings)));
  if (session.dry_run) {
    Json value = moving_value(options, moving);
    value["dry_run"] = true;
    if (session.json) session.print(value);
    return exit_done;
  }
  ANTIN_CHECK(bring_key(session, home, options, moving));
  if (!options.key.empty()) session.say("move.destroy_key", {});
  if (before != nullptr && before->in_force) {
    session.say("ca.adopting", {options.name});
    if (session.json) session.print(proposal_value(roles, *before));
    return exit_done;
  }
  if (before != nullptr) return say_proposed(session, home, before->hash);
  ANTIN_TRY(const Bytes hash,
            authority::propose(home.context(session), std::move(change), home.config.required_approvals));
  return say_proposed(session, home, hash);
}

Result<store::CrlRecord> publish(Session& session, OpenHome& home, const std::string& name, const Moving& moving) {
  ANTIN_CHECK(write_file(session.home.ca_certificate(name), moving.authority.pem()));
  ANTIN_TRY(const OpenIssuers open, open_issuers(session, home, {name}));
  return wiring::publish_crl(home.context(session), session.home, home.config, name, *open.find(name));
}

Result<ExitCode> complete(Session& session, const ImportOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const Moving moving, read_moving(session, home, options));
  ANTIN_TRY(authority::IssuerRegister issuers, authority::read_issuers(*home.store, session.now()));
  const authority::RegisteredIssuer* issuer = issuers.find(options.name);
  const std::string digest = authority::holdings_digest(moving.belongings.holdings);
  const bool taken = issuer != nullptr && issuer->took_holdings && issuer->holdings == digest;
  const bool in_service = taken && issuer->in_service;
  if (!taken) ANTIN_CHECK(issuers.take_holdings(options.name, digest));
  Json value = moving_value(options, moving);
  value["dry_run"] = session.dry_run;
  if (session.dry_run || in_service) {
    session.say(in_service ? "move.done_before" : "move.would_complete", {options.name});
    if (session.json) session.print(value);
    return exit_done;
  }
  ANTIN_TRY(const authority::Adopted adopted, authority::adopt(home.context(session), options.name,
                                                               moving.belongings.holdings,
                                                               moving.belongings.certificates));
  ANTIN_TRY(const store::CrlRecord list, publish(session, home, options.name, moving));
  ANTIN_CHECK(authority::put_in_service(home.context(session), options.name));
  session.say("move.done", {options.name, std::to_string(adopted.certificates),
                            std::to_string(adopted.revoked + adopted.suspended + adopted.lost)});
  const std::string file = session.home.crl(options.name).string();
  session.say("move.list", {std::to_string(list.number), file});
  value["crl"] = {{"number", list.number}, {"entries", list.entries}, {"file", file}};
  if (session.json) session.print(value);
  return exit_done;
}

void declare_places(Command command, ImportOptions& options) {
  command.operand("NAME", options.name, "ca.import.name").required();
  command.operand("DIR", options.folder, "ca.check.folder").required();
  command.option("--ca", options.certificate, "ca.check.ca").value_name("FILE");
  command.option("--crl", options.list, "ca.check.crl").value_name("FILE");
}

}  // namespace

void add_ca_import(Command ca) {
  Command group = ca.group("import");
  add_command<ImportOptions>(
      group, "propose", "ca.import.propose",
      [](Command command, ImportOptions& options) {
        declare_places(command, options);
        command.option("--key", options.key, "ca.import.key").value_name("FILE");
        command.option("--passphrase", options.passphrase, "ca.import.passphrase").value_name("SOURCE").show_default();
        command.option("--token", options.token, "ca.import.token").value_name("TOKEN");
        command.option("-o,--out", options.out, "ca.import.out").value_name("FILE");
      },
      propose);
  add_command<ImportOptions>(group, "complete", "ca.import.complete", declare_places, complete);
}

}  // namespace antin::commands
