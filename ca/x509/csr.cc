#include "ca/x509/csr.h"

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "ca/x509/signature_check.h"
#include "ca/x509/tbs.h"
#include "hsm/public_key.h"

namespace antin::x509 {

struct CertificationRequest::Parsed {
  Bytes der;
  ByteView info, public_key_info, attributes, algorithm, signature;
  Name subject;
};

namespace {

constexpr std::size_t largest = 64U << 10;

// CertificationRequestInfo: version 0, subject, key, attributes.
Status parse_info(ByteView info, ByteView& subject, ByteView& key, ByteView& attribute_list) {
  ANTIN_TRY(const der::Element outer, der::only(info, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_TRY(const der::Element version, reader.expect(der::integer_tag));
  ANTIN_TRY(const std::uint64_t number, der::read_small_integer(version));
  if (number != 0) return fail(ErrorCode::invalid_argument, "unknown version");
  ANTIN_TRY(const der::Element name, reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element key_info, reader.expect(der::sequence_tag));
  // RFC 2986 wants the attributes even when there are none; some devices leave them out.
  ANTIN_TRY(const auto attributes, reader.optional(der::context_constructed(0)));
  if (attributes)
    for (der::Reader list(attributes->content); !list.at_end();) ANTIN_CHECK(list.expect(der::sequence_tag));
  ANTIN_CHECK(reader.end());
  subject = name.whole;
  key = key_info.whole;
  if (attributes) attribute_list = attributes->content;
  return {};
}

// The extensions of one attribute when it is an extensionRequest: SET of one SEQUENCE OF Extension.
Result<std::vector<ExtensionView>> requested_extensions(ByteView attribute) {
  der::Reader parts(attribute);
  ANTIN_TRY(const der::Element type, parts.expect(der::oid_tag));
  if (!der::is_oid(type, "1.2.840.113549.1.9.14")) return std::vector<ExtensionView>();
  ANTIN_TRY(const der::Element values, parts.expect(der::set_tag));
  return parse_extensions(values.content);
}

// Made with a digest for which collisions are known: nothing new is believed on its word.
bool is_weak(ByteView algorithm_identifier) {
  const auto outer = der::only(algorithm_identifier, der::sequence_tag);
  if (!outer) return false;  // check_signature names what is wrong
  der::Reader reader(outer->content);
  const auto oid = reader.next();
  return oid && (der::is_oid(*oid, "1.2.840.113549.1.1.5") || der::is_oid(*oid, "1.2.840.113549.1.1.4") ||
                 der::is_oid(*oid, "1.2.840.113549.1.1.2") || der::is_oid(*oid, "1.2.840.10045.4.1"));
}

}  // namespace

Result<CertificationRequest> CertificationRequest::from_der(ByteView der) {
  if (der.size() > largest) return fail(ErrorCode::invalid_argument, "request: larger than 64 KiB");
  auto parsed = std::make_shared<Parsed>();
  parsed->der = to_bytes(der);
  ANTIN_TRY(const der::Element outer, in("request", der::only(parsed->der, der::sequence_tag)));
  der::Reader reader(outer.content);
  ANTIN_TRY(const der::Element info, in("request", reader.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element algorithm, in("request", reader.expect(der::sequence_tag)));
  ANTIN_TRY(const der::Element bits, in("request", reader.expect(der::bit_string_tag)));
  ANTIN_CHECK(in("request", reader.end()));
  ANTIN_TRY(parsed->signature, in("request", der::read_bit_string_octets(bits)));
  parsed->info = info.whole;
  parsed->algorithm = algorithm.whole;
  ByteView subject;
  ANTIN_CHECK(in("request", parse_info(parsed->info, subject, parsed->public_key_info, parsed->attributes)));
  ANTIN_TRY(parsed->subject, in("request: subject", Name::from_der(subject)));
  return CertificationRequest(std::move(parsed));
}

Result<CertificationRequest> CertificationRequest::from_file_bytes(ByteView bytes) {
  if (!bytes.empty() && bytes[0] == der::sequence_tag) return from_der(bytes);
  auto octets = from_pem("CERTIFICATE REQUEST", text_of(bytes));
  if (!octets) octets = from_pem("NEW CERTIFICATE REQUEST", text_of(bytes));
  if (!octets) return fail(ErrorCode::invalid_argument, "request: neither DER nor PEM with a CERTIFICATE REQUEST");
  return from_der(*octets);
}

Result<CertificationRequest> CertificationRequest::make(const Name& subject, const hsm::SigningKey& key) {
  const hsm::SignatureScheme scheme = hsm::default_scheme(key.algorithm());
  const Bytes info =
      der::sequence({der::integer(0), subject.der(), key.public_key_info(), der::tlv(der::context_constructed(0), {})});
  ANTIN_TRY(const Bytes signature, in("request", key.sign(scheme, info)));
  ANTIN_TRY(CertificationRequest made,
            from_der(der::sequence({info, hsm::algorithm_identifier(scheme), der::bit_string(signature)})));
  ANTIN_TRY(const bool good, made.proof_of_possession());
  if (!good)
    return fail(ErrorCode::internal, "request: the token's signature does not fit its own public key: " + key.uri());
  return made;
}

ByteView CertificationRequest::der() const noexcept { return parsed_->der; }
const Name& CertificationRequest::subject() const noexcept { return parsed_->subject; }
ByteView CertificationRequest::public_key_info() const noexcept { return parsed_->public_key_info; }

std::optional<Bytes> CertificationRequest::subject_key_id() const {
  for (der::Reader list(parsed_->attributes); !list.at_end();) {
    const auto attribute = list.next();
    if (!attribute) break;
    const auto extensions = requested_extensions(attribute->content);
    if (!extensions) continue;
    for (const ExtensionView& extension : *extensions)
      if (extension.is("2.5.29.14"))
        if (const auto id = der::only(extension.value, der::octet_string_tag)) return to_bytes(id->content);
  }
  return std::nullopt;
}

Result<bool> CertificationRequest::proof_of_possession() const {
  if (is_weak(parsed_->algorithm))
    return fail(ErrorCode::invalid_argument,
                "request: signed with SHA-1 or an older digest: make it anew with SHA-256");
  ANTIN_TRY(const EvpPkeyPtr key, in("request", hsm::read_public_key(parsed_->public_key_info)));
  return in("request", check_signature(key.get(), parsed_->algorithm, parsed_->info, parsed_->signature));
}

}  // namespace antin::x509
