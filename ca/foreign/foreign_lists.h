// What a CRL of another authority says of the certificates that we track.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/file.h"
#include "ca/store/store.h"
#include "ca/x509/crl.h"

namespace antin::foreign {

struct GivenList {
  Path file;
  x509::Crl list;
};

struct ListAnswer {
  Path file;
  std::string issuer;                       // RFC 4514
  std::optional<store::Doubt> refused;      // why nothing was taken from it
  bool stale = false;                       // past its nextUpdate: what it says was so, more may have come
  std::vector<store::ForeignEvent> events;  // what is new in it, in the order of the certificates
};

// A list is believed when one of `issuers` signed it, for certificates that the same key signed. Delta and indirect
// lists, ones with critical extensions that we do not know and ones of the future are refused. What was revoked stays
// so; what was on hold and is in no whole list any more is resumed. The events are also added to `certificates`.
ListAnswer ask(const GivenList& given, std::span<const x509::Certificate> issuers,
               std::vector<store::ForeignCertificate>& certificates, Time now);

}  // namespace antin::foreign
