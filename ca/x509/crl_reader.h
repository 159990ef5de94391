// The one-pass reader of CRLs behind Crl. Only for ca/x509.
#pragma once

#include "ca/x509/crl.h"
#include "ca/x509/der.h"

namespace antin::x509 {

struct CrlParts {
  ByteView tbs, signature_algorithm, signature;
  Name issuer;
  Time this_update;
  std::optional<Time> next_update;
  std::optional<Bytes> number, authority_key_id;
  CrlScope scope;
  ByteView entries;                      // the entries, one after the other
  std::vector<std::uint32_t> by_serial;  // offsets into `entries`, in order of serial
};

// Views point into `der`. invalid_argument for everything that RFC 5280 §5 does not allow in a list.
Result<CrlParts> read_crl(ByteView der);
struct CrlEntryNotes {
  bool extensions = false;
  bool unknown_critical = false;  // it has a critical extension that we do not know
};
Result<CrlEntry> read_crl_entry(ByteView entry, CrlEntryNotes* notes = nullptr);
// The content octets of an entry's serial number; `entry` has been read before.
ByteView serial_of_entry(ByteView entry) noexcept;
// Orders content octets of INTEGERs in their shortest form.
bool serial_less(ByteView a, ByteView b) noexcept;

}  // namespace antin::x509
