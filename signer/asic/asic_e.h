// ASiC-E with CAdES-B-B: several files, one detached signature over a manifest of their digests.
#pragma once

#include "signer/pipeline/document_format.h"

namespace antin::asic {

const pipeline::DocumentFormat& asic_e_format();

}  // namespace antin::asic
