#include "tests/unit/lint/answer_builder.h"

#include "base/openssl_ptr.h"

namespace antin::tests {
namespace {

EVP_PKEY* test_key() {
  static const EvpPkeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  return key.get();
}

CertificateParts signer_certificate(std::string_view purpose) {
  CertificateParts parts = good_leaf();
  parts.set_key("1.2.840.10045.2.1", der::oid("1.2.840.10045.3.1.7"), test_key_point());
  parts.extensions.set("2.5.29.37", true, der::sequence({oid_of(purpose)}));
  return parts;
}

SingleParts good_single() {
  const CertificateParts authority = good_authority();
  SingleParts one;
  one.hash_algorithm = algorithm_id(sha1_oid);
  one.name_hash = sha1_of(authority.issuer);
  one.key_hash = Bytes(20, 3);
  one.extensions.set("1.3.6.1.5.5.7.48.1.6", false, der::generalized_time(time_at(2020, 1, 1)));
  one.extensions.set("1.3.6.1.5.5.7.48.1.3", false, der::sequence({constructed(1, der::integer(5))}));
  return one;
}

Bytes cms_attribute(std::string_view oid, const Bytes& values) {
  return der::sequence({oid_of(oid), der::tlv(der::set_tag, values)});
}

Bytes signed_attributes_of(const TokenParts& parts, const Bytes& info) {
  std::vector<Bytes> list;
  list.push_back(cms_attribute("1.2.840.113549.1.9.3", parts.content_type_value.value_or(parts.content_type)));
  if (parts.with_digest)
    list.push_back(
        cms_attribute("1.2.840.113549.1.9.4", parts.digest_value.value_or(der::octet_string(sha256_of(info)))));
  const Bytes id = der::sequence({der::octet_string(sha256_of(parts.certificate.der()))});
  if (parts.with_signing)
    list.push_back(
        cms_attribute(parts.signing_oid, parts.signing_value.value_or(der::sequence({der::sequence({id})}))));
  for (const auto& [oid, values] : parts.signed_attributes) list.push_back(cms_attribute(oid, values));
  if (parts.sorted) return der::set_of(list);
  Bytes content;
  for (const Bytes& one : list) append(content, one);
  return der::tlv(der::set_tag, content);
}

Bytes signer_of(const TokenParts& parts, const Bytes& info) {
  Bytes attributes = signed_attributes_of(parts, info);
  const Bytes signature =
      parts.signature.value_or(test_signature(parts.with_signed_attributes ? ByteView(attributes) : ByteView(info)));
  attributes[0] = der::context_constructed(0);
  if (!parts.with_signed_attributes) attributes.clear();
  const Bytes id = parts.signer_id.value_or(der::sequence({parts.certificate.issuer, parts.certificate.serial}));
  return der::sequence({parts.signer_version, id, parts.digest_algorithm, attributes, parts.signature_algorithm,
                        der::octet_string(signature), parts.unsigned_attributes});
}

}  // namespace

Bytes test_key_point() {
  Bytes octets(200);
  std::size_t size = 0;
  EVP_PKEY_get_octet_string_param(test_key(), "pub", octets.data(), octets.size(), &size);
  octets.resize(size);
  return octets;
}

Bytes test_signature(ByteView message) {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  Bytes signature(200);
  std::size_t size = signature.size();
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, test_key());
  EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size());
  signature.resize(size);
  return signature;
}

Bytes algorithm_id(std::string_view oid) { return der::sequence({oid_of(oid)}); }

Bytes sha1_of(ByteView octets) {
  Bytes hash(20);
  std::size_t size = 0;
  EVP_Q_digest(nullptr, "SHA1", nullptr, octets.data(), octets.size(), hash.data(), &size);
  return hash;
}

Bytes SingleParts::der() const {
  const Bytes id = der::sequence({hash_algorithm, der::octet_string(name_hash), der::octet_string(key_hash), serial});
  const Bytes more = extensions.empty() ? Bytes() : constructed(1, extensions.der());
  return der::sequence({id, status, this_update, next_update, more});
}

Bytes StatusParts::der() const {
  Bytes list;
  for (const SingleParts& one : singles) append(list, one.der());
  const Bytes more = extensions.empty() ? Bytes() : constructed(1, extensions.der());
  const Bytes data = der::sequence({version, responder, produced, der::tlv(der::sequence_tag, list), more});
  std::vector<Bytes> certificates = more_certificates;
  if (with_certificate) certificates.insert(certificates.begin(), certificate.der());
  const Bytes brought = certificates.empty() ? Bytes() : constructed(0, der::sequence_of(certificates));
  const Bytes basic =
      der::sequence({data, algorithm, der::bit_string(signature.value_or(test_signature(data))), brought});
  const Bytes answer = constructed(0, der::sequence({type, der::octet_string(basic)}));
  return der::sequence({der::enumerated(status), answered ? answer : Bytes()});
}

StatusParts good_status() {
  StatusParts parts;
  parts.algorithm = algorithm_id("1.2.840.10045.4.3.2");
  parts.certificate = signer_certificate("1.3.6.1.5.5.7.3.9");
  parts.responder = constructed(2, der::octet_string(sha1_of(test_key_point())));
  parts.singles = {good_single()};
  parts.extensions.set("1.3.6.1.5.5.7.48.1.2", false, der::octet_string(Bytes(32, 9)));
  parts.extensions.set("1.3.6.1.5.5.7.48.1.9", false, der::null());
  return parts;
}

Bytes revoked_since(Time since, std::optional<std::uint8_t> reason) {
  const Bytes why = reason ? constructed(0, der::enumerated(*reason)) : Bytes();
  return constructed(1, der::concat({der::generalized_time(since), why}));
}

Bytes TokenParts::info() const {
  const Bytes imprint_field = der::sequence({imprint_algorithm, der::octet_string(imprint)});
  Bytes more = info_extensions.empty() ? Bytes() : info_extensions.der();
  if (!more.empty()) more[0] = der::context_constructed(1);
  return der::sequence({info_version, policy, imprint_field, serial,
                        der::tlv(der::generalized_time_tag, bytes_of(time)), accuracy, ordering, nonce, authority,
                        more});
}

Bytes TokenParts::der() const {
  const Bytes octets = info();
  const Bytes content = with_content ? constructed(0, der::octet_string(octets)) : Bytes();
  Bytes certificates = certificate.der();
  for (const Bytes& one : more_certificates) append(certificates, one);
  const Bytes data =
      der::sequence({cms_version, der::tlv(der::set_tag, listed_algorithm), der::sequence({content_type, content}),
                     with_certificates ? constructed(0, certificates) : Bytes(),
                     der::tlv(der::set_tag, signers.value_or(signer_of(*this, octets)))});
  return der::sequence({cms_type, constructed(0, data)});
}

TokenParts good_token() {
  TokenParts parts;
  parts.certificate = signer_certificate("1.3.6.1.5.5.7.3.8");
  parts.listed_algorithm = parts.digest_algorithm = parts.imprint_algorithm = algorithm_id(sha256_oid);
  parts.signature_algorithm = algorithm_id("1.2.840.10045.4.3.2");
  parts.imprint = Bytes(32, 5);
  parts.accuracy = der::sequence({implicit(0, Bytes{100}), implicit(1, Bytes{1})});
  parts.authority = constructed(0, constructed(4, parts.certificate.subject));
  parts.info_extensions.set("1.3.6.1.5.5.7.1.3", false, der::sequence({der::sequence({der::oid("0.4.0.19422.1.1")})}));
  parts.signed_attributes = {{"1.2.840.113549.1.9.5", der::time(time_at(2023, 1, 1))}};
  return parts;
}

Bytes token_answer(std::uint8_t status, const Bytes& token) {
  return der::sequence({der::sequence({der::integer(status)}), token});
}

Row status(lint::Rule rule, std::function<void(StatusParts&)> change) {
  return {rule, [change] {
            StatusParts parts = good_status();
            change(parts);
            return lint::ocsp(parts.der());
          }};
}
Row token(lint::Rule rule, std::function<void(TokenParts&)> change) {
  return {rule, [change] {
            TokenParts parts = good_token();
            change(parts);
            return lint::time_stamp(parts.der());
          }};
}

}  // namespace antin::tests
