#include "signer/cms/cades.h"

#include "ca/x509/der.h"

namespace antin::cms {
namespace {

namespace der = x509::der;

Bytes digest_identifier(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha384:
      return der::sequence({der::oid("2.16.840.1.101.3.4.2.2")});
    case DigestAlgorithm::sha512:
      return der::sequence({der::oid("2.16.840.1.101.3.4.2.3")});
    case DigestAlgorithm::sha256:
      break;
  }
  return der::sequence({der::oid("2.16.840.1.101.3.4.2.1")});
}

Bytes attribute(ByteView type, Bytes value) { return der::sequence({type, der::set_of({std::move(value)})}); }

Bytes serial_of(const x509::Certificate& certificate) {
  return der::integer_unsigned(certificate.serial().magnitude());
}

// RFC 5035 §3: ESSCertIDv2 with SHA-256, which is the default and so not written, and the issuer and serial.
Bytes signing_certificate_v2(const x509::Certificate& signer) {
  const Bytes issuer = der::sequence({der::tlv(der::context_constructed(4), signer.issuer().der())});
  const Bytes id = der::sequence({der::octet_string(signer.fingerprint()), der::sequence({issuer, serial_of(signer)})});
  return der::sequence({der::sequence({id})});
}

Bytes with_tag(std::uint8_t tag, Bytes value) {
  value.front() = tag;
  return value;
}

}  // namespace

DigestAlgorithm content_digest_algorithm(hsm::SignatureScheme scheme) { return hsm::digest_of(scheme); }

Result<Bytes> encode_signed_attributes(const SignedAttributes& about) {
  if (about.content_digest.size() != digest_size(content_digest_algorithm(about.scheme)))
    return fail(ErrorCode::invalid_argument, "CMS: the content's digest has another size than " +
                                                 std::string(to_string(content_digest_algorithm(about.scheme))));
  std::vector<Bytes> attributes;
  attributes.push_back(attribute(der::oid("1.2.840.113549.1.9.3"), der::oid("1.2.840.113549.1.7.1")));
  attributes.push_back(attribute(der::oid("1.2.840.113549.1.9.4"), der::octet_string(about.content_digest)));
  if (about.form == Form::cades)
    attributes.push_back(attribute(der::oid("1.2.840.113549.1.9.5"), der::time(about.signing_time)));
  attributes.push_back(attribute(der::oid("1.2.840.113549.1.9.16.2.47"), signing_certificate_v2(about.signer)));
  return der::set_of(std::move(attributes));
}

Result<Bytes> assemble_detached(ByteView signed_attributes, const SignedAttributes& about, ByteView signature,
                                const std::vector<x509::Certificate>& chain) {
  if (signed_attributes.empty() || signed_attributes.front() != der::set_tag)
    return fail(ErrorCode::invalid_argument, "CMS: the signed attributes are not a SET");
  const Bytes digest = digest_identifier(content_digest_algorithm(about.scheme));
  const Bytes signer_info =
      der::sequence({der::integer(1), der::sequence({about.signer.issuer().der(), serial_of(about.signer)}), digest,
                     with_tag(der::context_constructed(0), to_bytes(signed_attributes)),
                     hsm::algorithm_identifier(about.scheme), der::octet_string(signature)});
  std::vector<Bytes> certificates{to_bytes(about.signer.der())};
  for (const x509::Certificate& certificate : chain)
    if (!(certificate == about.signer)) certificates.push_back(to_bytes(certificate.der()));
  const Bytes content = der::sequence({der::oid("1.2.840.113549.1.7.1")});
  const Bytes signed_data =
      der::sequence({der::integer(1), der::set_of({digest}), content,
                     der::set_of(std::move(certificates), der::context_constructed(0)), der::set_of({signer_info})});
  return der::sequence({der::oid("1.2.840.113549.1.7.2"), der::tlv(der::context_constructed(0), signed_data)});
}

// The largest signature is that of RSA-8192; names, digests and headers are counted generously.
std::size_t size_bound(const x509::Certificate& signer, const std::vector<x509::Certificate>& chain) {
  std::size_t size = 1024 + 1024 + 2 * signer.issuer().der().size() + signer.der().size();
  for (const x509::Certificate& certificate : chain) size += certificate.der().size();
  return size;
}

}  // namespace antin::cms
