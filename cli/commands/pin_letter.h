// The letter that tells a subscriber the PIN of the token: printed once, on one page, with a line to fold and a receipt
// to tear off.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "ca/forms/form.h"
#include "signer/page/document.h"

namespace antin::commands {

struct PinLetter {
  std::string issuer;                     // the organisation that hands over the token
  bool party = false;                     // the heading of Party bodies
  bool again = false;                     // the PIN before is no longer good
  std::string name, unit, code;           // of the subscriber
  std::string label, serial;              // of the token
  std::string certificate_serial;         // hexadecimal
  Time not_before, not_after;
};

// The PDF. The PIN stands in its page and nowhere else in the file: no title, no name of the file. Wipe the octets when
// they are written.
Result<Bytes> print_pin_letter(const PinLetter& letter, const Secret& pin, const forms::FormSet& words, Time made);

}  // namespace antin::commands
