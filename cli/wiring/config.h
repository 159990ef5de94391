// Config: what HOME/antin.toml says. Read with toml++; an unknown key is refused by name, so that a slip is never
// silent.
//
//   version = 1
//   production = false
//   [publish]  url = "http://pki.lamdong.test"   crl_validity_hours = 168
//   [issuing]  required_approvals = 2   second_opinion = "full"
//   [store]  least_free_mb = 256
//   [revocation]  suspension = false
//   [policies]  organisation = ["1.3.6.1.4.1.32473.1.1"]   # by profile
//   [tokens.ca]  softhsm2 = "ca"            # or: module = "/usr/lib/…/vendor.so"
//                software = "ca/software"   # homes of tests alone: keys that no module has, in encrypted files
//   [tokens.ca.pins]  root = "file:ca/pins/root.pin"
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/authority/authority.h"
#include "ca/issuance/profile_set.h"
#include "ca/x509/second_opinion.h"
#include "cli/wiring/home.h"

namespace antin::wiring {

// One PKCS#11 library and the PIN sources of its tokens. Paths are relative to the home.
struct TokenHome {
  std::string softhsm2;  // folder with softhsm2.conf; empty when `module` is given
  std::string module;    // path of another PKCS#11 library
  // Folder of tokens in software (hsm/software/software_token.h), beside that library; empty: there are none. Of the
  // group `ca` alone, and never in production.
  std::string software;
  // For that library alone; `{home}` in them is the home's path. What it gets in C_Initialize (NSS softokn's
  // `configdir='sql:…'`), and variables of its environment.
  std::string module_arguments;
  std::map<std::string, std::string> module_environment;
  unsigned max_sessions = 16;
  // By token, a label or a pkcs11: URI: `file:PATH`, `env:NAME`, `fd:N`, `credential:NAME`, `prompt`.
  std::map<std::string, std::string> pins;
  // Those of the officers' tokens that are not in the file but in PIN files of SoftHSM2; not in production.
  std::map<std::string, std::string> made_pins;
  // Serial of a token that is no more to the serial of the one onto which its keys were restored.
  std::map<std::string, std::string> restored;
};

// Where antind listens. Paths are relative to the home; without certificate and key it speaks plain HTTP, on loopback
// alone.
struct Listen {
  std::string address = "127.0.0.1:8686";   // ADDRESS:PORT, [ADDRESS]:PORT for IPv6
  std::string certificate, key, client_ca;  // PEM; client_ca: clients must show a certificate of one of these
};

// Who opens backups, and where every act is shipped before it is acknowledged.
struct Backup {
  unsigned threshold = 2;  // officers who open a backup together
  std::string ship;        // folder, an absolute path; empty: acts are shipped nowhere
};

struct Config {
  bool production = false;
  std::string publish_url =
      "http://pki.lamdong.test";  // where CRLs and CA certificates are fetched from; no slash at the end
  seconds crl_validity = days{7};
  unsigned required_approvals = 2;
  std::uint64_t least_free_mb = 256;  // with less on the disk of the home nothing new is issued; 0: whatever is free
  x509::SecondOpinion second_opinion = x509::SecondOpinion::full;
  bool suspension = false;       // certificates may be suspended, though the policy of the day does not have that
  issuance::PolicyIds policies;  // asked for; those in force are what officers approved (docs/formats/proposal.md)
  Listen listen;
  Backup backup;
  TokenHome ca, officers, service;
  TokenHome subscribers{.softhsm2 = "subscribers"};  // the tray on which tokens are personalised; it names no PIN

  std::string crl_url(std::string_view issuer) const { return publish_url + "/v1/crl/" + std::string(issuer); }
  std::string certificate_url(std::string_view issuer) const { return publish_url + "/v1/ca/" + std::string(issuer); }
};

// What the authority's acts need to know of it.
authority::Settings settings(const Config& config);
// What `antin init` writes: SoftHSM2 in `ca`, `officers` and `service`, a PIN file for each token.
Config default_config();
// unavailable when the home was not initialised; invalid_argument names file, line and key; permission_denied when
// `production = true` stands beside a PIN file or a folder of keys in software.
Result<Config> read_config(const Home& home);
Result<Config> parse_config(std::string_view toml);
// The file's text with comments; parse_config gives the same Config back.
std::string to_toml(const Config& config);
Status write_config(const Home& home, const Config& config);

}  // namespace antin::wiring
