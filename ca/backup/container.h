// Container: `antin-backup-1`, the form of a backup and of a segment: a key that k of n officers can put together
// again, and frames of AES-256-GCM under it. docs/formats/backup.md.
//
//   Sealed sealed = seal({.kind = Kind::full, .threshold = 2, .recipients = …}, random);
//   … a file that begins with sealed.header.octets, then frames made with FrameWriter(file, sealed.key) …
//
// Nothing here reads or writes a file but FrameWriter and FrameReader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"
#include "hsm/agreement_key.h"

namespace antin::backup {

enum class Kind { full, segment, so_pin };
std::string_view to_string(Kind kind) noexcept;  // `full`, `segment`, `so-pin`

// For whom a container is sealed: an officer's encryption certificate.
struct Recipient {
  Sha256 certificate{};   // of the DER
  Bytes public_key_info;  // P-256
  std::string name;       // of the officer, for messages; not in the container
};

struct SealedShare {
  Sha256 certificate{};
  Bytes public_key;  // the recipient's point, 65 octets
  Bytes ephemeral;   // point, 65 octets
  Bytes sealed;      // AES-256-GCM of the share
};

struct Header {
  Kind kind = Kind::full;
  unsigned threshold = 0;
  std::vector<SealedShare> shares;
  Bytes octets;  // magic, length and JSON, as they stand at the file's beginning
};
// Octets of the longest header that is read.
inline constexpr std::size_t longest_header = 65536;
// Octets of magic and length, which tell how long the header is.
inline constexpr std::size_t header_start = 19;
// The size of the whole header that begins so; invalid_argument when it is none of this format.
Result<std::size_t> header_size(ByteView start);
// All of the header and nothing after it; invalid_argument.
Result<Header> parse_header(ByteView octets);

struct Sealed {
  Header header;
  Secret key;  // of the frames
};
// Makes a key, splits it and seals a share for each recipient. invalid_argument when the threshold is below 2 or above
// their number, or when one is there twice.
Result<Sealed> seal(Kind kind, unsigned threshold, const std::vector<Recipient>& recipients, RandomSource& random);

// What one officer's key gives of a container; permission_denied when it is none of its recipients, data_loss when the
// share does not open.
Result<Secret> open_share(const Header& header, const hsm::AgreementKey& key);
// The key of the frames. failed_precondition when there are too few shares, data_loss when they do not fit together.
Result<Secret> join(const Header& header, const std::vector<Secret>& shares);

}  // namespace antin::backup
