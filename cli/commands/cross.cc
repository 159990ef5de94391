#include "cli/commands/cross.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/turn.h"
#include "ca/authority/cross_json.h"
#include "ca/authority/cross_making.h"
#include "cli/commands/ca_session.h"

namespace antin::commands {

using authority::CrossChange;
using authority::OtherAuthority;
using authority::RegisteredCross;
using authority::RoleRegister;

std::string subtrees_text(const x509::NameSubtrees& subtrees) {
  std::string text;
  const auto add = [&](const char* kind, const std::string& one) {
    text += (text.empty() ? "" : ", ") + std::string(kind) + ":" + one;
  };
  for (const x509::Name& name : subtrees.directories) add("directory", name.rfc4514());
  for (const std::string& mail : subtrees.mails) add("mail", mail);
  for (const std::string& host : subtrees.hosts) add("dns", host);
  return text;
}

std::vector<std::string> limits_words(const Session& session, const CrossChange& change) {
  std::vector<std::string> lines;
  const auto& [permitted, excluded] = change.constraints;
  if (!permitted.empty()) lines.push_back(session.text("cross.permitted", {subtrees_text(permitted)}));
  if (!excluded.empty()) lines.push_back(session.text("cross.excluded", {subtrees_text(excluded)}));
  if (!change.unconstrained.empty()) lines.push_back(session.text("cross.unconstrained", {change.unconstrained}));
  return lines;
}

std::vector<std::string> cross_words(const Session& session, const CrossChange& change) {
  const auto other = authority::other_authority(change);
  const std::string subject = other ? other->subject.rfc4514() : std::string("-");
  const std::string key = other ? to_hex(sha256(other->public_key_info)) : std::string("-");
  std::string policies;
  for (const std::string& policy : change.policies) policies += (policies.empty() ? "" : ", ") + policy;
  std::vector<std::string> lines = {
      session.text("cross.whom", {change.name, change.issued_by, subject}), session.text("cross.key", {key}),
      session.text("cross.how_long", {for_people(change.not_after), std::to_string(change.path_length), policies})};
  for (std::string& line : limits_words(session, change)) lines.push_back(std::move(line));
  return lines;
}

std::string cross_summary(const Session& session, const CrossChange& change) {
  const auto other = authority::other_authority(change);
  std::string limits;
  for (const std::string& line : limits_words(session, change)) limits += (limits.empty() ? "" : "; ") + line;
  return session.text("proposal.cross",
                      {change.name, other ? other->subject.rfc4514() : std::string("-"),
                       other ? to_hex(sha256(other->public_key_info)).substr(0, 16) : std::string("-"),
                       change.issued_by, for_people(change.not_after), std::to_string(change.path_length), limits});
}

Json cross_row(const CrossChange& change) {
  Json value = authority::cross_value(change);
  for (const char* octets : {"kind", "certificate", "request"}) value.erase(octets);
  if (const auto other = authority::other_authority(change)) {
    value["subject"] = other->subject.rfc4514();
    value["key"] = to_hex(sha256(other->public_key_info));
  }
  return value;
}

const RoleRegister::State* waiting_cross(const RoleRegister& roles, const CrossChange& change) {
  for (const auto& [number, state] : roles.proposals()) {
    const auto* cross = std::get_if<CrossChange>(&state.proposal.change);
    if (cross != nullptr && !state.in_force && *cross == change) return &state;
  }
  return nullptr;
}

Result<RegisteredCross> find_cross(Session& session, const OpenHome& home, const std::string& name) {
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  if (const RegisteredCross* found = roles.find_cross(name)) return *found;
  return fail(ErrorCode::not_found, "cross certificate: there is none " + name + ": see `antin ca cross list`");
}

std::vector<std::string_view> cross_steps() { return {"cross.step.certificate", "cross.step.publish"}; }

namespace {

Result<store::CertificateRecord> record_of(Session& session, OpenHome& home, const RegisteredCross& cross) {
  if (!cross.certificate_id.empty()) return home.store->certificate(cross.certificate_id, session.now());
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  ANTIN_TRY(const authority::RegisteredIssuer issuer, find_issuer(session, home, cross.change.issued_by));
  ANTIN_TRY(const issuance::Issuer by, wiring::open_issuer(home.config, tokens, issuer));
  return authority::certify_cross(home.context(session), cross, by);
}

}  // namespace

Result<store::CertificateRecord> complete_cross(Session& session, OpenHome& home, const RegisteredCross& cross,
                                                const std::function<void(std::string_view)>& at_step) {
  ANTIN_TRY(const Turn turn, Turn::take(session.home.ca() / "issue.lock"));
  at_step("cross.step.certificate");
  ANTIN_TRY(store::CertificateRecord record, record_of(session, home, cross));
  at_step("cross.step.publish");
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_CHECK(write_file(session.home.ca_certificate(cross.change.name), certificate.pem()));
  return record;
}

}  // namespace antin::commands
