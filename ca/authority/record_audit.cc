#include "ca/authority/record_audit.h"

#include "ca/authority/issue_steps.h"

namespace antin::authority {
namespace {

bool same(const std::optional<store::Succession>& one, const std::optional<store::Succession>& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->act == other->act && one->predecessor == other->predecessor && one->reason == other->reason &&
         one->invalidity_date == other->invalidity_date;
}

}  // namespace

store::Intent as_recorded(const store::CertificateRecord& record) {
  return {.request_id = record.request_id,
          .issuer = record.issuer,
          .serial = record.serial,
          .tbs = {},
          .kind = record.kind,
          .profile = record.profile,
          .key_location = record.key_location,
          .key_uri = record.key_uri,
          .subscriber = record.subscriber,
          .mail = record.mail,
          .succession = record.succession};
}

Status check_columns(const store::CertificateRecord& record, const store::Intent& decided,
                     const x509::Certificate& certificate) {
  const store::CertificateRecord wanted = record_of(decided, certificate);
  const std::pair<const char*, bool> columns[] = {
      {"id", record.id == wanted.id},
      {"request_id", record.request_id == wanted.request_id},
      {"issuer", record.issuer == wanted.issuer},
      {"serial", record.serial == wanted.serial},
      {"subject", record.subject == wanted.subject},
      {"kind", record.kind == wanted.kind},
      {"profile", record.profile == wanted.profile},
      {"key_location", record.key_location == wanted.key_location},
      {"key_uri", record.key_uri == wanted.key_uri},
      {"subscriber", record.subscriber == wanted.subscriber},
      {"mail", record.mail == wanted.mail},
      {"not_before", record.not_before == wanted.not_before},
      {"not_after", record.not_after == wanted.not_after},
      {"key_hash", equal(record.key_hash, wanted.key_hash)},
      {"succession", same(record.succession, wanted.succession)},
  };
  for (const auto& [column, holds] : columns)
    if (!holds)
      return fail(ErrorCode::data_loss, "store: the column " + std::string(column) + " of the certificate " +
                                            record.id + " is not what was decided: another program wrote");
  return {};
}

}  // namespace antin::authority
