// Verification: a pure function of (document, trust, time) → Report. No clock, no files, no network.
#pragma once

#include <optional>

#include "base/result.h"
#include "ca/x509/path_validator.h"
#include "signer/validation/report.h"

namespace antin::validation {

struct Question {
  ByteView document;
  std::optional<ByteView> detached;  // the signed data of a detached CMS
  const x509::TrustMaterial& trust;
  Time at;
};

// The format is recognised by content. Error only when the document cannot be read as any known format
// (invalid_argument) or a limit was met (resource_exhausted); whatever can be judged is a Report.
Result<Report> verify(const Question& question);

// The documented JSON shape (schemas/report.schema.json) with reasons as text of the language: `vi` or `en`.
std::string to_json(const Report& report, std::string_view language);
// One reason as a sentence.
std::string sentence(const Reason& reason, std::string_view language);

}  // namespace antin::validation
