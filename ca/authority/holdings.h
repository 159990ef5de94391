// Holdings: what an issuer of another authority brings along when it is adopted: its certificates, what of them is
// revoked, and where the numbers of its lists and certificates stand. docs/formats/migration.md.
//
// Officers approve the digest of their canonical text, so nothing can be put in or left out afterwards. Whoever has the
// log can compute it again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/crl.h"

namespace antin::authority {

// The end of a lost certificate that nobody knows: 9999-12-31T23:59:59Z.
inline constexpr Time no_known_end{seconds{253402300799}};

struct Holding {
  struct Revocation {
    Time at;
    x509::RevocationReason reason = x509::RevocationReason::unspecified;  // certificateHold: it is suspended
    std::optional<Time> invalidity_date;
  };
  std::string certificate;               // SHA-256 of its DER, hex; empty: it is lost, and the serial stays on lists
  std::optional<Revocation> revocation;  // always there for a lost one
  Time not_after;                        // of a lost one
};

struct Holdings {
  std::string authority;              // SHA-256 of the DER of the issuer's own certificate, hex
  std::uint64_t last_crl_number = 0;  // the next list's is greater; 0: there was none
  std::optional<x509::SerialNumber> next_serial;
  std::map<x509::SerialNumber, Holding> items;
};

// Lines of text, sorted by serial number.
std::string canonical(const Holdings& holdings);
std::string holdings_digest(const Holdings& holdings);  // SHA-256 of it, hex

}  // namespace antin::authority
