// What differs between a signed revision and the whole file, judged by where it is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "signer/pdf/signature_field.h"
#include "signer/pdf/signatures.h"

class QPDF;

namespace antin::pdf {

// What may have come after the signature.
struct Later {
  std::map<ObjectId, LaterValue>
      fields;                 // of signatures and time-stamps that lie wholly after it, as found in the file
  bool proofs_alone = false;  // its author forbids all but document security stores and time-stamps
};
struct Difference {
  ChangesAfter verdict = ChangesAfter::none;
  std::vector<std::string> forbidden;
  std::vector<std::string> visible;  // names of later signatures' fields that show something on a page
};
// Permitted: new signature fields whose value is one of `later`, or which are empty and invisible; such a value in a
// field that was empty; document security stores (/DSS), /Extensions, /Version, metadata, and resources that the form
// did not have. Everything else that can be reached from the catalogue is forbidden.
Difference compare_revisions(QPDF& signed_revision, QPDF& whole, const Later& later);

}  // namespace antin::pdf
