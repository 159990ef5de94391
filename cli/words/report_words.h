// A verdict's words: what a report takes over from errors and from other libraries, in the reader's language.
#pragma once

#include "base/message.h"
#include "signer/validation/report.h"

namespace antin::words {

// Scopes and the arguments of reasons that are themselves messages; sentences are validation's own.
validation::Report in_language(validation::Report report, Language language);

}  // namespace antin::words
