#include "ca/store/store.h"

namespace antin::store {

std::string_view to_string(CertificateStatus status) noexcept {
  switch (status) {
    case CertificateStatus::valid:
      return "valid";
    case CertificateStatus::revoked:
      return "revoked";
    case CertificateStatus::suspended:
      return "suspended";
    case CertificateStatus::expired:
      return "expired";
  }
  return "valid";
}

CertificateStatus status_at(const CertificateRecord& record, std::span<const RevocationEvent> events, Time at) {
  std::optional<RevocationEvent::Act> last;
  for (const RevocationEvent& event : events)
    if (event.at <= at) last = event.act;
  if (last == RevocationEvent::Act::revoke) return CertificateStatus::revoked;
  if (at < record.not_before || at > record.not_after) return CertificateStatus::expired;
  return last == RevocationEvent::Act::suspend ? CertificateStatus::suspended : CertificateStatus::valid;
}

}  // namespace antin::store
