// Botan 2.19 (Debian 12) and 3 (Debian 13): the only file of this folder that includes it.
#include <botan/system_rng.h>
#include <botan/tss.h>

#include "ca/backup/threshold.h"

namespace antin::backup {
namespace {

template <class Octets>
Secret secret_of(const Octets& octets) {
  return Secret(std::string(octets.begin(), octets.end()));
}

}  // namespace

Result<std::vector<Secret>> split(const Secret& secret, unsigned threshold, unsigned shares, ByteView identifier) {
  try {
    const ByteView octets = bytes_of(secret.reveal());
    Botan::System_RNG random;
    const auto split =
        Botan::RTSS_Share::split(static_cast<std::uint8_t>(threshold), static_cast<std::uint8_t>(shares), octets.data(),
                                 static_cast<std::uint16_t>(octets.size()), to_bytes(identifier), "SHA-256", random);
    std::vector<Secret> out;
    for (const Botan::RTSS_Share& share : split) out.push_back(secret_of(share.data()));
    return out;
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, std::string("threshold sharing: Botan: ") + error.what());
  }
}

Result<Secret> reconstruct(const std::vector<Secret>& shares) {
  try {
    std::vector<Botan::RTSS_Share> read;
    for (const Secret& share : shares) {
      const ByteView octets = bytes_of(share.reveal());
      read.emplace_back(octets.data(), octets.size());
    }
    return secret_of(Botan::RTSS_Share::reconstruct(read));
  } catch (const std::exception&) {
    return fail(ErrorCode::data_loss, "the officers' shares do not fit together");
  }
}

}  // namespace antin::backup
