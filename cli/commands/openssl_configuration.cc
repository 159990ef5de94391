#include "cli/commands/openssl_configuration.h"

#include <vector>

#include "ca/authority/issuer_register.h"
#include "ca/issuance/openssl_conf.h"

namespace antin::commands {
namespace {

// A root certifies issuing CAs; those everything that is none. Links of a root's own keys come with a roll-over alone.
Result<std::vector<issuance::Profile>> issued_by(const std::string& issuer, const issuance::ProfileSet& profiles) {
  const bool root = authority::bloc_of(issuer) == authority::root_bloc;
  std::vector<issuance::Profile> found;
  for (const std::string& name : profiles.names()) {
    ANTIN_TRY(issuance::Profile profile, profiles.find(name));
    const bool fits = root ? profile.kind() == issuance::CertificateKind::issuing : !profile.is_authority();
    if (fits) found.push_back(std::move(profile));
  }
  return found;
}

// Several profiles are of one kind: citizens, too, have personal certificates.
const issuance::Profile* usual(const std::vector<issuance::Profile>& profiles) {
  for (const issuance::Profile& profile : profiles)
    if (profile.name() == "personal") return &profile;
  return profiles.empty() ? nullptr : &profiles.front();
}

constexpr const char* beginning =
    "# For `openssl ca -config openssl.cnf -keyfile KEY`, in this folder. `-extensions PROFILE` issues by another of\n"
    "# the sections below; `-days` for another time: nothing here knows when the CA's own certificate ends.\n";

constexpr const char* rules =
    "database = index.txt\nserial = serial\nrand_serial = yes\ncrlnumber = crlnumber\nnew_certs_dir = certs\n"
    "certificate = ca.pem\ndefault_md = default\ndefault_days = 1825\nunique_subject = no\n"
    "policy = any_subject\ncopy_extensions = none\n"
    "utf8 = yes\nstring_mask = utf8only\nname_opt = utf8,esc_ctrl,sep_comma_plus\n";

// `openssl ca` drops without a word what the policy does not name, and writes the rest in its order: that of our
// profiles. Its setting `preserve` does nothing; the option -preserveDN keeps subjects as they are requested.
constexpr const char* attributes =
    "countryName = optional\nstateOrProvinceName = optional\nlocalityName = optional\norganizationName = optional\n"
    "organizationalUnitName = optional\ntitle = optional\ncommonName = optional\nsurname = optional\n"
    "givenName = optional\nserialNumber = optional\nemailAddress = optional\nUID = optional\n"
    "domainComponent = optional\n";

}  // namespace

Result<std::string> openssl_configuration(const std::string& name, const issuance::IssuerIdentity& issuer,
                                          const issuance::ProfileSet& profiles, seconds list_validity) {
  ANTIN_TRY(const std::vector<issuance::Profile> issued, issued_by(name, profiles));
  std::string text = beginning;
  text += "[ca]\ndefault_ca = issuer_" + name + "\n\n[issuer_" + name + "]\n" + rules;
  text += "default_crl_hours = " + std::to_string(std::chrono::ceil<hours>(list_validity).count()) + "\n";
  if (const issuance::Profile* profile = usual(issued)) text += "x509_extensions = " + profile->name() + "\n";
  text += std::string("crl_extensions = crl_list\n\n[any_subject]\n") + attributes + "\n";
  text += issuance::openssl_list_extensions(issuer);
  for (const issuance::Profile& profile : issued) text += issuance::openssl_extensions(profile, issuer);
  return text + issuance::openssl_addresses(issuer);
}

}  // namespace antin::commands
