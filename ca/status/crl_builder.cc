#include "ca/status/crl_builder.h"

#include "ca/x509/der.h"
#include "hsm/scheme_hasher.h"

namespace antin::status {
namespace {

namespace der = x509::der;

Bytes reason_extension(x509::RevocationReason reason) {
  return der::sequence({der::oid("2.5.29.21"), der::octet_string(der::enumerated(static_cast<std::uint8_t>(reason)))});
}

// Always GeneralizedTime (RFC 5280 §5.3.2).
Bytes invalidity_extension(Time date) {
  return der::sequence({der::oid("2.5.29.24"), der::octet_string(der::generalized_time(date))});
}

Bytes entry_extensions(const x509::CrlEntry& entry) {
  Bytes content;
  // `unspecified` is told by the extension's absence (RFC 5280 §5.3.1).
  if (entry.reason != x509::RevocationReason::unspecified) append(content, reason_extension(entry.reason));
  if (entry.invalidity_date) append(content, invalidity_extension(*entry.invalidity_date));
  return content.empty() ? content : der::tlv(der::sequence_tag, content);
}

Bytes authority_key_extension(ByteView key_id) {
  return der::sequence({der::oid("2.5.29.35"), der::octet_string(der::sequence({der::tlv(der::context(0), key_id)}))});
}

Bytes number_extension(std::uint64_t number) {
  return der::sequence({der::oid("2.5.29.20"), der::octet_string(der::integer(number))});
}

// Critical, with the full name alone: the list is for all certificates and all reasons.
Bytes distribution_extension(const std::string& url) {
  const Bytes full_name = der::constructed(der::context_constructed(0), {der::tlv(der::context(6), bytes_of(url))});
  const Bytes point = der::sequence({der::constructed(der::context_constructed(0), {full_name})});
  return der::sequence({der::oid("2.5.29.28"), der::boolean(true), der::octet_string(point)});
}

Bytes list_extensions(const CrlHead& head, ByteView key_id) {
  Bytes content = authority_key_extension(key_id);
  append(content, number_extension(head.number));
  if (!head.url.empty()) append(content, distribution_extension(head.url));
  return der::constructed(der::context_constructed(0), {der::tlv(der::sequence_tag, content)});
}

}  // namespace

void CrlBuilder::add(const x509::CrlEntry& entry) {
  const Bytes serial = der::integer_unsigned(entry.serial.magnitude());
  append(revoked_, der::sequence({serial, der::time(entry.revoked_at), entry_extensions(entry)}));
  ++entries_;
}

Result<Bytes> CrlBuilder::finish(const CrlHead& head, const issuance::Issuer& issuer) const {
  const issuance::IssuerIdentity& identity = issuer.identity();
  if (identity.scheme == hsm::SignatureScheme::ed25519)
    return fail(ErrorCode::unimplemented, "crl: an Ed25519 issuer cannot sign a list that was hashed before");
  ANTIN_TRY(hsm::SchemeHasher hasher, issuer.crl_hasher());
  const Bytes algorithm = hsm::algorithm_identifier(identity.scheme);
  Bytes front = der::integer(1);  // version 2
  for (ByteView part : {ByteView(algorithm), identity.name.der()}) append(front, part);
  append(front, der::time(head.this_update));
  append(front, der::time(head.next_update));
  // An empty revokedCertificates must be left out (RFC 5280 §5.1.2.6).
  if (!revoked_.empty()) append(front, der::header(der::sequence_tag, revoked_.size()));
  const Bytes back = list_extensions(head, identity.key_id);
  const Bytes start = der::header(der::sequence_tag, front.size() + revoked_.size() + back.size());
  for (ByteView part : {ByteView(start), ByteView(front), ByteView(revoked_), ByteView(back)}) hasher.update(part);
  ANTIN_TRY(const Bytes signature, issuer.sign_crl_digest(hasher.finish()));
  const Bytes tail = der::concat({algorithm, der::bit_string(signature)});
  Bytes list =
      der::header(der::sequence_tag, start.size() + front.size() + revoked_.size() + back.size() + tail.size());
  for (ByteView part : {ByteView(start), ByteView(front), ByteView(revoked_), ByteView(back), ByteView(tail)})
    append(list, part);
  return list;
}

}  // namespace antin::status
