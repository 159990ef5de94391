#include "ca/issuance/block_list.h"

#include <openssl/rsa.h>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/public_key.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"

using namespace antin;
using issuance::BlockList;

namespace {

Bytes rsa_key() { return to_bytes(hsm::software::generate({hsm::KeyAlgorithm::rsa, 2048}).value()->public_key_info()); }

// As `openssl rsa -modulus | sha1sum | cut -c 21-40` writes it.
std::string debian_line(ByteView public_key_info) {
  const EvpPkeyPtr key = hsm::read_public_key(public_key_info).value();
  BIGNUM* modulus = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key.get(), "n", &modulus) == 1);
  const BignumPtr owner(modulus);
  char* digits = BN_bn2hex(modulus);
  const std::string line = "Modulus=" + std::string(digits) + "\n";
  OPENSSL_free(digits);
  Bytes hash(20);
  REQUIRE(EVP_Digest(line.data(), line.size(), hash.data(), nullptr, EVP_sha1(), nullptr) == 1);
  return to_hex(hash).substr(20);
}

}  // namespace

TEST_CASE("a list of Debian's format blocks the RSA keys on it and no others") {
  const Bytes weak = rsa_key(), other = rsa_key();
  const Bytes ec = to_bytes(hsm::software::generate({}).value()->public_key_info());
  BlockList list;
  REQUIRE(list.add("# blacklist.RSA-2048\n\nffffffffffffffffffff\n" + debian_line(weak) + "\r\n0123456789abcdef0123",
                   "debian")
              .has_value());
  CHECK(list.size() == 3);
  CHECK(list.contains(weak));
  CHECK_FALSE(list.contains(other));
  CHECK_FALSE(list.contains(ec));
}

TEST_CASE("a line of 64 digits blocks a key of any kind by the hash of its SubjectPublicKeyInfo") {
  for (const auto algorithm : {hsm::KeyAlgorithm::ec_p256, hsm::KeyAlgorithm::ed25519}) {
    const Bytes key = to_bytes(hsm::software::generate({algorithm, 0}).value()->public_key_info());
    BlockList list;
    CHECK_FALSE(list.contains(key));
    REQUIRE(list.add(to_hex_upper(sha256(key)) + "  # khóa thử", "own").has_value());
    CHECK(list.contains(key));
  }
}

TEST_CASE("a line that is neither is refused by source and number, and nothing is added") {
  for (const char* bad : {"12", "ffffffffffffffffffff\nzzzzzzzzzzzzzzzzzzzz",
                          "ffffffffffffffffffff ffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffff"}) {
    BlockList list;
    const Status done = list.add(bad, "danh-sach.txt");
    REQUIRE_FALSE(done.has_value());
    CHECK(done.error().code == ErrorCode::invalid_argument);
    CHECK(done.error().message.find("danh-sach.txt: line") != std::string::npos);
    CHECK(list.size() == 0);
  }
}
