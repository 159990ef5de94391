#include "ca/migration/belongings.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"

namespace antin::migration {
namespace {

using authority::AdoptedCertificate;
using authority::Holding;

constexpr const char* server_authentication = "1.3.6.1.5.5.7.3.1";
constexpr const char* time_stamping = "1.3.6.1.5.5.7.3.8";
constexpr const char* ocsp_signing = "1.3.6.1.5.5.7.3.9";

// By what a certificate is for, then by whom it names.
std::string kind_of(const x509::Certificate& certificate, const std::string& of_subject) {
  const std::vector<std::string> uses = certificate.extended_key_usage();
  const auto has = [&](const char* use) { return std::ranges::find(uses, use) != uses.end(); };
  if (certificate.is_ca()) return "issuing";
  if (has(ocsp_signing)) return "ocsp";
  if (has(time_stamping)) return "tsa";
  if (has(server_authentication) || !certificate.dns_names().empty()) return "device";
  return of_subject;
}

AdoptedCertificate adopted(const x509::Certificate& certificate, const foreign::Province& province) {
  // As of its own first day: whoever computes the digest later must come to the same.
  const foreign::Match match = province.match(certificate, certificate.not_before());
  const std::vector<std::string> mails = certificate.mails();
  return {certificate, kind_of(certificate, match.kind), match.doubts.empty() ? match.subscriber : std::string(),
          mails.size() == 1 ? mails.front() : std::string()};
}

void revoke(authority::Holdings& holdings, const x509::SerialNumber& serial, const Holding::Revocation& said,
            Time end) {
  const auto [item, lost] = holdings.items.emplace(serial, Holding{{}, {}, end});
  item->second.revocation = said;
}

Status add_revocations(const OldAuthority& old, authority::Holdings& holdings) {
  for (const IndexLine& line : old.lines)
    if (line.state == IndexLine::State::revoked && line.revoked_at)
      revoke(holdings, line.serial, {*line.revoked_at, line.reason, line.invalidity_date}, line.expiry);
  if (old.has_index || !old.list) return {};
  return old.list->for_each([&](const x509::CrlEntry& entry) -> Status {
    revoke(holdings, entry.serial, {entry.revoked_at, entry.reason, entry.invalidity_date}, authority::no_known_end);
    return {};
  });
}

}  // namespace

Result<Belongings> belongings_of(const OldAuthority& old, const Survey& survey, const foreign::Province& province) {
  if (std::ranges::any_of(survey.doubts, &Doubt::error))
    return fail(ErrorCode::failed_precondition,
                "move in: the old authority is not in order: `antin ca check` names what must be put right first");
  Belongings all;
  all.holdings.authority = to_hex(old.certificate.fingerprint());
  all.holdings.last_crl_number = survey.above_crl_number;
  all.holdings.next_serial = old.next_serial;
  std::set<std::string> addresses;
  for (const foreign::FoundCertificate& found : old.issued.certificates) {
    const x509::Certificate& certificate = found.certificate;
    if (certificate == old.certificate) continue;
    const Holding item{to_hex(certificate.fingerprint()), {}, {}};
    if (!all.holdings.items.emplace(certificate.serial(), item).second) continue;  // the same in two folders
    all.certificates.push_back(adopted(certificate, province));
    for (std::string& url : certificate.crl_urls()) addresses.insert(std::move(url));
  }
  ANTIN_CHECK(add_revocations(old, all.holdings));
  all.addresses.assign(addresses.begin(), addresses.end());
  return all;
}

}  // namespace antin::migration
