#include "ca/foreign/key_and_signature.h"

#include <algorithm>

#include "ca/issuance/key_gate.h"
#include "ca/policy/subscriber_number.h"
#include "ca/x509/der.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"

namespace antin::foreign {
namespace {

namespace der = x509::der;

// RSASSA-PSS-params (RFC 4055 §3.1): the digest stands in [0] and is SHA-1 when that is absent.
Result<bool> pss_over_sha1(der::Reader& parameters) {
  if (parameters.at_end()) return true;
  ANTIN_TRY(const der::Element list, parameters.expect(der::sequence_tag));
  der::Reader fields(list.content);
  ANTIN_TRY(const auto wrapper, fields.optional(der::context_constructed(0)));
  if (!wrapper) return true;
  ANTIN_TRY(const der::Element algorithm, der::only(wrapper->content, der::sequence_tag));
  der::Reader parts(algorithm.content);
  ANTIN_TRY(const der::Element digest, parts.expect(der::oid_tag));
  return der::is_oid(digest, "1.3.14.3.2.26");
}

// MD2, MD5 and SHA-1 with RSA; SHA-1 with DSA and ECDSA.
Result<bool> over_broken_digest(ByteView algorithm) {
  ANTIN_TRY(const der::Element identifier, der::only(algorithm, der::sequence_tag));
  der::Reader parts(identifier.content);
  ANTIN_TRY(const der::Element oid, parts.expect(der::oid_tag));
  if (der::is_oid(oid, "1.2.840.113549.1.1.10")) return pss_over_sha1(parts);
  return der::is_oid(oid, "1.2.840.113549.1.1.2") || der::is_oid(oid, "1.2.840.113549.1.1.4") ||
         der::is_oid(oid, "1.2.840.113549.1.1.5") || der::is_oid(oid, "1.3.14.3.2.29") ||
         der::is_oid(oid, "1.2.840.10040.4.3") || der::is_oid(oid, "1.2.840.10045.4.1");
}

// Its issuer is there by name, and none of that name made the signature.
bool has_wrong_signature(const x509::Certificate& certificate, std::span<const x509::Certificate> issuers) {
  bool named = false;
  for (const x509::Certificate& issuer : issuers) {
    if (!issuer.subject().matches(certificate.issuer())) continue;
    if (is_issued_by(certificate, issuer)) return false;
    named = true;
  }
  return named;
}

}  // namespace

bool is_issued_by(const x509::Certificate& certificate, const x509::Certificate& issuer) {
  if (!issuer.subject().matches(certificate.issuer())) return false;
  const auto key = hsm::read_public_key(issuer.public_key_info());
  if (!key) return false;
  return x509::check_signature(key->get(), certificate.signature_algorithm(), certificate.tbs(),
                               certificate.signature())
      .value_or(false);
}

Result<std::vector<store::Doubt>> doubts_of(const x509::Certificate& certificate,
                                            std::span<const x509::Certificate> issuers,
                                            const authority::Context& context, const authority::BlockedKeys& blocked,
                                            Time now) {
  std::vector<store::Doubt> doubts;
  if (now > certificate.not_after())
    doubts.push_back({"import.expired", {to_rfc3339(certificate.not_after(), vietnam_offset)}});
  if (now < certificate.not_before())
    doubts.push_back({"import.not_yet_valid", {to_rfc3339(certificate.not_before(), vietnam_offset)}});
  if (const Status good = issuance::check_key(certificate.public_key_info()); !good)
    doubts.push_back({"import.weak_key", {good.error().message}});
  if (const Status free = blocked.check(certificate.public_key_info()); !free)
    doubts.push_back({"import.blocked_key", {free.error().message}});
  for (const std::string& uid : certificate.subject().values("UID")) {
    const policy::NumberVerdict verdict = policy::judge_number(uid);
    const std::string kind(policy::number_kind(uid));
    if (verdict == policy::NumberVerdict::malformed) doubts.push_back({"import.number_form", {kind}});
    if (verdict == policy::NumberVerdict::wrong_check_digit) doubts.push_back({"import.number_check_digit", {kind}});
  }
  if (over_broken_digest(certificate.signature_algorithm()).value_or(false)) doubts.push_back({"import.sha1", {}});
  if (has_wrong_signature(certificate, issuers)) doubts.push_back({"import.signature", {}});
  ANTIN_TRY(const auto ours, context.store.certificates_by_key(issuance::key_hash(certificate.public_key_info()), now));
  if (!ours.empty()) doubts.push_back({"import.own_key", {ours.front().id}});
  return doubts;
}

}  // namespace antin::foreign
