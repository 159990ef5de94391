// Officers with keys in memory, for containers.
#pragma once

#include "base/file.h"
#include "ca/backup/container.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

namespace antin::backup {

struct Officers {
  std::vector<std::shared_ptr<const hsm::AgreementKey>> keys;
  std::vector<Recipient> recipients;
  SystemRandom random;

  explicit Officers(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      keys.push_back(hsm::software::generate_agreement("officer-" + std::to_string(i + 1)).value());
      recipients.push_back({sha256(keys[i]->public_key_info()), to_bytes(keys[i]->public_key_info()),
                            "officer-" + std::to_string(i + 1)});
    }
  }
  Result<Secret> unlock(const Header& header, const std::vector<std::size_t>& who) const {
    std::vector<Secret> shares;
    for (const std::size_t i : who) {
      ANTIN_TRY(Secret share, open_share(header, *keys[i]));
      shares.push_back(std::move(share));
    }
    return join(header, shares);
  }
};

}  // namespace antin::backup
