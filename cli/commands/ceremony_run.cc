#include "cli/commands/ceremony_run.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/ceremony_record.h"
#include "cli/commands/ceremony_cross.h"
#include "cli/commands/ceremony_officers.h"
#include "cli/commands/ceremony_roll_over.h"
#include "cli/commands/ceremony_transcript.h"
#include "cli/commands/cross.h"
#include "cli/commands/home_session.h"
#include "cli/wiring/exclusive.h"
#include "cli/wiring/profiles.h"

namespace antin::commands {
namespace {

using wiring::CeremonyFile;
using wiring::CeremonyIssuer;
using wiring::CeremonyOfficer;
using wiring::CrossCeremony;
using wiring::IssuingCeremony;
using wiring::OfficersCeremony;
using wiring::RollOverCeremony;
using wiring::RootCeremony;
using Fields = std::vector<std::pair<std::string, std::string>>;
using Lines = std::vector<std::string>;

std::string or_any(const Session& session, const std::string& serial) {
  return serial.empty() ? session.text("ceremony.any_serial") : serial;
}

void tell_issuer(const Session& session, const CeremonyIssuer& issuer, Lines& lines) {
  lines.push_back(session.text("ceremony.will.issuer", {issuer.name, issuer.common_name, issuer.organisation}));
  lines.push_back(session.text("ceremony.will.key", {issuer.key_name, issuer.name, or_any(session, issuer.token_serial),
                                                     std::to_string(issuer.years)}));
}

void tell(const Session& session, const RootCeremony& root, Lines& lines) {
  lines.push_back(session.text("ceremony.will.home", {session.home.root.string(), root.publish_url}));
  tell_issuer(session, root.root, lines);
  for (const CeremonyOfficer& officer : root.officers)
    lines.push_back(session.text("ceremony.will.officer", {officer.name, officer.organisation, officer.token}));
  lines.push_back(session.text("ceremony.will.approvals",
                               {std::to_string(root.required_approvals), std::to_string(root.officers.size())}));
  lines.push_back(session.text("ceremony.will.service", {root.service.name, root.service.organisation}));
  lines.push_back(root.configuration.empty()
                      ? session.text("ceremony.will.softhsm2")
                      : session.text("ceremony.will.configuration",
                                     {root.configuration_name, to_hex(sha256(bytes_of(root.configuration)))}));
}

void tell(const Session& session, const IssuingCeremony& issuing, Lines& lines) {
  tell_issuer(session, issuing.issuer, lines);
  lines.push_back(session.text("ceremony.will.certify"));
  if (issuing.issuer.name == "government") lines.push_back(session.text("ceremony.will.certify_officers"));
}

void tell(const Session& session, const RollOverCeremony& next, Lines& lines) {
  lines.push_back(session.text("ceremony.will.roll_over", {next.issuer, next.bloc, next.key_name,
                                                           or_any(session, next.token_serial),
                                                           for_people(next.issues_from)}));
}

void tell(const Session& session, const OfficersCeremony& wanted, Lines& lines) {
  lines.push_back(session.text("ceremony.will.officers", {std::to_string(wanted.number), wanted.reason}));
  for (const CeremonyOfficer& officer : wanted.officers)
    lines.push_back(session.text("ceremony.will.officer", {officer.name, officer.organisation, officer.token}));
  for (const wiring::CeremonyWitness& witness : wanted.witnesses)
    lines.push_back(session.text("ceremony.will.witness_token", {witness.name, witness.token}));
}

void tell(const Session& session, const CrossCeremony& cross, Lines& lines) {
  for (std::string& line : cross_words(session, cross.change)) lines.push_back(std::move(line));
  lines.push_back(session.text("ceremony.will.other_file", {cross.file_name, to_hex(cross.sha256)}));
}

Status check_issuer(const issuance::ProfileSet& profiles, const CeremonyIssuer& issuer, const std::string& name,
                    Time now) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(name));
  ANTIN_CHECK(in(issuer.name, profile.subject({{"cn", issuer.common_name}, {"o", issuer.organisation}})));
  ANTIN_TRY(const auto given, profile.validity(now, std::nullopt));
  const auto years = std::chrono::round<std::chrono::years>(given.not_after - given.not_before).count();
  if (years == static_cast<long>(issuer.years)) return {};
  return fail(ErrorCode::failed_precondition, "the profile " + name + " gives " + std::to_string(years) +
                                                  " years, and the ceremony file says " + std::to_string(issuer.years));
}

Status check_person(const issuance::ProfileSet& profiles, const std::string& profile_name, Fields fields) {
  ANTIN_TRY(const issuance::Profile profile, profiles.find(profile_name));
  std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
  ANTIN_CHECK(in(profile_name, profile.subject(fields)));
  return {};
}

Status check_officers(const issuance::ProfileSet& profiles, const std::vector<CeremonyOfficer>& officers) {
  for (const CeremonyOfficer& officer : officers)
    ANTIN_CHECK(
        in(officer.token,
           check_person(
               profiles, "officer",
               {{"cn", officer.name}, {"o", officer.organisation}, {"ou", officer.unit}, {"mail", officer.mail}})));
  return {};
}

// The configuration of the home, or the one that it will begin with.
Result<wiring::Config> config_of(const Session& session, const CeremonyFile& file) {
  std::error_code error;
  if (std::filesystem::exists(session.home.config(), error)) return wiring::read_config(session.home);
  const auto* root = std::get_if<RootCeremony>(&file.held);
  if (root == nullptr || root->configuration.empty()) return wiring::default_config();
  return wiring::parse_config(root->configuration);
}

// The file's copy is the first thing that is written: from then on this ceremony follows it and no other.
Status keep_file(const Session& session, const CeremonyFile& file) {
  const Path copy = session.home.ceremonies() / (file.name() + ".toml");
  std::error_code error;
  if (std::filesystem::exists(copy, error)) {
    ANTIN_TRY(const Bytes before, read_file(copy, 1U << 20));
    if (equal(before, bytes_of(file.text))) return {};
    return fail(ErrorCode::failed_precondition,
                "ceremony " + file.name() + ": it was begun by another file, of SHA-256 " + to_hex(sha256(before)));
  }
  const auto* root = std::get_if<RootCeremony>(&file.held);
  if (root != nullptr && std::filesystem::exists(session.home.config(), error))
    return fail(ErrorCode::failed_precondition, "home: " + session.home.root.string() +
                                                    " has an antin.toml: the root's ceremony begins in a new folder");
  ANTIN_CHECK(make_directories(session.home.ceremonies()));
  if (root != nullptr && !root->configuration.empty())
    ANTIN_CHECK(write_file(session.home.ceremonies() / root->configuration_name, root->configuration));
  if (const auto* cross = std::get_if<CrossCeremony>(&file.held))
    ANTIN_CHECK(write_file(session.home.ceremonies() / cross->file_name, cross->file));
  return write_file(copy, file.text);
}

// What an issuing CA's ceremony takes from the root's: its file, and the keys that it made.
struct Begun {
  RootCeremony root;
  std::map<std::string, std::string> keys;  // SHA-256 by whose they are
};

Result<Bytes> read_unchanged(const Path& file, const std::string& digest) {
  ANTIN_TRY(Bytes octets, read_file(file, 4U << 20));
  if (to_hex(sha256(octets)) == digest) return octets;
  return fail(ErrorCode::permission_denied,
              "ceremony root: " + file.string() + " was changed since: the log says SHA-256 " + digest);
}

// By which this home was begun, as the log says: officers are certified by that file and with those keys.
Result<Begun> begun_by(Session& session) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  const auto record = authority::find_ceremony(*home.store, "root");
  if (!record && record.error().code != ErrorCode::not_found) return fail(record.error());
  if (!record || record->transcript.empty())
    return fail(ErrorCode::failed_precondition,
                "home: " + session.home.root.string() + " has no root by a ceremony file yet: run that ceremony first");
  ANTIN_TRY(const Bytes text, read_unchanged(session.home.ceremonies() / "root.toml", record->file));
  ANTIN_TRY(CeremonyFile file, wiring::parse_ceremony_file(text_of(text), session.home.ceremonies()));
  auto* root = std::get_if<RootCeremony>(&file.held);
  if (root == nullptr) return fail(ErrorCode::data_loss, "ceremony root: its file is of another kind");
  ANTIN_TRY(const Bytes octets, read_unchanged(transcript_file(session.home, "root"), record->transcript));
  ANTIN_TRY(const nlohmann::json transcript, read_transcript(octets));
  Begun begun{std::move(*root), {}};
  for (const auto& step : transcript.at("steps"))
    if (step.at("act") == "key") begun.keys[step.at("of")] = step.at("public_key");
  return begun;
}

// Nobody's key is another one than the root's ceremony wrote down.
Status check_key(const Begun& begun, const CeremonyStep& step) {
  const auto known = begun.keys.find(step.of);
  if (step.act != "key" || known == begun.keys.end()) return {};
  for (const auto& [name, fact] : step.facts)
    if (name == "public_key" && fact != known->second)
      return fail(ErrorCode::permission_denied, "token " + step.of + ": its key is not the one of the root's ceremony");
  return {};
}

std::vector<Participant> participants(const RootCeremony& root) {
  std::vector<Participant> officers;
  for (const CeremonyOfficer& officer : root.officers) officers.push_back({officer.token, {}, officer.name});
  return officers;
}

Status end(Session& session, OpenHome& home, Transcript& transcript, const std::vector<Participant>& officers,
           const std::function<void(std::string_view)>& at_step, HeldCeremony& held) {
  at_step("ceremony.step.transcript");
  ANTIN_TRY(held.transcript, transcript.end(officers, session.now()));
  return authority::end_ceremony(home.context(session), held.name, held.transcript);
}

Result<HeldCeremony> hold(Session& session, const CeremonyFile& file, const Begun& begun,
                          const std::function<void(std::string_view)>& at_step) {
  ANTIN_TRY(Transcript transcript, Transcript::open(session, file));
  HeldCeremony held{file.name(), {}, transcript.ended(), {}};
  if (!transcript.ended()) {
    const CeremonyWatch watch{at_step, [&](const CeremonyStep& step) -> Status {
                                ANTIN_CHECK(check_key(begun, step));
                                return transcript.add(step, session.now());
                              }};
    const auto* issuing = std::get_if<IssuingCeremony>(&file.held);
    ANTIN_CHECK(issuing == nullptr ? hold_root(session, begun.root, file.sha256, watch)
                                   : hold_issuing(session, begun.root, *issuing, file.sha256, watch));
  }
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_CHECK(end(session, home, transcript, participants(begun.root), at_step, held));
  return held;
}

Result<bool> ended_before(const OpenHome& home, const std::string& name) {
  const auto record = authority::find_ceremony(*home.store, name);
  if (!record && record.error().code != ErrorCode::not_found) return fail(record.error());
  return record && !record->transcript.empty();
}

Result<DecisionStage> hold_stage(Session& session, OpenHome& home, const CeremonyFile& file,
                                 const CeremonyWatch& watch) {
  if (const auto* cross = std::get_if<CrossCeremony>(&file.held)) return hold_cross(session, home, *cross, watch);
  return hold_roll_over(session, home, std::get<RollOverCeremony>(file.held), watch);
}

const char* completed_by(const CeremonyFile& file) {
  return std::holds_alternative<CrossCeremony>(file.held) ? "ceremony.waits.complete_cross" : "ceremony.waits.complete";
}

// Officers decide in between: what they have decided so far is written down, and the last run ends the transcript.
Result<HeldCeremony> hold_decided(Session& session, const CeremonyFile& file,
                                  const std::function<void(std::string_view)>& at_step) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_CHECK(keep_file(session, file));
  ANTIN_TRY(Transcript transcript, Transcript::open(session, file));
  HeldCeremony held{file.name(), {}, transcript.ended(), {}};
  if (!transcript.ended()) {
    ANTIN_CHECK(authority::begin_ceremony(home.context(session), file.name(), file.sha256));
    const CeremonyWatch watch{at_step, [&](const CeremonyStep& step) { return transcript.add(step, session.now()); }};
    ANTIN_TRY(const DecisionStage stage, hold_stage(session, home, file, watch));
    if (stage == DecisionStage::officers_decide) held.waits_for = "ceremony.waits.officers";
    if (stage == DecisionStage::to_complete) held.waits_for = completed_by(file);
    if (!held.waits_for.empty()) return held;
  }
  ANTIN_TRY(const std::vector<Participant> officers, officers_now(session, home));
  ANTIN_CHECK(end(session, home, transcript, officers, at_step, held));
  return held;
}

// Whether it may be held at all is judged before the file is kept: what was refused can be put right.
Result<HeldCeremony> hold_officers(Session& session, const CeremonyFile& file, const OfficersCeremony& wanted,
                                   const std::function<void(std::string_view)>& at_step) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_TRY(const bool ended, ended_before(home, file.name()));
  if (!ended) ANTIN_CHECK(may_make_officers(session, home, wanted, file.name()));
  ANTIN_CHECK(keep_file(session, file));
  ANTIN_TRY(Transcript transcript, Transcript::open(session, file));
  HeldCeremony held{file.name(), {}, transcript.ended(), {}};
  if (!transcript.ended()) {
    ANTIN_CHECK(authority::begin_ceremony(home.context(session), file.name(), file.sha256));
    const CeremonyWatch watch{at_step, [&](const CeremonyStep& step) { return transcript.add(step, session.now()); }};
    ANTIN_CHECK(make_new_officers(session, home, wanted, file.sha256, watch));
  }
  ANTIN_TRY(const std::vector<Participant> officers, new_officers(session, home, wanted));
  ANTIN_CHECK(end(session, home, transcript, officers, at_step, held));
  return held;
}

}  // namespace

std::vector<std::string> ceremony_words(const Session& session, const CeremonyFile& file) {
  Lines lines = {session.text("ceremony.will.title", {file.title, file.place})};
  std::visit([&](const auto& held) { tell(session, held, lines); }, file.held);
  if (std::holds_alternative<OfficersCeremony>(file.held)) return lines;  // which told of its witnesses
  for (const std::string& witness : file.witnesses) lines.push_back(session.text("ceremony.will.witness", {witness}));
  return lines;
}

Status check_ceremony(Session& session, const CeremonyFile& file) {
  ANTIN_TRY(const wiring::Config config, config_of(session, file));
  ANTIN_TRY(const issuance::ProfileSet profiles, wiring::asked_profiles(session.home, config));
  if (const auto* issuing = std::get_if<IssuingCeremony>(&file.held))
    return check_issuer(profiles, issuing->issuer, "issuing", session.now());
  if (const auto* wanted = std::get_if<OfficersCeremony>(&file.held)) return check_officers(profiles, wanted->officers);
  if (const auto* cross = std::get_if<CrossCeremony>(&file.held)) return authority::check_cross_form(cross->change);
  const auto* root = std::get_if<RootCeremony>(&file.held);
  if (root == nullptr) return {};
  ANTIN_CHECK(check_issuer(profiles, root->root, "root", session.now()));
  ANTIN_CHECK(check_officers(profiles, root->officers));
  return check_person(profiles, "document-service",
                      {{"cn", root->service.name}, {"o", root->service.organisation}, {"ou", root->service.unit}});
}

Result<HeldCeremony> run_ceremony(Session& session, const CeremonyFile& file,
                                  const std::function<void(std::string_view)>& at_step) {
  ANTIN_CHECK(check_ceremony(session, file));
  if (!std::holds_alternative<RootCeremony>(file.held)) ANTIN_CHECK(wiring::require_initialised(session.home));
  ANTIN_CHECK(make_directories(session.home.root));
  ANTIN_TRY(wiring::Exclusive exclusive, wiring::Exclusive::acquire(session.home, wiring::Job::init));
  if (const auto* root = std::get_if<RootCeremony>(&file.held)) {
    ANTIN_CHECK(keep_file(session, file));
    return hold(session, file, {*root, {}}, at_step);
  }
  if (const auto* wanted = std::get_if<OfficersCeremony>(&file.held))
    return hold_officers(session, file, *wanted, at_step);
  if (!std::holds_alternative<IssuingCeremony>(file.held)) return hold_decided(session, file, at_step);
  ANTIN_TRY(const Begun begun, begun_by(session));
  ANTIN_CHECK(keep_file(session, file));
  return hold(session, file, begun, at_step);
}

}  // namespace antin::commands
