// CeremonyFile: what one key ceremony does, as people reviewed it before the day: a TOML file whose SHA-256 they
// signed. docs/formats/ceremony.md. Read with toml++; an unknown key is refused by name and line, so that a slip is
// never silent.
//
//   ANTIN_TRY(const CeremonyFile file, read_ceremony_file("root.toml"));
//   file.name();                        // `root`: what is made, and the name of the transcript
//   std::get_if<RootCeremony>(&file.held);
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "ca/authority/cross_certificate.h"
#include "hsm/token.h"

namespace antin::wiring {

// A CA's name and key. Its token has the label `name`, or the URI that antin.toml gives for that label.
struct CeremonyIssuer {
  std::string name;  // `root`, `party`, `government`
  std::string common_name, organisation;
  hsm::KeySpec key;
  std::string key_name;      // as the file says it: `p384`
  unsigned years = 0;        // how long its certificate lives; must be what the profile gives
  std::string token_serial;  // empty: any token of that label
};

// One who approves from now on, with the token that has the label `token`.
struct CeremonyOfficer {
  std::string token, name, organisation, unit, mail;
};

struct CeremonyService {
  std::string name, organisation, unit;
};

// The first of all: the home, the officers' keys, the root.
struct RootCeremony {
  CeremonyIssuer root;
  unsigned required_approvals = 2;
  std::string publish_url;
  std::vector<CeremonyOfficer> officers;
  CeremonyService service;
  std::string configuration_name, configuration;  // an antin.toml to begin with, and its text; empty: SoftHSM2
};

// A CA that the root of this home certifies. With `government` officers and service get their certificates.
struct IssuingCeremony {
  CeremonyIssuer issuer;
};

// The next generation of a bloc.
struct RollOverCeremony {
  std::string issuer;  // `party-2`
  std::string bloc;
  hsm::KeySpec key;
  std::string key_name;
  Time issues_from;
  std::string token_serial, remark;
};

// One who watches and signs the transcript with the token that has the label `token`.
struct CeremonyWitness {
  std::string token, name;
};

// New officers, when too few are left to decide (ca/authority/officer_ceremony.h).
struct OfficersCeremony {
  unsigned number = 2;  // the home's first officers came with its own ceremony
  std::string reason;
  std::vector<CeremonyOfficer> officers;
  std::vector<CeremonyWitness> witnesses;
};

// A certificate of ours for another authority's CA.
struct CrossCeremony {
  authority::CrossChange change;
  std::string file_name;  // of the other authority's certificate or request, beside the ceremony file
  Bytes file;             // its octets
  Sha256 sha256{};        // of its DER, as the ceremony file says it
};

struct CeremonyFile {
  Sha256 sha256{};
  std::string text;  // the file's octets
  std::string title, place;
  std::vector<std::string> witnesses;
  std::variant<RootCeremony, IssuingCeremony, RollOverCeremony, OfficersCeremony, CrossCeremony> held;

  std::string_view kind() const;  // `root`, `issuing`, `roll-over`, `officers`, `cross`
  std::string name() const;       // of the issuer or the cross certificate that is made; `officers-2`
};

// invalid_argument names line and key. A configuration, certificate or request that the file names is read beside it,
// and must have the SHA-256 that the file says.
Result<CeremonyFile> read_ceremony_file(const Path& file);
// `folder`: where a file that it names is looked for.
Result<CeremonyFile> parse_ceremony_file(std::string_view toml, const Path& folder);

}  // namespace antin::wiring
