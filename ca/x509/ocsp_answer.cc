#include "ca/x509/ocsp_answer.h"

#include <algorithm>
#include <array>

#include "base/openssl_ptr.h"
#include "ca/x509/der.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"

namespace antin::x509 {
namespace {

struct NamedDigest {
  der::OidLiteral oid;
  const char* name;
};
constexpr NamedDigest digests[] = {{"1.3.14.3.2.26", "SHA1"},
                                   {"2.16.840.1.101.3.4.2.1", "SHA2-256"},
                                   {"2.16.840.1.101.3.4.2.2", "SHA2-384"},
                                   {"2.16.840.1.101.3.4.2.3", "SHA2-512"}};

bool is_digest_of(ByteView oid, ByteView data, ByteView wanted) {
  const auto* known = std::ranges::find_if(digests, [&](const auto& one) { return equal(one.oid.content(), oid); });
  if (known == std::end(digests)) return false;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, known->name, nullptr, data.data(), data.size(), digest.data(), &size) != 1) {
    (void)openssl_error();
    return false;
  }
  return equal(ByteView(digest).first(size), wanted);
}

// The octets of the subjectPublicKey, without its tag and length.
Result<Bytes> key_octets(const Certificate& certificate) {
  ANTIN_TRY(const der::Element info, der::only(certificate.public_key_info(), der::sequence_tag));
  der::Reader parts(info.content);
  ANTIN_CHECK(parts.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element bits, parts.expect(der::bit_string_tag));
  ANTIN_TRY(const ByteView octets, der::read_bit_string_octets(bits));
  return to_bytes(octets);
}

Status read_id(const der::Element& id, OcspStatus& status) {
  der::Reader parts(id.content);
  ANTIN_TRY(const der::Element algorithm, parts.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element oid, der::Reader(algorithm.content).expect(der::oid_tag));
  ANTIN_TRY(const der::Element name, parts.expect(der::octet_string_tag));
  ANTIN_TRY(const der::Element key, parts.expect(der::octet_string_tag));
  ANTIN_TRY(const der::Element serial, parts.expect(der::integer_tag));
  ANTIN_CHECK(parts.end());
  ANTIN_TRY(status.serial, SerialNumber::from_der_content(serial.content));
  status.hash_algorithm = to_bytes(oid.content);
  status.issuer_name_hash = to_bytes(name.content);
  status.issuer_key_hash = to_bytes(key.content);
  return {};
}

Status read_revoked(const der::Element& revoked, OcspStatus& status) {
  status.state = OcspStatus::State::revoked;
  der::Reader parts(revoked.content);
  ANTIN_TRY(const der::Element since, parts.expect(der::generalized_time_tag));
  ANTIN_TRY(status.revoked_at, der::read_time(since));
  ANTIN_TRY(const auto wrapper, parts.optional(der::context_constructed(0)));
  if (!wrapper) return parts.end();
  ANTIN_TRY(const der::Element reason, der::only(wrapper->content, der::enumerated_tag));
  if (reason.content.size() != 1 || reason.content[0] > 10 || reason.content[0] == 7)
    return fail(ErrorCode::invalid_argument, "its reason of revocation is not one of RFC 5280");
  status.reason = static_cast<RevocationReason>(reason.content[0]);
  return parts.end();
}

Status read_state(const der::Element& state, OcspStatus& status) {
  if (state.tag == der::context_constructed(1)) return read_revoked(state, status);
  if (!state.content.empty() || (state.tag != der::context(0) && state.tag != der::context(2)))
    return fail(ErrorCode::invalid_argument, "a status is none of good, revoked and unknown");
  status.state = state.tag == der::context(0) ? OcspStatus::State::good : OcspStatus::State::unknown;
  return {};
}

Result<OcspStatus> read_single(const der::Element& single) {
  der::Reader parts(single.content);
  ANTIN_TRY(const SerialNumber none, SerialNumber::from_unsigned(Bytes{1}));
  OcspStatus status{.hash_algorithm = {}, .issuer_name_hash = {}, .issuer_key_hash = {}, .serial = none};
  ANTIN_TRY(const der::Element id, parts.expect(der::sequence_tag));
  ANTIN_CHECK(read_id(id, status));
  ANTIN_TRY(const der::Element state, parts.next());
  ANTIN_CHECK(read_state(state, status));
  ANTIN_TRY(const der::Element update, parts.expect(der::generalized_time_tag));
  ANTIN_TRY(status.this_update, der::read_time(update));
  ANTIN_TRY(const auto next, parts.optional(der::context_constructed(0)));
  if (next) {
    ANTIN_TRY(const der::Element time, der::only(next->content, der::generalized_time_tag));
    ANTIN_TRY(status.next_update, der::read_time(time));
  }
  ANTIN_CHECK(parts.optional(der::context_constructed(1)));
  ANTIN_CHECK(parts.end());
  return status;
}

struct Data {
  Time produced_at;
  std::vector<OcspStatus> statuses;
};

Result<Data> read_data(const der::Element& tbs) {
  der::Reader parts(tbs.content);
  ANTIN_CHECK(parts.optional(der::context_constructed(0)));
  ANTIN_CHECK(parts.next());  // the responder's name or key hash: whose key it is, the signature tells
  ANTIN_TRY(const der::Element produced, parts.expect(der::generalized_time_tag));
  ANTIN_TRY(const Time produced_at, der::read_time(produced));
  Data data{produced_at, {}};
  ANTIN_TRY(const der::Element singles, parts.expect(der::sequence_tag));
  for (der::Reader list(singles.content); !list.at_end();) {
    ANTIN_TRY(const der::Element single, list.expect(der::sequence_tag));
    ANTIN_TRY(OcspStatus status, read_single(single));
    data.statuses.push_back(std::move(status));
  }
  return data;
}

Result<std::vector<Certificate>> read_certificates(der::Reader& parts) {
  std::vector<Certificate> certificates;
  ANTIN_TRY(const auto wrapper, parts.optional(der::context_constructed(0)));
  if (!wrapper) return certificates;
  ANTIN_TRY(const der::Element list, der::only(wrapper->content, der::sequence_tag));
  for (der::Reader members(list.content); !members.at_end();) {
    ANTIN_TRY(const der::Element member, members.next());
    ANTIN_TRY(Certificate certificate, Certificate::from_der(member.whole));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

// The octets of the BasicOCSPResponse.
Result<ByteView> basic_response(ByteView octets) {
  ANTIN_TRY(const der::Element outer, der::only(octets, der::sequence_tag));
  der::Reader parts(outer.content);
  ANTIN_TRY(const der::Element status, parts.expect(der::enumerated_tag));
  if (status.content.size() != 1 || status.content[0] != 0)
    return fail(ErrorCode::failed_precondition, "the responder refused to answer");
  ANTIN_TRY(const der::Element wrapper, parts.expect(der::context_constructed(0)));
  ANTIN_TRY(const der::Element bytes, der::only(wrapper.content, der::sequence_tag));
  der::Reader typed(bytes.content);
  ANTIN_TRY(const der::Element type, typed.expect(der::oid_tag));
  if (!der::is_oid(type, "1.3.6.1.5.5.7.48.1.1"))
    return fail(ErrorCode::invalid_argument, "it holds another kind of answer than the basic one");
  ANTIN_TRY(const der::Element response, typed.expect(der::octet_string_tag));
  return response.content;
}

Result<bool> verifies(const Certificate& signer, ByteView algorithm, ByteView message, ByteView signature) {
  ANTIN_TRY(const EvpPkeyPtr key, hsm::read_public_key(signer.public_key_info()));
  return check_signature(key.get(), algorithm, message, signature);
}

// Delegated by `issuer` for OCSP, and valid when the answer was made.
Result<bool> is_delegate(const Certificate& one, const Certificate& issuer, Time at) {
  const auto purposes = one.extended_key_usage();
  if (one.is_ca() || std::ranges::find(purposes, "1.3.6.1.5.5.7.3.9") == purposes.end()) return false;
  if (!issuer.subject().matches(one.issuer()) || at < one.not_before() || at > one.not_after()) return false;
  return verifies(issuer, one.signature_algorithm(), one.tbs(), one.signature());
}

}  // namespace

bool OcspStatus::is_of(const Certificate& issuer) const {
  const auto key = key_octets(issuer);
  return key && is_digest_of(hash_algorithm, issuer.subject().der(), issuer_name_hash) &&
         is_digest_of(hash_algorithm, *key, issuer_key_hash);
}

Result<OcspAnswer> OcspAnswer::from_der(ByteView octets) {
  ANTIN_TRY(const ByteView basic, in("ocsp", basic_response(octets)));
  ANTIN_TRY(const der::Element outer, in("ocsp", der::only(basic, der::sequence_tag)));
  der::Reader parts(outer.content);
  ANTIN_TRY(const der::Element tbs, in("ocsp", parts.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element algorithm, in("ocsp", parts.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element signature, in("ocsp", parts.expect(der::bit_string_tag)));
  ANTIN_TRY(const ByteView bits, in("ocsp", der::read_bit_string_octets(signature)));
  OcspAnswer answer;
  ANTIN_TRY(answer.certificates_, in("ocsp", read_certificates(parts)));
  ANTIN_CHECK(in("ocsp", parts.end()));
  ANTIN_TRY(Data data, in("ocsp", read_data(tbs)));
  answer.produced_at_ = data.produced_at;
  answer.statuses_ = std::move(data.statuses);
  answer.tbs_ = to_bytes(tbs.whole);
  answer.algorithm_ = to_bytes(algorithm.whole);
  answer.signature_ = to_bytes(bits);
  return answer;
}

Result<bool> OcspAnswer::signed_by(const Certificate& issuer) const {
  ANTIN_TRY(const bool itself, in("ocsp", verifies(issuer, algorithm_, tbs_, signature_)));
  if (itself) return true;
  for (const Certificate& one : certificates_) {
    ANTIN_TRY(const bool delegate, in("ocsp", is_delegate(one, issuer, produced_at_)));
    if (!delegate) continue;
    ANTIN_TRY(const bool good, in("ocsp", verifies(one, algorithm_, tbs_, signature_)));
    if (good) return true;
  }
  return false;
}

}  // namespace antin::x509
