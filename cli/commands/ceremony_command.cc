// `antin ceremony check|run|sign|verify|print`: a key ceremony by a reviewed file, and its transcript.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/ceremony_record.h"
#include "cli/commands/ceremony_officers.h"
#include "cli/commands/ceremony_page.h"
#include "cli/commands/ceremony_run.h"
#include "cli/commands/ceremony_transcript.h"
#include "cli/commands/ceremony_verify.h"
#include "cli/commands/command.h"
#include "cli/commands/officer_key.h"
#include "signer/page/print.h"

namespace antin::commands {
namespace {

struct CheckOptions {
  std::string file;
};
struct RunOptions {
  std::string file, sha256;
};
struct SignOptions {
  std::string name, officer, witness, token;
};
struct VerifyOptions {
  std::string transcript;
};
struct PrintOptions {
  std::string transcript, out;
  bool force = false;
};

Result<ExitCode> check(Session& session, const CheckOptions& options) {
  ANTIN_TRY(const wiring::CeremonyFile file, wiring::read_ceremony_file(options.file));
  ANTIN_CHECK(in(options.file, check_ceremony(session, file)));
  const std::vector<std::string> words = ceremony_words(session, file);
  const std::string digest = to_hex(file.sha256);
  if (!session.json) {
    for (const std::string& line : words) session.out() << line << '\n';
    session.say("ceremony.sha256", {digest});
  } else {
    session.print({{"file", options.file},
                   {"kind", file.kind()},
                   {"ceremony", file.name()},
                   {"sha256", digest},
                   {"steps", words}});
  }
  return exit_done;
}

// What runs is what was reviewed: whoever starts it says which file that was.
Status require_reviewed(const wiring::CeremonyFile& file, const std::string& reviewed) {
  const std::string digest = to_hex(file.sha256);
  if (reviewed == digest) return {};
  return fail(ErrorCode::permission_denied,
              "ceremony " + file.name() + ": the file has SHA-256 " + digest + ", which is not the one that was reviewed");
}

Result<ExitCode> run(Session& session, const RunOptions& options) {
  ANTIN_TRY(const wiring::CeremonyFile file, wiring::read_ceremony_file(options.file));
  ANTIN_CHECK(require_reviewed(file, options.sha256));
  if (session.dry_run) return check(session, {options.file});
  const auto tell = [&](std::string_view step) { session.err() << session.text(step) << '\n'; };
  ANTIN_TRY(const HeldCeremony held, in("ceremony " + file.name(), run_ceremony(session, file, tell)));
  if (!held.waits_for.empty()) {
    session.say(held.waits_for, {held.name});
    if (session.json) session.print({{"ceremony", held.name}, {"waits_for", session.text(held.waits_for, {held.name})}});
    return exit_waiting;
  }
  const std::string transcript = to_hex(held.transcript), where = transcript_file(session.home, held.name).string();
  session.say(held.was_complete ? "ceremony.complete_before" : "ceremony.done", {held.name, where});
  const bool by_witnesses = std::holds_alternative<wiring::OfficersCeremony>(file.held);
  session.say(by_witnesses ? "ceremony.to_witness" : "ceremony.to_sign", {transcript, held.name});
  if (session.json)
    session.print({{"ceremony", held.name},
                   {"transcript", transcript},
                   {"file", where},
                   {"created", !held.was_complete}});
  return exit_done;
}

// What is signed is what lies there: a transcript that was changed since is signed by nobody.
Status require_true(Session& session, OpenHome& home, const std::string& name) {
  ANTIN_TRY(const Bytes transcript, read_file(transcript_file(session.home, name), 4U << 20));
  ANTIN_TRY(const TranscriptReport report, verify_transcript(session, home, transcript));
  if (report.findings.empty()) return {};
  return fail(ErrorCode::permission_denied,
              "ceremony " + name + ": the transcript does not hold: see `antin ceremony verify " + name + "`");
}

Result<ExitCode> sign_for_witness(Session& session, OpenHome& home, const SignOptions& options) {
  ANTIN_CHECK(require_true(session, home, options.name));
  if (session.dry_run) {
    session.say("ceremony.would_sign", {options.name, options.witness});
    if (session.json) session.print({{"ceremony", options.name}, {"witness", options.witness}, {"dry_run", true}});
    return exit_done;
  }
  ANTIN_TRY(const bool in_force, in("sign " + options.name, sign_with_witness_token(session, home, options.name,
                                                                                    options.witness, options.token)));
  session.say("ceremony.witnessed", {options.name, options.witness});
  session.say(in_force ? "ceremony.officers_in_force" : "ceremony.officers_wait", {options.name});
  if (session.json)
    session.print({{"ceremony", options.name}, {"witness", options.witness}, {"officers_in_force", in_force}});
  return exit_done;
}

Result<ExitCode> sign(Session& session, const SignOptions& options) {
  if (options.officer.empty() == options.witness.empty())
    return fail(ErrorCode::invalid_argument, "ceremony " + options.name + ": give either --officer or --witness");
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const authority::CeremonyRecord record, authority::find_ceremony(*home.store, options.name));
  if (!options.witness.empty()) return sign_for_witness(session, home, options);
  ANTIN_TRY(const store::CertificateRecord officer, find_officer(session, home, options.officer));
  ANTIN_CHECK(require_true(session, home, record.name));
  if (session.dry_run) {
    session.say("ceremony.would_sign", {record.name, officer.id});
    if (session.json) session.print({{"ceremony", record.name}, {"officer", officer.id}, {"dry_run", true}});
    return exit_done;
  }
  {
    ANTIN_TRY(const OfficerKey opened, open_officer_key(session, home, officer.id, options.token));
    const Status made =
        authority::sign_ceremony(home.context(session), record.name, officer.id, *opened.key);
    if (!made) return std::unexpected(Error(made.error()).in("sign " + record.name));
  }
  const Path file = session.home.ceremonies() / (record.name + ".signatures.json");
  ANTIN_TRY(const std::string signatures, ceremony_signatures(session, home, record.name));
  ANTIN_CHECK(write_file(file, signatures));
  session.say("ceremony.signed", {record.name, officer.id, file.string()});
  if (session.json)
    session.print({{"ceremony", record.name},
                   {"officer", officer.id},
                   {"transcript", record.transcript},
                   {"signatures", file.string()}});
  return exit_done;
}

// A file, or the name of a ceremony of this home.
Result<Bytes> read_named(const Session& session, const std::string& which) {
  std::error_code error;
  if (std::filesystem::is_regular_file(which, error)) return read_file(which, 4U << 20);
  const Path file = transcript_file(session.home, which);
  if (which.find('/') == std::string::npos && std::filesystem::is_regular_file(file, error))
    return read_file(file, 4U << 20);
  return fail(ErrorCode::not_found, "transcript: " + which + " is neither a file nor a ceremony of this home that ended");
}

Json report_value(const Session& session, const TranscriptReport& report) {
  Json value = {{"ceremony", report.name},
                {"transcript", report.sha256},
                {"file", report.file},
                {"good", report.findings.empty()},
                {"whole", report.whole()},
                {"signers", Json::array()},
                {"findings", Json::array()}};
  for (const TranscriptSigner& signer : report.signers)
    value["signers"].push_back(
        {{"name", signer.name},
         {"certificate", signer.certificate},
         {"signed_at", signer.signed_at ? Json(to_rfc3339(*signer.signed_at)) : Json(nullptr)}});
  for (const TranscriptFinding& finding : report.findings)
    value["findings"].push_back({{"rule", finding.rule}, {"message", session.text(finding.rule, finding.arguments)}});
  return value;
}

Result<ExitCode> verify(Session& session, const VerifyOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const Bytes octets, read_named(session, options.transcript));
  ANTIN_TRY(const TranscriptReport report, verify_transcript(session, home, octets));
  for (const TranscriptFinding& finding : report.findings) session.say(finding.rule, finding.arguments);
  for (const TranscriptSigner& signer : report.signers) {
    if (signer.signed_at)
      session.say("ceremony.signer", {signer.name, for_people(*signer.signed_at), signer.certificate});
    else
      session.say("ceremony.signer_missing", {signer.name});
  }
  const bool good = report.findings.empty();
  session.say(!good ? "ceremony.bad" : report.whole() ? "ceremony.good" : "ceremony.unsigned",
              {report.name, report.sha256});
  if (session.json) session.print(report_value(session, report));
  return !good ? exit_refused : report.whole() ? exit_done : exit_waiting;
}

Result<ExitCode> print(Session& session, const PrintOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const Bytes octets, read_named(session, options.transcript));
  ANTIN_TRY(const nlohmann::json transcript, read_transcript(octets));
  ANTIN_TRY(const TranscriptReport report, verify_transcript(session, home, octets));
  if (!report.findings.empty())
    return fail(ErrorCode::permission_denied, "ceremony " + report.name +
                                                  ": the transcript does not hold: see `antin ceremony verify " +
                                                  report.name + "`");
  std::error_code error;
  if (!options.force && std::filesystem::exists(options.out, error))
    return fail(ErrorCode::already_exists,
                "transcript: " + options.out + " is there: name another place, or give --force");
  ANTIN_TRY(const Bytes page,
            in("transcript", page::print(ceremony_page(session, transcript, report, session.now()))));
  if (!session.dry_run) ANTIN_CHECK(write_file(options.out, page));
  session.say(session.dry_run ? "report.would_write" : "report.written", {options.out});
  if (session.json)
    session.print({{"ceremony", report.name}, {"pdf", options.out}, {"dry_run", session.dry_run}});
  return exit_done;
}

}  // namespace

void add_ceremony(Command antin) {
  Command group = antin.group("ceremony");
  add_command<CheckOptions>(
      group, "check", "ceremony.check",
      [](Command command, CheckOptions& options) {
        command.operand("FILE", options.file, "ceremony.file").required();
      },
      check);
  add_command<RunOptions>(
      group, "run", "ceremony.run",
      [](Command command, RunOptions& options) {
        command.operand("FILE", options.file, "ceremony.file").required();
        command.option("--sha256", options.sha256, "ceremony.sha256").required().value_name("HEX");
      },
      run);
  add_command<SignOptions>(
      group, "sign", "ceremony.sign",
      [](Command command, SignOptions& options) {
        command.operand("CEREMONY", options.name, "ceremony.name").required();
        command.option("--officer", options.officer, "roster.officer").value_name("OFFICER");
        command.option("--witness", options.witness, "ceremony.witness").value_name("WITNESS");
        command.option("--token", options.token, "roster.officer_token").value_name("TOKEN");
      },
      sign);
  add_command<VerifyOptions>(
      group, "verify", "ceremony.verify",
      [](Command command, VerifyOptions& options) {
        command.operand("TRANSCRIPT", options.transcript, "ceremony.transcript").required();
      },
      verify);
  add_command<PrintOptions>(
      group, "print", "ceremony.print",
      [](Command command, PrintOptions& options) {
        command.operand("TRANSCRIPT", options.transcript, "ceremony.transcript").required();
        command.option("-o,--out", options.out, "ceremony.out").required().value_name("FILE");
        command.flag("--force", options.force, "form.force");
      },
      print);
}

}  // namespace antin::commands
