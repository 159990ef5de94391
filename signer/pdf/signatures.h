// Reading the signatures of a PDF: what each one covers, and what was changed after it.
//
// The octets decide: the byte range must be exactly [0 a b c] with the hole from `<` to `>` of /Contents and its end at
// the end of a revision. Changes are found by comparing the objects of the revision that was signed with those of the
// whole file, from the catalogue down. Pure; bounded by the number of objects.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::pdf {

enum class ChangesAfter { none, permitted, forbidden };

// What /Type and /SubFilter say together (ISO 32000-2 §12.8.1).
enum class SignatureKind {
  detached_cms,  // ETSI.CAdES.detached, adbe.pkcs7.detached
  timestamp,     // a document time-stamp: ETSI.RFC3161
  unsupported,   // well named, but none that is verified here
  malformed,     // no /SubFilter, or a /Type that contradicts it
};

struct PdfSignature {
  std::string field;  // full name, UTF-8
  SignatureKind kind = SignatureKind::malformed;
  std::string type, sub_filter;                // `Sig`, `ETSI.CAdES.detached`; empty when they are not there
  std::string claimed_time;                    // /M as it stands
  Bytes contents;                              // DER CMS without the padding after it
  bool junk_in_hole = false;                   // octets that are not zero stand after it
  std::optional<std::string> range_defect;     // why the byte range cannot be trusted; the rest is then not set
  std::uint64_t hole_begin = 0, hole_end = 0;  // of `<` and after `>`
  std::uint64_t covered_end = 0;               // end of the revision that was signed
  unsigned revision = 0;                       // from 1
  ChangesAfter changes = ChangesAfter::none;
  std::vector<std::string> changed;     // paths of forbidden changes, `Root/Pages/Kids`
  std::vector<std::string> covered_by;  // later signatures' fields that show an image on a page this one covers
};

struct SignedPdf {
  std::vector<PdfSignature> signatures;  // in the order of their revisions
  unsigned revisions = 0;
  bool repaired = false;  // the reader had to mend the file: nothing in it can be judged as it stands
};

// invalid_argument when it is no PDF that can be read, even mended.
Result<SignedPdf> read_signatures(ByteView document);
// The octets that a signature covers, for hashing: before and after the hole.
std::pair<ByteView, ByteView> covered_octets(ByteView document, const PdfSignature& signature);

}  // namespace antin::pdf
