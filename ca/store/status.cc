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

}  // namespace antin::store
