#include "ca/authority/holdings.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"
#include "base/encoding.h"

namespace antin::authority {
namespace {

std::string line_of(const x509::SerialNumber& serial, const Holding& holding) {
  std::string line = serial.hex() + " " + (holding.certificate.empty() ? "-" : holding.certificate);
  if (holding.revocation) {
    line += " " + to_rfc3339(holding.revocation->at) + " " + std::string(x509::to_string(holding.revocation->reason));
    line += " " + (holding.revocation->invalidity_date ? to_rfc3339(*holding.revocation->invalidity_date) : "-");
  }
  if (holding.certificate.empty()) line += " " + to_rfc3339(holding.not_after);
  return line + "\n";
}

bool smaller(const x509::SerialNumber& a, const x509::SerialNumber& b) {
  return a.magnitude().size() != b.magnitude().size() ? a.magnitude().size() < b.magnitude().size() : a < b;
}

}  // namespace

std::string canonical(const Holdings& holdings) {
  std::string text = "antin-holdings-1\nauthority " + holdings.authority + "\ncrl-number " +
                     std::to_string(holdings.last_crl_number) + "\n";
  if (holdings.next_serial) text += "next-serial " + holdings.next_serial->hex() + "\n";
  std::vector<x509::SerialNumber> serials;
  for (const auto& [serial, holding] : holdings.items) serials.push_back(serial);
  std::ranges::sort(serials, smaller);
  for (const x509::SerialNumber& serial : serials) text += line_of(serial, holdings.items.at(serial));
  return text;
}

std::string holdings_digest(const Holdings& holdings) { return to_hex(sha256(bytes_of(canonical(holdings)))); }

}  // namespace antin::authority
