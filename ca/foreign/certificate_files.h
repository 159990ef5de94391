// Certificates in files as people keep them: DER, PEM with any number of blocks, and bags of PKCS#7 (`.p7b`).
//
// What cannot be read is told and the rest is kept: a folder of thousands always has one odd file. Sizes are bounded.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "ca/x509/certificate.h"

namespace antin::foreign {

inline constexpr std::uintmax_t largest_file = 32U << 20;
inline constexpr std::size_t most_files = 100'000, most_certificates = 50'000;

struct FileContent {
  std::vector<x509::Certificate> certificates;
  std::vector<Error> unreadable;  // one a certificate, or one for the file when there is none in it
};
// In their order. Blocks of PEM that are no certificates (keys, lists) are passed over unread.
FileContent certificates_in(ByteView file);

struct FoundCertificate {
  Path file;
  x509::Certificate certificate;
};
struct UnreadableFile {
  Path file;
  Error error;
};
struct Folder {
  std::uint64_t files = 0;
  std::vector<FoundCertificate> certificates;
  std::vector<UnreadableFile> unreadable;
};
// Every *.pem, *.crt, *.cer, *.der, *.p7b and *.p7c of the folder and of those in it, by name; links to folders are not
// followed. not_found when there is no such folder, resource_exhausted beyond the bounds.
Result<Folder> read_folder(const Path& folder);

}  // namespace antin::foreign
