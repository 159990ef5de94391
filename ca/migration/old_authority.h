// OldAuthority: what another system left behind of an authority: the folder of `openssl ca`, or certificates with a
// list.
//
//   ANTIN_TRY(const OldAuthority old, read_old_authority({.folder = "demoCA"}));
//   const Survey survey = survey_of(old, now);   // what there is, and each doubt with its line or file
//
// Nothing is taken over and nothing is written here: it is what a person reads before deciding; belongings.h is what
// comes along then. Private keys are not asked for, and passed over where they lie among certificates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "ca/foreign/certificate_files.h"
#include "ca/migration/index_line.h"
#include "ca/x509/certificate.h"
#include "ca/x509/crl.h"

namespace antin::migration {

struct UnreadableLine {
  std::uint64_t number = 0;
  Error error;
};

struct OldAuthority {
  x509::Certificate certificate;
  bool has_index = false;
  std::vector<IndexLine> lines;
  std::vector<UnreadableLine> unreadable_lines;
  foreign::Folder issued;
  std::optional<x509::Crl> list;
  std::optional<x509::SerialNumber> next_serial;
  std::optional<std::uint64_t> next_crl_number;
};

struct OldPlaces {
  Path folder;
  Path certificate;  // empty: ca.pem or cacert.pem of the folder
  Path list;         // empty: crl.pem, crl.der or ca.crl of the folder, when there is one
};
// index.txt, serial and crlnumber where they are; certificates in newcerts and certs, or without these in the folder
// itself. not_found names the file that must be there: the authority's certificate, and index.txt or a list.
Result<OldAuthority> read_old_authority(const OldPlaces& places);

// Why a person should look before this authority moves in: a message id and its arguments.
struct Doubt {
  std::uint64_t line = 0;  // of index.txt, 0 for none
  Path file;               // empty for none
  std::string rule;
  std::vector<std::string> arguments;
  bool error = true;  // false: a warning
};

struct Survey {
  std::uint64_t valid = 0, revoked = 0, expired = 0;  // certificates, by what index or list says and by their dates
  std::uint64_t above_crl_number = 0;                 // the next list's number must be greater
  std::vector<Doubt> doubts;
};
Survey survey_of(const OldAuthority& old, Time now);

}  // namespace antin::migration
