// CAdES-B-B (EN 319 122-1): signed attributes, SignedData around a signature made elsewhere, and reading it back.
//
// The same CMS serves detached files, PDF (`pdf` form: no signingTime attribute) and ASiC.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "ca/x509/certificate.h"
#include "hsm/signing_key.h"

namespace antin::cms {

enum class Form { cades, pdf };  // `pdf`: EN 319 142-1 forbids the signing-time attribute; the time is in /M

struct SignedAttributes {
  Form form = Form::cades;
  hsm::SignatureScheme scheme;
  Bytes content_digest;  // of the detached content, with digest_of(scheme) (SHA-512 for ed25519, RFC 8419)
  Time signing_time;
  x509::Certificate signer;  // goes into ESS signing-certificate-v2 (RFC 5035) with SHA-256
};

// The digest of the content that `scheme` wants.
DigestAlgorithm content_digest_algorithm(hsm::SignatureScheme scheme);
// DER SET OF attributes: exactly what is signed (RFC 5652 §5.4).
Result<Bytes> encode_signed_attributes(const SignedAttributes& attributes);
// DER ContentInfo with SignedData without content: one SignerInfo, certificates signer first then `chain`.
Result<Bytes> assemble_detached(ByteView signed_attributes, const SignedAttributes& about, ByteView signature,
                                const std::vector<x509::Certificate>& chain);
// The size in octets that assemble_detached will not exceed.
std::size_t size_bound(const x509::Certificate& signer, const std::vector<x509::Certificate>& chain);

// One SignerInfo as found; nothing is judged but what `parse` says. BER on input is accepted and normalised.
struct SignerInfo {
  std::optional<x509::Certificate> signer;  // found among the certificates by sid
  DigestAlgorithm digest_algorithm = DigestAlgorithm::sha256;
  std::optional<hsm::SignatureScheme> scheme;  // none when unknown or when digest and signature algorithm disagree
  std::optional<Bytes> message_digest;         // exactly one, else none
  std::optional<Time> signing_time;
  std::optional<bool> signing_certificate_matches;  // ESS v1/v2 against `signer`; none when the attribute is missing
  // The attributes as one SET, to be verified: in the order in which they stand in the message, and in that of DER.
  Bytes signed_attributes, sorted_attributes;
  Bytes signature;
  std::string content_type;          // dotted OID of the content-type attribute
  std::vector<std::string> defects;  // duplicate attributes, several SignerInfos' ambiguities, weak digests …
};
struct SignedData {
  std::vector<SignerInfo> signers;
  std::vector<x509::Certificate> certificates;
  std::string content_type;      // dotted OID: id-data, id-ct-TSTInfo, …
  std::optional<Bytes> content;  // encapsulated
};
Result<SignedData> parse(ByteView ber);
// The order of the signed attributes over which the signature value holds with the signer's key; `neither` also when
// scheme or signer are missing.
enum class AttributeOrder { neither, der, as_received };
Result<AttributeOrder> verified_order(const SignerInfo& signer);
// In either order.
Result<bool> verify_value(const SignerInfo& signer);

}  // namespace antin::cms
