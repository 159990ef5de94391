#include "cli/commands/certificate_row.h"

#include <nlohmann/json.hpp>

namespace antin::commands {

CertificateRow row_of(const store::CertificateRecord& record) {
  return {.id = record.id,
          .serial = record.serial.hex(),
          .subject = record.subject,
          .kind = record.kind,
          .status = record.status,
          .key = record.key_location,
          .issuer = record.issuer,
          .not_before = record.not_before,
          .not_after = record.not_after,
          .profile = record.profile,
          .subscriber = record.subscriber,
          .mail = record.mail};
}

Json row_value(const CertificateRow& row) {
  return {{"id", row.id},
          {"serial", row.serial},
          {"subject", row.subject},
          {"kind", row.kind},
          {"status", to_string(row.status)},
          {"key", row.key},
          {"issuer", row.issuer},
          {"not_before", to_rfc3339(row.not_before)},
          {"not_after", to_rfc3339(row.not_after)},
          {"profile", row.profile}};
}

}  // namespace antin::commands
