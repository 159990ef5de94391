#include "ca/x509/openssl_index.h"

#include "base/openssl_ptr.h"
#include "ca/x509/der.h"

namespace antin::x509 {
namespace {

// The text of the DER time: `270101000000Z`.
std::string time_text(Time time) {
  const Bytes encoded = der::time(time);
  return std::string(text_of(ByteView(encoded).subspan(2)));
}

std::string generalized(Time time) {
  const Bytes encoded = der::generalized_time(time);
  return std::string(text_of(ByteView(encoded).subspan(2)));
}

std::string subject_text(const Certificate& certificate) {
  char* text = X509_NAME_oneline(X509_get_subject_name(certificate.native_keyless()), nullptr, 0);
  std::string out = text != nullptr ? text : "";
  OPENSSL_free(text);
  return out;
}

std::string revocation_text(const CrlEntry& entry) {
  std::string text = time_text(entry.revoked_at);
  switch (entry.reason) {
    case RevocationReason::unspecified:
    case RevocationReason::privilege_withdrawn:  // a word that `openssl ca` does not know makes it refuse the whole
                                                 // file
    case RevocationReason::aa_compromise:
      return text;
    default:
      break;
  }
  if (entry.reason == RevocationReason::key_compromise && entry.invalidity_date)
    return text + ",keyTime," + generalized(*entry.invalidity_date);
  const std::string name(to_string(entry.reason));
  return text + "," + (name == "cACompromise" ? "CACompromise" : name);
}

// openssl writes whole octets.
std::string serial_text(const SerialNumber& serial) {
  const std::string digits = serial.hex();
  return digits.size() % 2 == 0 ? digits : "0" + digits;
}

}  // namespace

std::string openssl_index_line(const CrlEntry& revoked, Time not_after) {
  return "R\t" + time_text(not_after) + "\t" + revocation_text(revoked) + "\t" + serial_text(revoked.serial) +
         "\tunknown\t/";
}

std::string openssl_index_line(const Certificate& certificate, const std::optional<CrlEntry>& revoked, Time now) {
  const char* status = revoked ? "R" : certificate.not_after() < now ? "E" : "V";
  return std::string(status) + "\t" + time_text(certificate.not_after()) + "\t" +
         (revoked ? revocation_text(*revoked) : std::string()) + "\t" + serial_text(certificate.serial()) + "\tunknown\t" +
         subject_text(certificate);
}

}  // namespace antin::x509
