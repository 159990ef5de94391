#include "signer/validation/timestamp_reason.h"

#include "signer/cms/time_stamp.h"

namespace antin::validation {

Reason about_timestamp(const std::string& name, const cms::SignedData& message,
                       const std::function<Bytes(DigestAlgorithm)>& content) {
  const auto stamp = cms::read_time_stamp(message);
  if (!stamp) return {"verify.timestamp_broken", {name}};
  if (!stamp->algorithm) return {"verify.timestamp_unknown", {name}};
  if (stamp->imprint != content(*stamp->algorithm) || stamp->intact == false)
    return {"verify.timestamp_broken", {name}};
  if (!stamp->intact) return {"verify.timestamp_unknown", {name}};
  return {"verify.timestamp", {name, stamp->time ? to_rfc3339(*stamp->time, vietnam_offset) : "?"}};
}

}  // namespace antin::validation
