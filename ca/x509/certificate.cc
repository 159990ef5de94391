#include "ca/x509/certificate.h"

#include <algorithm>
#include <mutex>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "ca/x509/certificate_extensions.h"
#include "ca/x509/tbs.h"

namespace antin::x509 {

struct Certificate::Parsed {
  Parsed(Bytes octets, SerialNumber number) : der(std::move(octets)), serial(std::move(number)) {}
  Bytes der;
  SerialNumber serial;
  ByteView tbs, signature_algorithm, signature, public_key_info;
  Name issuer, subject;
  Time not_before, not_after;
  CertificateExtensions extensions;
  X509Ptr native;  // without its key; see native()
  mutable std::once_flag once;
  mutable X509Ptr with_key;
};

namespace {

constexpr std::size_t largest = 1U << 20;  // no certificate of a person or a CA is near this

Status check_duplicates(const TbsView& view) {
  for (std::size_t i = 0; i < view.extensions.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (equal(view.extensions[i].oid, view.extensions[j].oid))
        return fail(ErrorCode::invalid_argument, "certificate: the same extension twice");
  return {};
}

Result<X509Ptr> parse_natively(ByteView der) {
  X509* fresh = X509_new_ex(keyless_openssl(), nullptr);
  const unsigned char* at = der.data();
  X509Ptr native(d2i_X509(&fresh, &at, static_cast<long>(der.size())));  // frees `fresh` when it fails
  if (native == nullptr) return fail(ErrorCode::invalid_argument, "certificate: OpenSSL: " + openssl_error());
  if (at != der.data() + der.size()) return fail(ErrorCode::invalid_argument, "certificate: octets after its end");
  return native;
}

struct Outer {
  ByteView tbs, algorithm, signature;
};

Result<Outer> parse_outer(ByteView der) {
  ANTIN_TRY(const der::Element outer, der::only(der, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_TRY(const der::Element tbs, reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element algorithm, reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element bits, reader.expect(der::bit_string_tag));
  ANTIN_CHECK(reader.end());
  ANTIN_TRY(const ByteView signature, der::read_bit_string_octets(bits));
  return Outer{tbs.whole, algorithm.whole, signature};
}

}  // namespace

Result<Certificate> Certificate::from_der(ByteView der) {
  if (der.size() > largest) return fail(ErrorCode::invalid_argument, "certificate: larger than 1 MiB");
  Bytes octets = to_bytes(der);  // moved below: its memory, and so the views into it, stay where they are
  ANTIN_TRY(const Outer outer, in("certificate", parse_outer(octets)));
  ANTIN_TRY(const TbsView view, in("certificate", parse_tbs(outer.tbs)));
  if (!equal(view.signature_algorithm, outer.algorithm))
    return fail(ErrorCode::invalid_argument, "certificate: two different signature algorithms");
  ANTIN_CHECK(check_duplicates(view));
  ANTIN_TRY(SerialNumber serial, SerialNumber::from_der_content(view.serial));
  auto parsed = std::make_shared<Parsed>(std::move(octets), std::move(serial));
  parsed->tbs = outer.tbs;
  parsed->signature_algorithm = outer.algorithm;
  parsed->signature = outer.signature;
  parsed->public_key_info = view.public_key_info;
  ANTIN_TRY(parsed->issuer, in("certificate: issuer", Name::from_der(view.issuer)));
  ANTIN_TRY(parsed->subject, in("certificate: subject", Name::from_der(view.subject)));
  ANTIN_TRY(parsed->not_before, in("certificate: notBefore", der::read_time(view.not_before)));
  ANTIN_TRY(parsed->not_after, in("certificate: notAfter", der::read_time(view.not_after)));
  ANTIN_TRY(parsed->extensions, in("certificate", read_certificate_extensions(view)));
  ANTIN_TRY(parsed->native, parse_natively(parsed->der));
  return Certificate(std::move(parsed));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  ANTIN_TRY(const Bytes der, antin::from_pem("CERTIFICATE", pem));
  return from_der(der);
}

Result<Certificate> Certificate::from_file_bytes(ByteView bytes) {
  if (!bytes.empty() && bytes[0] == der::sequence_tag) return from_der(bytes);
  return from_pem(text_of(bytes));
}

Result<std::vector<Certificate>> Certificate::all_from_pem(std::string_view pem) {
  static constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
  std::vector<Certificate> all;
  for (std::size_t at = pem.find(begin); at != std::string_view::npos; at = pem.find(begin, at)) {
    const std::size_t stop = pem.find(end, at);
    if (stop == std::string_view::npos)
      return fail(ErrorCode::invalid_argument, "certificate: a PEM block without an end");
    ANTIN_TRY(Certificate one, from_pem(pem.substr(at, stop + end.size() - at)));
    all.push_back(std::move(one));
    at = stop;
  }
  return all;
}

ByteView Certificate::der() const noexcept { return parsed_->der; }
ByteView Certificate::tbs() const noexcept { return parsed_->tbs; }
std::string Certificate::pem() const { return to_pem("CERTIFICATE", parsed_->der); }
Bytes Certificate::fingerprint() const { return digest(DigestAlgorithm::sha256, parsed_->der); }
const SerialNumber& Certificate::serial() const noexcept { return parsed_->serial; }
const Name& Certificate::issuer() const noexcept { return parsed_->issuer; }
const Name& Certificate::subject() const noexcept { return parsed_->subject; }
Time Certificate::not_before() const noexcept { return parsed_->not_before; }
Time Certificate::not_after() const noexcept { return parsed_->not_after; }
ByteView Certificate::public_key_info() const noexcept { return parsed_->public_key_info; }
ByteView Certificate::signature() const noexcept { return parsed_->signature; }
ByteView Certificate::signature_algorithm() const noexcept { return parsed_->signature_algorithm; }
bool Certificate::is_ca() const noexcept { return parsed_->extensions.is_ca; }
std::optional<unsigned> Certificate::path_length() const noexcept { return parsed_->extensions.path_length; }
std::optional<KeyUsage> Certificate::key_usage() const noexcept { return parsed_->extensions.key_usage; }
std::vector<std::string> Certificate::extended_key_usage() const { return parsed_->extensions.extended_key_usage; }
std::optional<Bytes> Certificate::subject_key_id() const { return parsed_->extensions.subject_key_id; }
std::optional<Bytes> Certificate::authority_key_id() const { return parsed_->extensions.authority_key_id; }
std::vector<std::string> Certificate::crl_urls() const { return parsed_->extensions.crl_urls; }
std::vector<std::string> Certificate::ocsp_urls() const { return parsed_->extensions.ocsp_urls; }
std::vector<std::string> Certificate::policies() const { return parsed_->extensions.policies; }
std::vector<std::string> Certificate::mails() const { return parsed_->extensions.mails; }
std::vector<std::string> Certificate::dns_names() const { return parsed_->extensions.dns_names; }
bool Certificate::self_issued() const noexcept { return parsed_->issuer == parsed_->subject; }

Bytes Certificate::issuer_and_serial_number() const {
  return der::sequence({parsed_->issuer.der(), der::tlv(der::integer_tag, parsed_->serial.der_content())});
}

x509_st* Certificate::native() const noexcept {
  std::call_once(parsed_->once, [this] {
    const unsigned char* at = parsed_->der.data();
    parsed_->with_key.reset(d2i_X509(nullptr, &at, static_cast<long>(parsed_->der.size())));
  });
  return parsed_->with_key ? parsed_->with_key.get() : parsed_->native.get();
}

x509_st* Certificate::native_keyless() const noexcept { return parsed_->native.get(); }

}  // namespace antin::x509
