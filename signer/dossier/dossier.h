// Dossiers of the one-stop shop: the dossier code and the manifest of its components. docs/formats/dossier.md.
//
// The manifest holds hashes and roles, never a person's number. The container and its signature are signer/asic's.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "signer/pipeline/document_format.h"

namespace antin::dossier {

inline constexpr std::string_view manifest_name = "manifest.json";

// `000.00.99.H36-221228-0001`: agency code, date of receipt, number of that day (TT 01/2018/TT-VPCP Điều 19).
struct DossierCode {
  std::string agency;
  std::string date;  // YYYY-MM-DD
  unsigned number = 0;
};
// invalid_argument for another form or a date that does not exist.
Result<DossierCode> parse_code(std::string_view code);

struct Component {
  pipeline::NamedDocument document;
  std::string role;               // `application`, `component`, `receipt`, `opinion`, `result`
  std::string origin = "agency";  // `citizen`, `counter`, `agency`
  bool required = true;
};
struct Dossier {
  std::string code;
  unsigned version = 1;
  std::string previous_sha256;  // of the manifest before; empty for the first
  std::vector<Component> components;
};
// Files of the container: the manifest first, then the components. invalid_argument for a bad code, name or role.
Result<std::vector<pipeline::NamedDocument>> make_documents(Dossier dossier, Time created);
// What differs between a manifest and the files beside it, in words; empty when all is as listed.
std::vector<std::string> check_manifest(ByteView manifest, const std::map<std::string, Bytes>& files);

}  // namespace antin::dossier
