// TestAuthority: a root with software keys that issues end-entity certificates, for tests of what uses certificates.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ca/x509/certificate.h"
#include "hsm/software/software_key.h"

namespace antin {

class TestAuthority {
 public:
  explicit TestAuthority(std::string name = "CA THỬ NGHIỆM");
  struct Subscriber {
    std::shared_ptr<const hsm::SigningKey> key;
    x509::Certificate certificate;
  };
  // digitalSignature and nonRepudiation, valid from 2022-01-01 to 2049-01-01 unless told otherwise.
  Subscriber issue(const std::string& common_name, hsm::KeySpec spec = {}, Time not_before = time_at(2022, 1, 1),
                   Time not_after = time_at(2049, 1, 1));
  // The same for a subject of any name.
  Subscriber issue_to(const x509::Name& subject, hsm::KeySpec spec = {}, Time not_before = time_at(2022, 1, 1),
                      Time not_after = time_at(2049, 1, 1));
  // For a key that is somewhere else.
  x509::Certificate certify(ByteView public_key_info, const std::string& common_name);
  // With an extendedKeyUsage of these dotted OIDs.
  Subscriber issue_for(const std::string& common_name, const std::vector<std::string>& purposes);
  // An empty list, or one that revokes `serial` at `revoked_at`; thisUpdate is given, nextUpdate 30 days later.
  Bytes crl(Time this_update, const x509::Certificate* revoked = nullptr, Time revoked_at = {},
            std::optional<std::uint8_t> reason = {}) const;
  const x509::Certificate& root() const { return root_; }

 private:
  std::shared_ptr<const hsm::SigningKey> key_;
  x509::Name name_;
  x509::Certificate root_;
  std::uint64_t next_serial_ = 0x1001;
};

}  // namespace antin
