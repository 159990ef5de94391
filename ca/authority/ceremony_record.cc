#include "ca/authority/ceremony_record.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/approval_steps.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/logged_act.h"
#include "ca/authority/role_register.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

std::unexpected<Error> unreadable(const store::LogEntry& logged) {
  return fail(ErrorCode::data_loss, "log: entry " + std::to_string(logged.index) + " of a ceremony is not readable");
}

CeremonyRecord* find_in(std::vector<CeremonyRecord>& records, const std::string& name) {
  const auto found = std::ranges::find(records, name, &CeremonyRecord::name);
  return found == records.end() ? nullptr : &*found;
}

// The first entry of a kind counts: who can write the log later changes nothing of a ceremony that is over.
Status add(std::vector<CeremonyRecord>& records, const store::LogEntry& logged) {
  ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
  const std::string type = entry.type(), name = entry.text("ceremony");
  if (!type.starts_with("ceremony.")) return {};
  const Result<Time> at = parse_rfc3339(entry.text("at"));
  if (!at || name.empty()) return unreadable(logged);
  CeremonyRecord* record = find_in(records, name);
  if (type == "ceremony.begin") {
    if (record == nullptr) records.push_back({name, entry.text("file"), "", *at, {}, {}});
    return {};
  }
  if (record == nullptr) return unreadable(logged);
  if (type == "ceremony.transcript" && record->transcript.empty()) record->transcript = entry.text("transcript");
  if (type == "ceremony.sign" && entry.text("transcript") == record->transcript) {
    ANTIN_TRY(Bytes signature, from_hex(entry.text("signature")));
    record->signatures.push_back({entry.text("officer"), *at, std::move(signature)});
  }
  if (type == "ceremony.witness" && entry.text("transcript") == record->transcript) {
    ANTIN_TRY(Bytes signature, from_hex(entry.text("signature")));
    record->witnesses.push_back({entry.text("witness"), *at, std::move(signature)});
  }
  return {};
}

using Fields = std::vector<std::pair<std::string, std::string>>;

Status log_act(const Context& context, std::string_view type, const Fields& fields, Time now) {
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY([[maybe_unused]] const auto index, transaction->append_log(log::entry(now, type, fields)));
  return transaction->commit();
}

}  // namespace

Bytes ceremony_statement(ByteView transcript_sha256, const std::string& officer_id) {
  return to_bytes("antin-approval-1\nceremony " + to_hex(transcript_sha256) + "\nofficer " + officer_id + "\n");
}

Result<std::vector<CeremonyRecord>> read_ceremonies(store::Store& store) {
  std::vector<CeremonyRecord> records;
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& entry) { return add(records, entry); }));
  return records;
}

Result<CeremonyRecord> find_ceremony(store::Store& store, const std::string& name) {
  ANTIN_TRY(std::vector<CeremonyRecord> records, read_ceremonies(store));
  if (CeremonyRecord* record = find_in(records, name)) return std::move(*record);
  return fail(ErrorCode::not_found, "ceremony " + name + ": the log does not know it");
}

Status begin_ceremony(const Context& context, const std::string& name, const Sha256& file) {
  ANTIN_TRY(std::vector<CeremonyRecord> records, read_ceremonies(context.store));
  if (const CeremonyRecord* record = find_in(records, name)) {
    if (record->file == to_hex(file)) return {};
    return fail(ErrorCode::failed_precondition, "ceremony " + name + ": it was begun by another file, of SHA-256 " +
                                                    record->file);
  }
  return log_act(context, "ceremony.begin", {{"ceremony", name}, {"file", to_hex(file)}}, context.clock.now());
}

Status end_ceremony(const Context& context, const std::string& name, const Sha256& transcript) {
  ANTIN_TRY(const CeremonyRecord record, find_ceremony(context.store, name));
  const std::string hash = to_hex(transcript);
  if (record.transcript == hash) return {};
  if (!record.transcript.empty())
    return fail(ErrorCode::failed_precondition,
                "ceremony " + name + ": the log has another transcript, of SHA-256 " + record.transcript);
  return log_act(context, "ceremony.transcript", {{"ceremony", name}, {"file", record.file}, {"transcript", hash}},
                 context.clock.now());
}

Status sign_ceremony(const Context& context, const std::string& name, const std::string& officer_id,
                     const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY(const CeremonyRecord record, find_ceremony(context.store, name));
  if (record.transcript.empty())
    return fail(ErrorCode::failed_precondition, "ceremony " + name + ": it has not ended yet: run it to its end first");
  for (const CeremonySignature& signature : record.signatures)
    if (signature.officer_id == officer_id)
      return fail(ErrorCode::already_exists, "officer " + officer_id + " has signed this transcript already");
  ANTIN_TRY(const Bytes hash, from_hex(record.transcript));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_TRY(const store::Approval made, sign_approval(context, roles, hash, officer_id, key,
                                                      ceremony_statement(hash, officer_id), now));
  return log_act(context, "ceremony.sign",
                 {{"ceremony", name},
                  {"transcript", record.transcript},
                  {"officer", officer_id},
                  {"signature", to_hex(made.signature)}},
                 now);
}

Result<bool> verify_ceremony_signature(store::Store& store, const CeremonyRecord& record,
                                       const CeremonySignature& signature, Time now) {
  ANTIN_TRY(const Bytes hash, from_hex(record.transcript));
  ANTIN_TRY(const RoleRegister roles, read_roles(store, now));
  if (roles.officer_key(signature.officer_id) == nullptr) return false;
  ANTIN_TRY(const store::CertificateRecord officer, store.certificate(signature.officer_id, now));
  ANTIN_TRY(const std::vector<store::RevocationEvent> events, store.revocations(officer.id));
  return store::status_at(officer, events, signature.at) == store::CertificateStatus::valid &&
         roles.signed_by(officer.id, ceremony_statement(hash, officer.id), signature.signature);
}

}  // namespace antin::authority
