// Import: certificates of other authorities are put on record, matched and tracked; docs/formats/store.md.
//
// One act, one transaction, one log entry a certificate and a change that a list told. Asking again changes nothing.
// What is taken stays another authority's: no key of ours, no list of ours and no command of ours can act on it.
#pragma once

#include <string>
#include <vector>

#include "ca/authority/authority.h"
#include "ca/foreign/certificate_files.h"
#include "ca/foreign/foreign_lists.h"
#include "ca/foreign/province.h"

namespace antin::foreign {

struct Taken {
  Path file;
  store::ForeignCertificate certificate;
};
// Not taken: by name and issuer it is one thing, by its octets another.
struct Refused {
  Path file;
  std::string id;
  store::Doubt why;
};
// A certificate that answers what was asked for: its key is the request's, and so is its CN.
struct Answer {
  std::string request, certificate;  // ids
};
struct Outcome {
  std::vector<Taken> taken;  // new, in the order of the files
  std::vector<Taken> known;  // there before, the same octets; or twice in the folder
  std::vector<Refused> refused;
  std::vector<Answer> answers;                // to requests that had none
  std::vector<FoundCertificate> authorities;  // CA certificates: they check signatures and are not tracked
  std::vector<FoundCertificate> own;          // ours, and in our store
  std::vector<ListAnswer> lists;
};
// With `dry_run` the same answer, and nothing is written.
Result<Outcome> import_certificates(const authority::Context& context, const Folder& folder,
                                    const std::vector<GivenList>& lists, const Province& province, bool dry_run);

}  // namespace antin::foreign
