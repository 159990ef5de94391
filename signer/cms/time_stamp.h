// RFC 3161 time-stamp tokens: what one says, and whether it holds together. Who made it is not judged here.
#pragma once

#include <optional>

#include "base/digest.h"
#include "signer/cms/cades.h"

namespace antin::cms {

struct TimeStamp {
  std::optional<DigestAlgorithm> algorithm;  // of the imprint; none for one that is not SHA-2
  Bytes imprint;
  std::optional<Time> time;    // whole seconds alone are read
  std::optional<bool> intact;  // its own digest and signature value; none when an algorithm or the signer is unknown
};
// invalid_argument when the message holds no TSTInfo, or several signers.
Result<TimeStamp> read_time_stamp(const SignedData& message);

}  // namespace antin::cms
