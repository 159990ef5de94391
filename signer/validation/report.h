// Report: the verdict on a document, in the words of EN 319 102-1. A bad signature is an answer, never an Error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace antin::validation {

enum class Indication { total_passed, indeterminate, total_failed, no_signature };
std::string_view to_string(Indication indication) noexcept;  // `TOTAL-PASSED`

enum class SubIndication {
  none,
  format_failure,
  hash_failure,
  sig_crypto_failure,
  revoked,
  revoked_no_poe,
  revoked_ca_no_poe,
  out_of_bounds_no_poe,
  not_yet_valid,
  expired,
  no_certificate_chain_found,
  no_signing_certificate_found,
  chain_constraints_failure,
  certificate_chain_general_failure,
  crypto_constraints_failure,
  crypto_constraints_failure_no_poe,
  sig_constraints_failure,
  signed_data_not_found,
  try_later,
  generic,
};
std::string_view to_string(SubIndication indication) noexcept;  // `HASH_FAILURE`; empty for none

enum class Changes { none, permitted, forbidden };

// Why, for a person: an id of the message catalogue (`verify.revoked`) and its arguments in order.
struct Reason {
  std::string id;
  std::vector<std::string> arguments;
};

struct SignatureReport {
  Indication indication = Indication::indeterminate;
  SubIndication sub_indication = SubIndication::none;
  std::optional<bool> intact;        // digests and signature value hold; none when it cannot be known
  std::optional<Changes> changes;    // what came after it; none when it cannot be known
  std::string signer;                // RFC 4514 of the signing certificate, or empty
  std::string issuer;                // RFC 4514
  std::string serial;                // hex
  std::optional<Time> signing_time;  // claimed
  std::string scope;                 // what it covers: `revision 1 of 2, 23 456 octets`, file names …
  std::vector<Reason> reasons;
  std::vector<std::string> crl_urls;  // that the certificates in it name; for those who fetch, not printed
};

struct Report {
  Indication indication = Indication::no_signature;  // the worst of the signatures
  SubIndication sub_indication = SubIndication::none;
  std::string format;  // `pades`, `cades`, `asic-e`
  Time validation_time;
  std::vector<SignatureReport> signatures;
  std::vector<Reason> reasons;  // about the whole document (dossier: a missing part, …)
};

}  // namespace antin::validation
