// `antin log verify|show`.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/approval_audit.h"
#include "ca/authority/reconcile.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "ca/x509/certificate.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct VerifyOptions {
  unsigned approvals = 0;
  std::string certificate, expect;
  std::vector<std::string> ceremonies;  // SHA-256 of transcripts
};
struct ShowOptions {
  std::uint64_t from = 0, count = 0;
};

// `SIZE:ROOT`, as somebody wrote them down from an earlier `log verify`.
Result<std::optional<log::Verification>> written_down(const std::string& text) {
  if (text.empty()) return std::nullopt;
  log::Verification earlier;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + colon, earlier.size);
  const auto root = from_hex(text.substr(std::min(colon + 1, text.size())));
  if (error != std::errc() || end != text.data() + colon || !root || root->size() != earlier.root.size())
    return fail(ErrorCode::invalid_argument,
                "--expect wants SIZE:ROOT, the two that an earlier antin log verify printed");
  std::ranges::copy(*root, earlier.root.begin());
  return earlier;
}

// That a certificate which somebody holds is among those that were just verified.
Status find_certificate(Session& session, OpenHome& home, const std::string& file) {
  ANTIN_TRY(const Bytes content, read_file(file, 1u << 20));
  ANTIN_TRY(const x509::Certificate certificate, in(file, x509::Certificate::from_file_bytes(content)));
  ANTIN_TRY(const auto known,
            home.store->certificates_by_key(issuance::key_hash(certificate.public_key_info()), session.now()));
  for (const store::CertificateRecord& record : known) {
    if (!equal(record.der, certificate.der())) continue;
    session.say("log.on_record", {file, record.id});
    return {};
  }
  return fail(ErrorCode::permission_denied,
              "log: the certificate in " + file + " is not on record: this authority never decided to issue it");
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : "; ") + text;
  return all;
}

// Aloud: whoever audits must not have to look for it.
void tell_of_ceremonies(Session& session, const authority::ApprovalAudit& audit) {
  for (const authority::OfficersByCeremony& one : audit.officers_by_ceremony) {
    session.say("log.officers_by_ceremony",
                {one.name, for_people(one.at), joined(one.officers), joined(one.witnesses)});
    if (!one.in_force) session.say("log.officers_not_in_force", {one.name});
  }
}

// Whoever has the root's key and the machine can hold such a ceremony: what makes it good is the paper that witnesses
// signed, and whoever has read that names its digest.
bool accepted(Session& session, const authority::ApprovalAudit& audit, const std::vector<std::string>& known) {
  bool all = true;
  for (const authority::OfficersByCeremony& one : audit.officers_by_ceremony) {
    if (!one.in_force || std::ranges::find(known, one.transcript) != known.end()) continue;
    session.say("log.ceremony_not_accepted", {one.name, one.transcript});
    all = false;
  }
  return all;
}

Json ceremonies_value(const authority::ApprovalAudit& audit) {
  Json all = Json::array();
  for (const authority::OfficersByCeremony& one : audit.officers_by_ceremony)
    all.push_back({{"ceremony", one.name},
                   {"at", one.at},
                   {"transcript", one.transcript},
                   {"officers", one.officers},
                   {"witnesses", one.witnesses},
                   {"in_force", one.in_force}});
  return all;
}

Result<ExitCode> verify(Session& session, const VerifyOptions& options) {
  ANTIN_TRY(const auto earlier, written_down(options.expect));
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(log::Verification done, log::verify(*home.store, earlier));
  ANTIN_CHECK(authority::reconcile(*home.store, session.now()));
  ANTIN_TRY(const authority::ApprovalAudit audit,
            authority::audit_approvals(*home.store, home.config.required_approvals, options.approvals));
  if (!options.certificate.empty()) ANTIN_CHECK(find_certificate(session, home, options.certificate));
  const std::string root = to_hex(done.root);
  session.say("log.good", {std::to_string(done.size), root});
  session.say("log.approved",
              {std::to_string(audit.approved), std::to_string(audit.required), std::to_string(audit.ceremony)});
  if (audit.ended != 0)
    session.say("log.ended", {std::to_string(audit.ended), std::to_string(audit.required)});
  if (audit.adopted != 0) session.say("log.adopted", {std::to_string(audit.adopted)});
  tell_of_ceremonies(session, audit);
  const bool accept = accepted(session, audit, options.ceremonies);
  if (session.json)
    session.print({{"size", done.size},
                   {"root", root},
                   {"required_approvals", audit.required},
                   {"approved", audit.approved},
                   {"ceremony", audit.ceremony},
                   {"ended", audit.ended},
                   {"adopted", audit.adopted},
                   {"officers_by_ceremony", ceremonies_value(audit)},
                   {"accepted", accept}});
  return accept ? exit_done : exit_refused;
}

Result<ExitCode> show(Session& session, const ShowOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(std::uint64_t size, home.store->log_size());
  const std::uint64_t end = options.count == 0 ? size : std::min(size, options.from + options.count);
  Json all = Json::array();
  ANTIN_CHECK(home.store->for_each_log_entry(options.from, [&](const store::LogEntry& entry) -> Status {
    if (entry.index >= end) return {};
    if (session.json) {
      all.push_back({{"index", entry.index},
                     {"leaf_hash", to_hex(entry.leaf_hash)},
                     {"entry", Json::parse(text_of(entry.entry), nullptr, false)}});
    } else {
      session.out() << entry.index << ' ' << text_of(entry.entry) << '\n';
    }
    return {};
  }));
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_log(Command antin) {
  Command group = antin.group("log");
  add_command<VerifyOptions>(
      group, "verify", "log.verify",
      [](Command command, VerifyOptions& options) {
        command.option("--approvals", options.approvals, "log.approvals").value_name("K").between(1, 16);
        command.option("--certificate", options.certificate, "log.certificate").value_name("FILE");
        command.option("--expect", options.expect, "log.expect").value_name("SIZE:ROOT");
        command.option("--ceremony", options.ceremonies, "log.ceremony").value_name("SHA256");
      },
      verify);
  add_command<ShowOptions>(
      group, "show", "log.show",
      [](Command command, ShowOptions& options) {
        command.option("--from", options.from, "log.from").value_name("INDEX");
        command.option("--count", options.count, "log.count").value_name("N");
      },
      show);
}

}  // namespace antin::commands
