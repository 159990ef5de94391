// PAdES-B-B (EN 319 142-1 §6): a signature field and value appended to a PDF as one incremental update.
#pragma once

#include "signer/pipeline/document_format.h"

namespace antin::pdf {

// Documents: exactly one PDF. The earlier octets are a prefix of the result, always. invalid_argument for a file that
// is broken, encrypted, or whose author's signature forbids changes; the field's name must be new.
const pipeline::DocumentFormat& pades_format();

}  // namespace antin::pdf
