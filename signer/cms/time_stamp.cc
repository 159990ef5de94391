#include "signer/cms/time_stamp.h"

#include "ca/x509/der.h"

namespace antin::cms {
namespace {

namespace der = x509::der;

std::optional<DigestAlgorithm> algorithm_of(const der::Element& oid) {
  if (der::is_oid(oid, "2.16.840.1.101.3.4.2.1")) return DigestAlgorithm::sha256;
  if (der::is_oid(oid, "2.16.840.1.101.3.4.2.2")) return DigestAlgorithm::sha384;
  if (der::is_oid(oid, "2.16.840.1.101.3.4.2.3")) return DigestAlgorithm::sha512;
  return std::nullopt;
}

// RFC 3161 §2.4.2: version, policy, messageImprint, serialNumber, genTime, …
Result<TimeStamp> read_info(ByteView content) {
  ANTIN_TRY(const der::Element info, der::only(content, der::sequence_tag));
  der::Reader fields(info.content);
  ANTIN_TRY([[maybe_unused]] const der::Element version, fields.expect(der::integer_tag));
  ANTIN_TRY([[maybe_unused]] const der::Element policy, fields.expect(der::oid_tag));
  ANTIN_TRY(const der::Element imprint, fields.expect(der::sequence_tag));
  ANTIN_TRY([[maybe_unused]] const der::Element serial, fields.expect(der::integer_tag));
  ANTIN_TRY(const der::Element time, fields.expect(der::generalized_time_tag));
  der::Reader parts(imprint.content);
  ANTIN_TRY(const der::Element identifier, parts.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element oid, der::Reader(identifier.content).expect(der::oid_tag));
  ANTIN_TRY(const der::Element value, parts.expect(der::octet_string_tag));
  TimeStamp stamp{algorithm_of(oid), to_bytes(value.content), std::nullopt, std::nullopt};
  if (const auto read = der::read_time(time)) stamp.time = *read;
  return stamp;
}

}  // namespace

Result<TimeStamp> read_time_stamp(const SignedData& message) {
  if (message.content_type != "1.2.840.113549.1.9.16.1.4" || !message.content)
    return fail(ErrorCode::invalid_argument, "time-stamp: holds no TSTInfo");
  if (message.signers.size() != 1) return fail(ErrorCode::invalid_argument, "time-stamp: has exactly one signer");
  ANTIN_TRY(TimeStamp stamp, in("time-stamp", read_info(*message.content)));
  const SignerInfo& signer = message.signers.front();
  if (!signer.scheme || !signer.signer) return stamp;
  stamp.intact = signer.message_digest == digest(signer.digest_algorithm, *message.content) &&
                 verify_value(signer).value_or(false);
  return stamp;
}

}  // namespace antin::cms
