// `antin cert device`: a certificate for a server or client of TLS, from a PKCS#10 request, after the officers'
// approval; its key never comes here.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/issuance/key_gate.h"
#include "ca/x509/csr.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/ca_session.h"
#include "cli/commands/command.h"
#include "cli/commands/roster_findings.h"

namespace antin::commands {
namespace {

struct DeviceOptions {
  std::string request, organisation, requested_by, out, issuer = "government";
  std::vector<std::string> names;
};

std::unexpected<Error> refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, "device: " + what); }

Status check_request(const std::string& file, const x509::CertificationRequest& request) {
  ANTIN_TRY(const bool held, in(file, request.proof_of_possession()));
  if (!held) return refuse(file + ": the request is not signed by the key that it names");
  if (Status key = in(file, issuance::check_key(request.public_key_info())); !key)
    return fail(refused_by_policy(std::move(key).error()));
  return {};
}

// A roster of one row: officers approve it as they approve any other.
Result<authority::Roster> roster_of(const DeviceOptions& options, ByteView file) {
  ANTIN_TRY(const x509::CertificationRequest request,
            in(options.request, x509::CertificationRequest::from_file_bytes(file)));
  ANTIN_CHECK(check_request(options.request, request));
  for (const std::string& name : options.names) ANTIN_CHECK(authority::check_host_name(name));
  auto organisation = to_nfc(options.organisation);
  if (!organisation) return refuse("--organisation is not UTF-8");
  std::string names;
  for (const std::string& name : options.names) names += (names.empty() ? "" : " ") + name;
  authority::Roster roster;
  roster.name = "device " + options.names.front();
  roster.rows.push_back({.row = 1,
                         .code = options.names.front(),
                         .kind = "device",
                         .bloc = options.issuer,
                         .profile = "device",
                         .key = "csr",
                         .key_spec = {},
                         .fields = {{"cn", options.names.front()}, {"dns", names}, {"o", *std::move(organisation)}},
                         .request = to_bytes(request.der()),
                         .key_uri = {},
                         .requested_by = options.requested_by});
  return roster;
}

Result<ExitCode> check_alone(Session& session, OpenHome& home, const authority::Roster& roster) {
  ANTIN_TRY(const auto findings, authority::check_roster(home.context(session), roster));
  for (const authority::Finding& finding : findings)
    if (finding.error)
      return fail(roster_refusal(session, home, roster, {ErrorCode::failed_precondition, finding.rule}));
  const std::string& name = roster.rows.front().code;
  session.say("device.would_issue", {name});
  if (session.json) session.print({{"dry_run", true}, {"name", roster.name}});
  return exit_done;
}

// The newest certificate of this request among those of its key; one that is over is not handed out again.
Result<store::CertificateRecord> issued_for(Session& session, OpenHome& home, const authority::Roster::Row& row,
                                            const std::vector<std::string>& names) {
  ANTIN_TRY(const auto request, x509::CertificationRequest::from_der(row.request));
  ANTIN_TRY(const auto known,
            home.store->certificates_by_key(issuance::key_hash(request.public_key_info()), session.now()));
  const store::CertificateRecord* newest = nullptr;
  for (const store::CertificateRecord& record : known) {
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
    if (record.subscriber != row.code || authority::bloc_of(record.issuer) != row.bloc || certificate.dns_names() != names) continue;
    if (newest == nullptr || record.not_before > newest->not_before) newest = &record;
  }
  if (newest == nullptr) return fail(ErrorCode::internal, "device: the certificate that was issued is not on record");
  if (newest->status == store::CertificateStatus::valid) return *newest;
  return fail(ErrorCode::failed_precondition, "device: " + newest->id + " is what this request got, and it is " +
                                                  std::string(to_string(newest->status)) +
                                                  ": make a new key and a new request");
}

Result<ExitCode> deliver(Session& session, const DeviceOptions& options, const store::CertificateRecord& record) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(const x509::Certificate issuing, wiring::read_ca_certificate(session.home, record.issuer));
  ANTIN_CHECK(write_file(options.out, certificate.pem() + issuing.pem()));
  session.say("device.issued", {record.id, options.out});
  if (session.json)
    session.print(
        {{"id", record.id}, {"serial", record.serial.hex()}, {"subject", record.subject}, {"file", options.out}});
  return exit_done;
}

// The first call hands the request in, a later one, after the officers' approvals, issues; each may be repeated.
Result<ExitCode> device(Session& session, const DeviceOptions& options) {
  ANTIN_TRY(const Bytes file, read_file(options.request, 1u << 20));
  ANTIN_TRY(const authority::Roster roster, roster_of(options, file));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  if (session.dry_run) return check_alone(session, home, roster);
  Result<Bytes> hash = authority::submit_roster(home.context(session), roster, nullptr, {});
  if (!hash) return fail(roster_refusal(session, home, roster, std::move(hash).error()));
  ANTIN_TRY(const unsigned approvals, authority::valid_approvals(home.context(session), *hash));
  if (approvals < home.config.required_approvals) {
    const unsigned missing = home.config.required_approvals - approvals;
    session.say("device.waiting", {to_hex(*hash), std::to_string(missing)});
    if (session.json) session.print({{"roster", to_hex(*hash)}, {"approvals_missing", missing}});
    return exit_waiting;
  }
  ANTIN_TRY(const std::vector<std::string> names, issuers_at_work(session, home, options.issuer));
  ANTIN_TRY(const OpenIssuers issuers, open_issuers(session, home, names));
  ANTIN_CHECK(issue_roster_job(session, home, issuers, to_hex(*hash), 1, {}));
  ANTIN_TRY(const store::CertificateRecord record, issued_for(session, home, roster.rows.front(), options.names));
  return deliver(session, options, record);
}

}  // namespace

void add_cert_device(Command cert) {
  add_command<DeviceOptions>(
      cert, "device", "cert.device",
      [](Command command, DeviceOptions& options) {
        command.option("--csr", options.request, "device.csr").required().value_name("FILE");
        command.option("--dns", options.names, "device.dns").required().value_name("NAME");
        command.option("--organisation", options.organisation, "device.organisation").required();
        command.option("--requested-by", options.requested_by, "roster.diff.requested_by")
            .required()
            .value_name("CODE");
        command.option("--issuer", options.issuer, "device.issuer").one_of({"party", "government"}).show_default();
        command.option("-o,--out", options.out, "device.out").required().value_name("FILE");
      },
      device);
}

}  // namespace antin::commands
