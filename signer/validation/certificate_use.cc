#include "signer/validation/certificate_use.h"

#include <algorithm>
#include <array>

namespace antin::validation {
namespace {

struct Trade {
  std::string_view oid, name;
};
constexpr std::array<Trade, 5> other_trades{{{"1.3.6.1.5.5.7.3.1", "serverAuth"},
                                             {"1.3.6.1.5.5.7.3.2", "clientAuth"},
                                             {"1.3.6.1.5.5.7.3.3", "codeSigning"},
                                             {"1.3.6.1.5.5.7.3.8", "timeStamping"},
                                             {"1.3.6.1.5.5.7.3.9", "OCSPSigning"}}};

}  // namespace

std::optional<std::string> unfit_to_sign_documents(const x509::Certificate& certificate) {
  const auto usage = certificate.key_usage();
  if (usage && !usage->digital_signature && !usage->non_repudiation) return "keyUsage";
  std::string names;
  for (const std::string& purpose : certificate.extended_key_usage()) {
    const auto trade = std::ranges::find(other_trades, purpose, &Trade::oid);
    if (trade == other_trades.end()) return std::nullopt;
    names += (names.empty() ? "" : ", ") + std::string(trade->name);
  }
  return names.empty() ? std::nullopt : std::optional("extendedKeyUsage: " + names);
}

}  // namespace antin::validation
