// OCSP answers and time-stamp tokens in parts, each to be spoilt on its own; what is spoilt is signed anew with a key
// of the test.
#pragma once

#include <optional>

#include "base/digest.h"
#include "tests/unit/lint/builder.h"

namespace antin::tests {

Bytes test_key_point();                  // P-256, uncompressed
Bytes test_signature(ByteView message);  // ecdsa-with-SHA256
Bytes algorithm_id(std::string_view oid);
Bytes sha1_of(ByteView octets);
inline Bytes sha256_of(ByteView octets) {
  const Sha256 hash = sha256(octets);
  return {hash.begin(), hash.end()};
}
inline constexpr std::string_view sha1_oid = "1.3.14.3.2.26", sha256_oid = "2.16.840.1.101.3.4.2.1";

struct SingleParts {
  Bytes hash_algorithm, name_hash, key_hash, serial = der::integer(0x77);
  Bytes status = implicit(0, Bytes());
  Bytes this_update = der::generalized_time(time_at(2023, 1, 1));
  Bytes next_update = constructed(0, der::generalized_time(time_at(2023, 1, 2)));
  ExtensionList extensions;
  Bytes der() const;
};

struct StatusParts {
  std::uint8_t status = 0;
  bool answered = true;
  Bytes type = oid_of("1.3.6.1.5.5.7.48.1.1"), version;
  Bytes responder;
  Bytes produced = der::generalized_time(time_at(2023, 1, 1));
  std::vector<SingleParts> singles;
  ExtensionList extensions;
  Bytes algorithm;
  CertificateParts certificate;
  bool with_certificate = true;
  std::vector<Bytes> more_certificates;
  std::optional<Bytes> signature;  // another one than the key's
  Bytes der() const;
};
// By SHA-1 and with every extension an answer may have.
StatusParts good_status();
Bytes revoked_since(Time since, std::optional<std::uint8_t> reason);  // certStatus

struct TokenParts {
  // TSTInfo
  Bytes info_version = der::integer(1), policy = oid_of("1.3.6.1.4.1.32473.2.1");
  Bytes imprint_algorithm, imprint, serial = der::integer_unsigned(Bytes(20, 0x90));
  std::string time = "20230101000000.5Z";
  Bytes accuracy, ordering, nonce = der::integer_unsigned(Bytes(8, 0x11)), authority;
  ExtensionList info_extensions;
  // attributes by OID: the value's elements
  std::vector<std::pair<std::string, Bytes>> signed_attributes;  // of those beside content type and the two below
  std::optional<Bytes> content_type_value, digest_value, signing_value;  // another set of values
  bool with_signed_attributes = true, with_digest = true, with_signing = true, sorted = true;
  std::string signing_oid = "1.2.840.113549.1.9.16.2.47";
  Bytes unsigned_attributes;
  // CMS
  Bytes cms_type = oid_of("1.2.840.113549.1.7.2"), content_type = oid_of("1.2.840.113549.1.9.16.1.4");
  Bytes cms_version = der::integer(3), signer_version = der::integer(1);
  Bytes listed_algorithm, digest_algorithm, signature_algorithm;
  bool with_content = true, with_certificates = true;
  CertificateParts certificate;
  std::vector<Bytes> more_certificates;
  std::optional<Bytes> signer_id, signature, signers;

  Bytes info() const;
  Bytes der() const;
};
TokenParts good_token();
// The answer of an authority, TimeStampResp.
Bytes token_answer(std::uint8_t status, const Bytes& token);

Row status(lint::Rule rule, std::function<void(StatusParts&)> change);
Row token(lint::Rule rule, std::function<void(TokenParts&)> change);
std::vector<Row> status_rows();
std::vector<Row> token_rows();

}  // namespace antin::tests
