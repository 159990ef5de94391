// What a report says of a time-stamp over a document or a container: that it is there and whether its digest matches.
#pragma once

#include <functional>

#include "signer/cms/cades.h"
#include "signer/validation/report.h"

namespace antin::validation {

// `name` is the field or the file that holds it; `content` the digest of what it should be over.
Reason about_timestamp(const std::string& name, const cms::SignedData& message,
                       const std::function<Bytes(DigestAlgorithm)>& content);

}  // namespace antin::validation
