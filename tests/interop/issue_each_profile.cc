// Writes into the folder named one certificate of every built-in profile, and the CAs above, as PEM: what other
// programs are then asked about.
#include <fstream>
#include <iostream>

#include "base/encoding.h"
#include "tests/unit/issuance/issued_pki.h"

namespace {

using namespace antin;
using namespace antin::tests;

void write(const std::string& folder, const std::string& name, const x509::Certificate& certificate) {
  std::ofstream(folder + "/" + name + ".pem") << to_pem("CERTIFICATE", certificate.der());
}

void issue_all(const std::string& folder, const std::string& key_name, EvpPkeyPtr issuing) {
  const IssuedPki pki(std::move(issuing));
  write(folder, "root-" + key_name, *pki.root->certificate());
  write(folder, "issuing-" + key_name, *pki.ca->certificate());
  const TestKey key(make_ec_key());
  for (const std::string& name : issuance::built_in_profile_names()) {
    const auto profile = must(issuance::built_in_profile(name));
    if (profile.is_authority()) continue;
    const std::string host = "may-1.lamdong.test", mailbox = "ha@lamdong.test";
    const bool device = name == "device",
               mail = name == "personal" || name == "organisation" || name == "officer" || name == "officer-encryption";
    const Fields fields{{"o", "DỮ LIỆU GIẢ LẬP"},
                        {"ou", "PHÒNG THỬ"},
                        {"l", "Lâm Đồng"},
                        {"st", "Lâm Đồng"},
                        {"uid", name == "firm" ? "MST:0000000017" : "CCCD:099085000123"},
                        {"mail", mailbox},
                        {"cn", device ? host : "N'Thol Hạ"}};
    auto done = issue(*pki.ca, profile, fields, key.public_key_info(),
                      mail ? std::vector<std::string>{mailbox} : std::vector<std::string>{},
                      device ? std::vector<std::string>{host} : std::vector<std::string>{});
    write(folder, name + "-" + key_name, must(std::move(done)));
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 2) return 2;
  issue_all(argv[1], "p256", make_ec_key());
  issue_all(argv[1], "rsa", make_rsa_key(3072));
  return 0;
} catch (const std::exception& problem) {
  std::cerr << problem.what() << '\n';
  return 1;
}
