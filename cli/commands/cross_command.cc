// `antin ca cross propose|complete|list|publish`: certificates of ours for the CAs of other authorities, and theirs for
// ours. docs/ceremonies.md.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/cross_making.h"
#include "cli/commands/command.h"
#include "cli/commands/cross.h"
#include "cli/commands/proposal_value.h"
#include "cli/commands/say_error.h"
#include "cli/wiring/cross_file.h"

namespace antin::commands {
namespace {

using authority::CrossChange;
using authority::RegisteredCross;
using authority::RoleRegister;
using wiring::OtherFile;

struct NoOptions {};
struct ProposeOptions {
  std::string name, certificate, request, sha256, by = "root", until, unconstrained, remark;
  unsigned path_length = 0;
  std::vector<std::string> policies, permit, exclude;
};
struct CompleteOptions {
  std::string name;
};
struct PublishOptions {
  std::string other, file;
};

std::unexpected<Error> wrong_subtree(const std::string& text) {
  return fail(ErrorCode::invalid_argument,
              "subtree " + text + ": write dns:HOST, mail:DOMAIN or directory:[\"C=VN\",\"O=…\"]");
}

// A name is a list of its steps, so that none has to be split: directory:["C=VN","O=TỈNH BẠN"].
Status add_directory(const std::string& text, const std::string& list, x509::NameSubtrees& into) {
  const auto steps = nlohmann::json::parse(list, nullptr, false);
  if (!steps.is_array() || steps.empty()) return wrong_subtree(text);
  std::vector<std::string> texts;
  for (const auto& step : steps) {
    if (!step.is_string()) return wrong_subtree(text);
    texts.push_back(step.get<std::string>());
  }
  ANTIN_TRY(x509::Name name, authority::name_of_steps(texts));
  into.directories.push_back(std::move(name));
  return {};
}

Status add_subtrees(const std::vector<std::string>& texts, x509::NameSubtrees& into) {
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon), rest = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (kind == "dns") {
      into.hosts.push_back(rest);
    } else if (kind == "mail") {
      into.mails.push_back(rest);
    } else if (kind == "directory") {
      ANTIN_CHECK(add_directory(text, rest, into));
    } else {
      return wrong_subtree(text);
    }
  }
  return {};
}

Result<CrossChange> change_of(const ProposeOptions& options) {
  CrossChange change;
  change.name = options.name;
  change.issued_by = options.by;
  ANTIN_TRY(change.not_after, in("--until", parse_rfc3339(options.until)));
  change.path_length = options.path_length;
  change.policies = options.policies;
  ANTIN_CHECK(in("--permit", add_subtrees(options.permit, change.constraints.permitted)));
  ANTIN_CHECK(in("--exclude", add_subtrees(options.exclude, change.constraints.excluded)));
  change.unconstrained = options.unconstrained;
  change.remark = options.remark;
  const bool request = !options.request.empty();
  const std::string& file = request ? options.request : options.certificate;
  ANTIN_TRY(const Bytes content, read_file(file, 1U << 20));
  ANTIN_CHECK(in(file, wiring::take_other(content, request ? OtherFile::request : OtherFile::certificate,
                                          options.sha256, change)));
  return change;
}

Result<ExitCode> propose(Session& session, const ProposeOptions& options) {
  if (options.certificate.empty() == options.request.empty())
    return say_usage_error(session, "--certificate or --request is required");
  ANTIN_TRY(CrossChange change, change_of(options));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_CHECK(authority::check_cross(home.context(session), roles, change, session.now()));
  for (const std::string& line : cross_words(session, change)) session.err() << line << '\n';
  if (session.dry_run) {
    session.say("cross.would_propose", {change.name});
    Json value = cross_row(change);
    value["dry_run"] = true;
    if (session.json) session.print(value);
    return exit_done;
  }
  if (const RoleRegister::State* state = waiting_cross(roles, change)) return say_proposed(session, home, state->hash);
  ANTIN_TRY(const Bytes hash,
            authority::propose(home.context(session), std::move(change), home.config.required_approvals));
  return say_proposed(session, home, hash);
}

// The newest proposal of that name on which officers have not decided: nothing is done, as with a roster that waits.
std::optional<Bytes> undecided(const RoleRegister& roles, const std::string& name) {
  std::optional<Bytes> hash;
  for (const auto& [number, state] : roles.proposals()) {
    const auto* cross = std::get_if<CrossChange>(&state.proposal.change);
    if (cross != nullptr && !state.in_force && cross->name == name) hash = state.hash;
  }
  return hash;
}

Result<ExitCode> complete(Session& session, const CompleteOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  if (roles.find_cross(options.name) == nullptr)
    if (const auto hash = undecided(roles, options.name)) return say_proposed(session, home, *hash);
  ANTIN_TRY(const RegisteredCross cross, find_cross(session, home, options.name));
  const std::string file = session.home.ca_certificate(options.name).string();
  std::error_code error;
  const bool before = !cross.certificate_id.empty() && std::filesystem::exists(file, error);
  if (session.dry_run) {
    if (!before)
      for (const std::string_view step : cross_steps()) session.say(step);
    if (session.json) session.print({{"dry_run", true}, {"cross", options.name}, {"made", before}});
    return exit_done;
  }
  const auto tell = [&](std::string_view step) {
    if (!before) session.err() << session.text(step) << '\n';
  };
  ANTIN_TRY(const store::CertificateRecord record,
            in("ca cross " + options.name, complete_cross(session, home, cross, tell)));
  session.say(before ? "cross.complete_before" : "cross.complete", {options.name, record.id, file});
  if (session.json)
    session.print({{"cross", options.name}, {"created", !before}, {"certificate", record.id}, {"file", file}});
  return exit_done;
}

// `decided`: approved and not made yet; else the state of its certificate.
Result<Json> list_row(Session& session, const OpenHome& home, const RegisteredCross& cross) {
  Json value = cross_row(cross.change);
  value["proposal"] = cross.proposal;
  value["state"] = "decided";
  if (cross.certificate_id.empty()) return value;
  ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(cross.certificate_id, session.now()));
  value["state"] = to_string(record.status);
  value["certificate"] = record.id;
  value["not_before"] = to_rfc3339(record.not_before);
  value["sha256"] = to_hex(sha256(record.der));
  value["file"] = session.home.ca_certificate(cross.change.name).string();
  return value;
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  Json all = Json::array();
  for (const RegisteredCross& cross : roles.crosses()) {
    ANTIN_TRY(Json value, list_row(session, home, cross));
    const std::string state = value.at("state").get<std::string>();
    session.say("cross.line", {cross.change.name, cross.change.issued_by, value.value("subject", ""),
                               for_people(cross.change.not_after),
                               state == "decided" ? session.text("cross.decided", {cross.change.name})
                                                  : session.text("cert.status." + state)});
    for (const std::string& line : limits_words(session, cross.change)) session.say("cross.limit", {line});
    all.push_back(std::move(value));
  }
  if (session.json) session.print(all);
  return exit_done;
}

// The issuer of ours that another authority certified.
Result<std::string> certified_issuer(const authority::IssuerRegister& issuers, const x509::Certificate& theirs) {
  const authority::RegisteredIssuer* whose = nullptr;
  for (const authority::RegisteredIssuer& issuer : issuers.all()) {
    if (!issuer.certificate) continue;
    const x509::Certificate& own = *issuer.certificate;
    if (own.subject().matches(theirs.issuer()))
      return fail(ErrorCode::failed_precondition,
                  "cross certificate: " + issuer.name + " signed it, no other authority");
    if (own.subject() == theirs.subject() && equal(own.public_key_info(), theirs.public_key_info()) &&
        own.subject_key_id() == theirs.subject_key_id())
      whose = &issuer;
  }
  if (whose != nullptr && theirs.is_ca()) return whose->name;
  return fail(ErrorCode::failed_precondition,
              "cross certificate: it is for no CA of ours: name, key and key identifier are another's");
}

// It is the other authority's, gives nobody here trust, and leads who trusts them to us. Only a file, as it is theirs
// to revoke.
Result<ExitCode> publish(Session& session, const PublishOptions& options) {
  ANTIN_TRY(const Bytes content, read_file(options.file, 1U << 20));
  ANTIN_TRY(const x509::Certificate theirs, in(options.file, x509::Certificate::from_file_bytes(content)));
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const RoleRegister roles, authority::read_roles(*home.store, session.now()));
  ANTIN_TRY(const std::string issuer, in(options.file, certified_issuer(roles.issuers(), theirs)));
  const std::string name = issuer + "-by-" + options.other;
  if (!authority::is_issuer_name(name) || roles.issuers().find(options.other) != nullptr)
    return say_usage_error(session, "OTHER is a word of small letters, digits and hyphens, and no CA of ours");
  const std::string file = session.home.ca_certificate(name).string();
  if (!session.dry_run) ANTIN_CHECK(write_file(file, theirs.pem()));
  session.say(session.dry_run ? "cross.would_publish" : "cross.published",
              {issuer, theirs.issuer().rfc4514(), for_people(theirs.not_after()), file});
  if (session.json)
    session.print({{"issuer", issuer},
                   {"by", theirs.issuer().rfc4514()},
                   {"not_after", to_rfc3339(theirs.not_after())},
                   {"sha256", to_hex(theirs.fingerprint())},
                   {"file", file},
                   {"dry_run", session.dry_run}});
  return exit_done;
}

void add_propose(Command group) {
  add_command<ProposeOptions>(
      group, "propose", "cross.propose",
      [](Command command, ProposeOptions& options) {
        command.operand("NAME", options.name, "cross.name").required();
        Option certificate = command.option("--certificate", options.certificate, "cross.certificate");
        certificate.value_name("FILE");
        command.option("--request", options.request, "cross.request").value_name("FILE").excludes(certificate);
        command.option("--sha256", options.sha256, "cross.sha256").required().value_name("HEX");
        command.option("--by", options.by, "cross.by").value_name("ISSUER").show_default();
        command.option("--until", options.until, "cross.until").required().value_name("TIME");
        command.option("--path-length", options.path_length, "cross.path_length").required().between(0, 8);
        command.option("--policy", options.policies, "cross.policy").required().value_name("OID");
        command.option("--permit", options.permit, "cross.permit").value_name("KIND:NAME");
        command.option("--exclude", options.exclude, "cross.exclude").value_name("KIND:NAME");
        command.option("--unconstrained", options.unconstrained, "cross.why_unconstrained").value_name("SENTENCE");
        command.option("--remark", options.remark, "roll_over.remark");
      },
      propose);
}

}  // namespace

void add_ca_cross(Command ca) {
  Command group = ca.group("cross");
  add_propose(group);
  add_command<CompleteOptions>(
      group, "complete", "cross.complete",
      [](Command command, CompleteOptions& options) { command.operand("NAME", options.name, "cross.name").required(); },
      complete);
  add_command<NoOptions>(group, "list", "cross.list", [](Command, NoOptions&) {}, list);
  add_command<PublishOptions>(
      group, "publish", "cross.publish",
      [](Command command, PublishOptions& options) {
        command.operand("OTHER", options.other, "cross.other").required();
        command.operand("FILE", options.file, "cross.theirs").required();
      },
      publish);
}

}  // namespace antin::commands
