// `antin key check|list|block|compromise`: keys that are weak, blocked or known to others.
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/authority/key_block.h"
#include "ca/issuance/key_gate.h"
#include "ca/x509/certificate.h"
#include "ca/x509/csr.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"
#include "cli/commands/key_proof.h"
#include "hsm/public_key.h"
#include "hsm/software/private_key_file.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct KeyOptions {
  std::string file, reason, remark, invalidity_date;
};

Result<Bytes> plain_public_key(ByteView file) {
  const auto pem = from_pem("PUBLIC KEY", text_of(file));
  const ByteView octets = pem ? ByteView(*pem) : file;
  ANTIN_TRY([[maybe_unused]] const auto key, hsm::read_public_key(octets));
  return to_bytes(octets);
}

// From a certificate, a request, a public key or a private one.
Result<Bytes> any_key(ByteView file) {
  if (auto shown = hsm::software::prove_private_key(file); shown || shown.error().code != ErrorCode::not_found)
    return shown;
  if (const auto certificate = x509::Certificate::from_file_bytes(file))
    return to_bytes(certificate->public_key_info());
  if (const auto request = x509::CertificationRequest::from_file_bytes(file))
    return to_bytes(request->public_key_info());
  if (auto key = plain_public_key(file)) return key;
  return fail(ErrorCode::invalid_argument, "neither a certificate, nor a PKCS#10 request, nor a public or private key");
}

Json ids_of(const std::vector<store::CertificateRecord>& records) {
  Json ids = Json::array();
  for (const store::CertificateRecord& record : records) ids.push_back(record.id);
  return ids;
}

Result<ExitCode> check(Session& session, const KeyOptions& options) {
  ANTIN_TRY(const Bytes key, read_key_file(options.file, any_key));
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const authority::BlockedKeys blocked, authority::BlockedKeys::read(home.context(session)));
  Status verdict = issuance::check_key(key);
  if (verdict) verdict = blocked.check(key);
  const std::string hash = to_hex(issuance::key_hash(key)), reason = verdict ? "" : verdict.error().message;
  ANTIN_TRY(const auto known, home.store->certificates_by_key(issuance::key_hash(key), session.now()));
  session.say(verdict ? "key.accepted" : "key.refused", {hash, reason});
  for (const store::CertificateRecord& record : known) session.say("key.in_certificate", {record.id, record.subject});
  if (session.json)
    session.print(
        {{"key", hash}, {"accepted", verdict.has_value()}, {"reason", reason}, {"certificates", ids_of(known)}});
  return verdict ? exit_done : exit_refused;
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const auto keys, home.store->blocked_keys());
  Json all = Json::array();
  for (const store::BlockedKey& key : keys) {
    session.say("key.line", {to_hex(key.key_hash), to_rfc3339(key.at, hours(7)), key.reason});
    all.push_back({{"key", to_hex(key.key_hash)}, {"at", to_rfc3339(key.at)}, {"reason", key.reason}});
  }
  if (session.json) session.print(all);
  return exit_done;
}

Result<ExitCode> block(Session& session, const KeyOptions& options) {
  ANTIN_TRY(const Bytes key, read_key_file(options.file, any_key));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  const std::string hash = to_hex(issuance::key_hash(key));
  bool fresh = false;
  if (session.dry_run) {
    ANTIN_TRY(const auto before, home.store->blocked_key(issuance::key_hash(key)));
    fresh = !before.has_value();
  } else {
    ANTIN_TRY(fresh, authority::block_key(home.context(session), key, options.reason));
  }
  session.say(!fresh ? "key.blocked_before" : session.dry_run ? "key.would_block" : "key.blocked", {hash});
  if (session.json) session.print({{"key", hash}, {"blocked", fresh}, {"dry_run", session.dry_run}});
  return exit_done;
}

// What would be revoked, without writing.
Result<authority::Compromise> foresee(Session& session, OpenHome& home, ByteView key) {
  authority::Compromise would;
  ANTIN_TRY(const auto before, home.store->blocked_key(issuance::key_hash(key)));
  would.blocked = !before.has_value();
  ANTIN_TRY(const auto known, home.store->certificates_by_key(issuance::key_hash(key), session.now()));
  for (const store::CertificateRecord& record : known)
    if (record.status != store::CertificateStatus::revoked && record.status != store::CertificateStatus::expired)
      (record.kind == "root" ? would.not_revoked : would.revoked).push_back(record.id);
  return would;
}

Result<ExitCode> compromise(Session& session, const KeyOptions& options) {
  std::optional<Time> since;
  if (!options.invalidity_date.empty()) {
    ANTIN_TRY(since, in("--invalidity-date", parse_rfc3339(options.invalidity_date)));
  }
  ANTIN_TRY(const Bytes key, read_key_file(options.file, proven_key));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  ANTIN_TRY(const authority::Compromise done,
            session.dry_run ? foresee(session, home, key)
                            : authority::compromise_key(home.context(session), key, options.remark, since));
  const std::string hash = to_hex(issuance::key_hash(key));
  session.say(session.dry_run ? "key.would_compromise" : "key.compromised",
              {hash, std::to_string(done.revoked.size())});
  for (const std::string& id : done.revoked) session.say("key.revoked", {id});
  for (const std::string& id : done.not_revoked) session.say("key.not_revoked", {id});
  if (session.json)
    session.print({{"key", hash},
                   {"blocked", done.blocked},
                   {"revoked", done.revoked},
                   {"not_revoked", done.not_revoked},
                   {"dry_run", session.dry_run}});
  return done.not_revoked.empty() ? exit_done : exit_refused;
}

}  // namespace

void add_key(Command antin) {
  Command group = antin.group("key");
  const auto file = [](Command command, KeyOptions& options) {
    command.operand("FILE", options.file, "key.file").required();
  };
  add_command<KeyOptions>(group, "check", "key.check", file, check);
  add_command<NoOptions>(
      group, "list", "key.list", [](Command, NoOptions&) {}, list);
  add_command<KeyOptions>(
      group, "block", "key.block",
      [&](Command command, KeyOptions& options) {
        file(command, options);
        command.option("--reason", options.reason, "key.reason").required();
      },
      block);
  add_command<KeyOptions>(
      group, "compromise", "key.compromise",
      [](Command command, KeyOptions& options) {
        command.option("--proof", options.file, "key.proof").required().value_name("FILE");
        command.option("--remark", options.remark, "cert.remark");
        command.option("--invalidity-date", options.invalidity_date, "cert.invalidity_date").value_name("TIME");
      },
      compromise);
}

}  // namespace antin::commands
