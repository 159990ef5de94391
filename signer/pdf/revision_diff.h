// What differs between a signed revision and the whole file, judged by where it is.
#pragma once

#include <string>
#include <vector>

#include "signer/pdf/signatures.h"

class QPDF;

namespace antin::pdf {

struct Difference {
  ChangesAfter verdict = ChangesAfter::none;
  std::vector<std::string> forbidden;
};
// Permitted: new signature fields with their values and widgets, a value in a signature field that was empty, document
// security stores (/DSS), /Extensions. Everything else that can be reached from the catalogue is forbidden.
Difference compare_revisions(QPDF& signed_revision, QPDF& whole);

}  // namespace antin::pdf
