// `antin cert device`: a certificate for a server or client of TLS, from a PKCS#10 request; its key never comes here.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/issuance/key_gate.h"
#include "ca/issuance/profile.h"
#include "ca/x509/csr.h"
#include "cli/commands/ca_session.h"
#include "cli/commands/command.h"

namespace antin::commands {
namespace {

struct DeviceOptions {
  std::string request, organisation, out, issuer = "government";
  std::vector<std::string> names;
};

std::unexpected<Error> refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, "device: " + what); }

// Host names alone (RFC 1123 §2.1): letters, digits, hyphens and dots; no wildcard.
Status check_host_name(const std::string& name) {
  const bool letters =
      !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string::npos;
  const bool framed = letters && name.front() != '.' && name.front() != '-' && name.back() != '.' &&
                      name.back() != '-' && !name.contains("..");
  if (!framed || name.size() > 64)
    return refuse("\"" + name + "\" is not a host name in lower case of at most 64 characters");
  return {};
}

Result<authority::SingleRequest> request_of(const DeviceOptions& options, ByteView file) {
  for (const std::string& name : options.names) ANTIN_CHECK(check_host_name(name));
  ANTIN_TRY(const x509::CertificationRequest request,
            in(options.request, x509::CertificationRequest::from_file_bytes(file)));
  ANTIN_TRY(const bool held, in(options.request, request.proof_of_possession()));
  if (!held) return refuse(options.request + ": the request is not signed by the key that it names");
  if (Status key = in(options.request, issuance::check_key(request.public_key_info())); !key)
    return fail(refused_by_policy(std::move(key).error()));
  ANTIN_TRY(const issuance::Profile profile, issuance::built_in_profile("device"));
  authority::SingleRequest single;
  std::string asked = to_hex(sha256(request.der())) + "/" + options.organisation;
  for (const std::string& name : options.names) asked += "/" + name;
  single.request_id = "device/" + to_hex(sha256(bytes_of(asked)));
  single.profile = "device";
  ANTIN_TRY(single.content.subject, profile.subject({{"o", options.organisation}, {"cn", options.names.front()}}));
  single.content.public_key_info = to_bytes(request.public_key_info());
  single.content.dns_names = options.names;
  single.key_location = "subscriber";
  single.subscriber = options.names.front();
  return single;
}

// A key serves one certificate request: none that is known under another, above all none that was revoked.
Status check_unused(Session& session, const OpenHome& home, const authority::SingleRequest& single) {
  ANTIN_TRY(const auto fact, home.store->fact("request." + single.request_id));
  if (fact) return {};
  ANTIN_TRY(const auto known,
            home.store->certificates_by_key(issuance::key_hash(single.content.public_key_info), session.now()));
  if (known.empty()) return {};
  return fail(ErrorCode::failed_precondition,
              "device: the key of this request is in the certificate " + known.front().id + "; make a new key");
}

Result<ExitCode> device(Session& session, const DeviceOptions& options) {
  ANTIN_TRY(const Bytes file, read_file(options.request, 1u << 20));
  ANTIN_TRY(const authority::SingleRequest single, request_of(options, file));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_CHECK(check_unused(session, home, single));
  if (session.dry_run) {
    session.say("device.would_issue", {single.content.subject.rfc4514()});
    if (session.json) session.print({{"dry_run", true}, {"subject", single.content.subject.rfc4514()}});
    return exit_done;
  }
  ANTIN_TRY(OpenIssuers issuers, open_issuers(session, home, {options.issuer}));
  ANTIN_TRY(const store::CertificateRecord record,
            authority::issue_single(home.context(session), *issuers.find(options.issuer), options.issuer, single));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(const x509::Certificate issuing, wiring::read_ca_certificate(session.home, options.issuer));
  ANTIN_CHECK(write_file(options.out, certificate.pem() + issuing.pem()));
  session.say("device.issued", {record.id, options.out});
  if (session.json)
    session.print(
        {{"id", record.id}, {"serial", record.serial.hex()}, {"subject", record.subject}, {"file", options.out}});
  return exit_done;
}

}  // namespace

void add_cert_device(Command cert) {
  add_command<DeviceOptions>(
      cert, "device", "cert.device",
      [](Command command, DeviceOptions& options) {
        command.option("--csr", options.request, "device.csr").required().value_name("FILE");
        command.option("--dns", options.names, "device.dns").required().value_name("NAME");
        command.option("--organisation", options.organisation, "device.organisation").required();
        command.option("--issuer", options.issuer, "device.issuer").one_of({"party", "government"}).show_default();
        command.option("-o,--out", options.out, "device.out").required().value_name("FILE");
      },
      device);
}

}  // namespace antin::commands
