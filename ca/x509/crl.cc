#include "ca/x509/crl.h"

#include <algorithm>
#include <mutex>

#include "base/encoding.h"
#include "ca/x509/crl_reader.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"

namespace antin::x509 {

struct Crl::Parsed {
  Bytes der;
  CrlParts parts;
  // The key that the signature was found to hold under. A list does not change, so it need not be asked again.
  mutable std::mutex mutex;
  mutable Bytes signed_with;
};

namespace {

constexpr std::pair<RevocationReason, std::string_view> reason_names[] = {
    {RevocationReason::unspecified, "unspecified"},
    {RevocationReason::key_compromise, "keyCompromise"},
    {RevocationReason::ca_compromise, "cACompromise"},
    {RevocationReason::affiliation_changed, "affiliationChanged"},
    {RevocationReason::superseded, "superseded"},
    {RevocationReason::cessation_of_operation, "cessationOfOperation"},
    {RevocationReason::certificate_hold, "certificateHold"},
    {RevocationReason::remove_from_crl, "removeFromCRL"},
    {RevocationReason::privilege_withdrawn, "privilegeWithdrawn"},
    {RevocationReason::aa_compromise, "aACompromise"},
};

}  // namespace

std::string_view to_string(RevocationReason reason) noexcept {
  for (const auto& [value, name] : reason_names)
    if (value == reason) return name;
  return "unspecified";
}

Result<RevocationReason> revocation_reason(std::string_view name) {
  for (const auto& [value, known] : reason_names)
    if (known == name) return value;
  std::string all;
  for (const auto& [value, known] : reason_names) all += (all.empty() ? "" : ", ") + std::string(known);
  return fail(ErrorCode::invalid_argument, "reason: unknown: choose one of " + all);
}

Result<Crl> Crl::from_der(ByteView der) {
  auto parsed = std::make_shared<Parsed>();
  parsed->der = to_bytes(der);
  ANTIN_TRY(parsed->parts, read_crl(parsed->der));
  return Crl(std::move(parsed));
}

Result<Crl> Crl::from_file_bytes(ByteView bytes) {
  if (!bytes.empty() && bytes[0] == der::sequence_tag) return from_der(bytes);
  ANTIN_TRY(const Bytes der, from_pem("X509 CRL", text_of(bytes)));
  return from_der(der);
}

ByteView Crl::der() const noexcept { return parsed_->der; }
ByteView Crl::tbs() const noexcept { return parsed_->parts.tbs; }
ByteView Crl::signature_algorithm() const noexcept { return parsed_->parts.signature_algorithm; }
ByteView Crl::signature() const noexcept { return parsed_->parts.signature; }
const Name& Crl::issuer() const noexcept { return parsed_->parts.issuer; }
Time Crl::this_update() const noexcept { return parsed_->parts.this_update; }
std::optional<Time> Crl::next_update() const noexcept { return parsed_->parts.next_update; }
std::optional<Bytes> Crl::number() const { return parsed_->parts.number; }
std::optional<Bytes> Crl::authority_key_id() const { return parsed_->parts.authority_key_id; }
std::vector<std::string> Crl::distribution_point_urls() const { return parsed_->parts.scope.urls; }
const CrlScope& Crl::scope() const noexcept { return parsed_->parts.scope; }
std::size_t Crl::size() const noexcept { return parsed_->parts.by_serial.size(); }

std::optional<CrlEntry> Crl::find(const SerialNumber& serial) const {
  const CrlParts& parts = parsed_->parts;
  const Bytes wanted = serial.der_content();
  const auto serial_at = [&](std::uint32_t offset) { return serial_of_entry(parts.entries.subspan(offset)); };
  const auto found =
      std::lower_bound(parts.by_serial.begin(), parts.by_serial.end(), ByteView(wanted),
                       [&](std::uint32_t offset, ByteView value) { return serial_less(serial_at(offset), value); });
  if (found == parts.by_serial.end() || !equal(serial_at(*found), wanted)) return std::nullopt;
  der::Reader reader(parts.entries.subspan(*found));
  auto entry = read_crl_entry(reader.next().value().whole);  // was read once before: cannot fail
  return *std::move(entry);
}

Status Crl::for_each(const std::function<Status(const CrlEntry&)>& visit) const {
  for (der::Reader reader(parsed_->parts.entries); !reader.at_end();) {
    ANTIN_TRY(const der::Element element, reader.next());
    ANTIN_TRY(const CrlEntry entry, read_crl_entry(element.whole));
    ANTIN_CHECK(visit(entry));
  }
  return {};
}

Result<bool> Crl::signed_by(const Certificate& issuer) const {
  const CrlParts& parts = parsed_->parts;
  if (!issuer.subject().matches(parts.issuer)) return false;
  const auto usage = issuer.key_usage();
  if (usage && !usage->crl_sign) return false;
  {
    const std::lock_guard lock(parsed_->mutex);
    if (equal(parsed_->signed_with, issuer.public_key_info())) return true;
  }
  ANTIN_TRY(const EvpPkeyPtr key, in("crl: issuer", hsm::read_public_key(issuer.public_key_info())));
  ANTIN_TRY(const bool good,
            in("crl", check_signature(key.get(), parts.signature_algorithm, parts.tbs, parts.signature)));
  if (good) {
    const std::lock_guard lock(parsed_->mutex);
    parsed_->signed_with = to_bytes(issuer.public_key_info());
  }
  return good;
}

}  // namespace antin::x509
