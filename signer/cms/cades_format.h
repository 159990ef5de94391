// CAdES-B-B detached: the signature alone, beside any file.
#pragma once

#include "signer/pipeline/document_format.h"

namespace antin::cms {

const pipeline::DocumentFormat& cades_format();

}  // namespace antin::cms
