// What is said of the signatures and document time-stamps of a PDF.
#pragma once

#include "signer/validation/verify.h"

namespace antin::validation {

// A report without its summary: the worst of the signatures is drawn by `verify`. Errors are those of `verify`.
Result<Report> report_on_pdf(const Question& question);

}  // namespace antin::validation
