// Sample roster: 778 organisational and 2,365 personal synthetic subscribers of one province, as a roster file.
//
// Names, codes and their order come from the seed alone; keys and requests are fresh each time, and their private
// halves are forgotten, as those of real subscribers never reach an authority. Organisations ask for keys in the token
// (`key=token`); persons bring requests. Ten bodies and ten leaders use RSA-2048, which is what the field reads today.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "hsm/token.h"

namespace antin::sample {

struct SampleOptions {
  std::uint64_t seed = 2022;
  // 0: all 3,143; fewer are spread over the bodies, the demo's signers first, at least 2; of more, every body has
  // further posts.
  std::uint64_t rows = 0;
  bool all_rsa = false;    // every key RSA-2048
  const hsm::SigningKey* leader = nullptr;  // the key of the first leader, on a token of its own; null: a fresh one
};
// Codes of the two subscribers that the demo signs with.
inline constexpr const char* demo_organisation = "930.91.90.H36";  // Sở Thông tin và Truyền thông
inline constexpr const char* demo_leader = "930.91.90.H36-01";     // its director

struct Sample {
  std::string file;  // JSON Lines (docs/formats/roster.md)
  std::uint64_t organisations = 0, persons = 0, rsa = 0;
};
Result<Sample> sample_roster(const SampleOptions& options,
                             const std::function<void(std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace antin::sample
