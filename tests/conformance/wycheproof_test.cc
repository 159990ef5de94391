#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/x509/opinion.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"
#include "tests/catch.h"
#include "tests/conformance/corpus.h"

using namespace antin;
using namespace antin::x509;
using namespace antin::tests;

namespace {

// What each of our three ways to verify says; a key that cannot be read is a signature that does not hold.
struct Verdicts {
  bool hsm, openssl, botan;
};

Verdicts judge(hsm::SignatureScheme scheme, const Bytes& key, const Bytes& message, const Bytes& signature) {
  const auto first = hsm::verify_signature(key, scheme, message, signature);
  const auto read = hsm::read_public_key(key);
  const auto second =
      read ? check_signature(read->get(), hsm::algorithm_identifier(scheme), message, signature) : Result<bool>(false);
  const auto theirs = BotanKey::read(key);
  const auto third = theirs ? (*theirs)->check(scheme, message, signature) : Result<bool>(false);
  return {first.value_or(false), second.value_or(false), third.value_or(false)};
}

std::size_t run(const std::string& file, hsm::SignatureScheme scheme) {
  const auto document = nlohmann::json::parse(text_file(conformance_folder() / "wycheproof" / file));
  std::size_t count = 0;
  for (const auto& group : document.at("testGroups")) {
    const Bytes key = from_hex(group.at("publicKeyDer").get<std::string>()).value();
    for (const auto& test : group.at("tests")) {
      const auto expected = test.at("result").get<std::string>();
      if (expected == "acceptable") continue;
      const Verdicts said = judge(scheme, key, from_hex(test.at("msg").get<std::string>()).value(),
                                  from_hex(test.at("sig").get<std::string>()).value());
      INFO(file << " " << test.at("tcId") << ": " << test.at("comment").get<std::string>());
      CHECK(said.hsm == (expected == "valid"));
      CHECK(said.openssl == (expected == "valid"));
      CHECK((said.openssl && said.botan) == (expected == "valid"));  // the second opinion: both must say yes
      // Botan 2.19 takes two Ed25519 signatures whose s is not below the order (RFC 8032 §5.1.7).
      if (scheme != hsm::SignatureScheme::ed25519) CHECK(said.botan == (expected == "valid"));
      ++count;
    }
  }
  return count;
}

// What holds with a context holds for others than us: we sign and verify without one (RFC 9881 §3).
bool without_context(const nlohmann::json& test) { return test.value("ctx", std::string()).empty(); }

std::size_t run_ml_dsa(const std::string& file, hsm::SignatureScheme scheme, bool there) {
  const auto document = nlohmann::json::parse(text_file(conformance_folder() / "wycheproof" / file));
  std::size_t count = 0;
  for (const auto& group : document.at("testGroups")) {
    const Bytes key = from_hex(group.at("publicKeyDer").get<std::string>()).value();
    for (const auto& test : group.at("tests")) {
      const bool holds = there && test.at("result") == "valid" && without_context(test);
      const Verdicts said = judge(scheme, key, from_hex(test.at("msg").get<std::string>()).value(),
                                  from_hex(test.at("sig").get<std::string>()).value());
      INFO(file << " " << test.at("tcId") << ": " << test.at("comment").get<std::string>());
      CHECK(said.hsm == holds);
      CHECK(said.openssl == holds);
      CHECK(said.botan == holds);
      count += holds ? 1 : 0;
    }
  }
  return count;
}

}  // namespace

TEST_CASE("Wycheproof: ML-DSA is judged alike, and nothing holds where the libraries do not have it", "[wycheproof]") {
  using enum hsm::SignatureScheme;
  const bool there = hsm::require_ml_dsa().has_value();
  const std::size_t good = run_ml_dsa("mldsa_44_verify_test.json", ml_dsa_44, there) +
                           run_ml_dsa("mldsa_65_verify_test.json", ml_dsa_65, there) +
                           run_ml_dsa("mldsa_87_verify_test.json", ml_dsa_87, there);
  WARN("Wycheproof: " << good << " signatures of ML-DSA hold");
  CHECK((good > 200) == there);
}

TEST_CASE("Wycheproof: signatures are judged alike by token side, OpenSSL and Botan", "[wycheproof]") {
  using enum hsm::SignatureScheme;
  std::size_t count = 0;
  count += run("ecdsa_secp256r1_sha256_test.json", ecdsa_sha256);
  count += run("ecdsa_secp384r1_sha384_test.json", ecdsa_sha384);
  count += run("rsa_signature_2048_sha256_test.json", rsa_pkcs1_sha256);
  count += run("rsa_signature_3072_sha256_test.json", rsa_pkcs1_sha256);
  count += run("rsa_signature_4096_sha256_test.json", rsa_pkcs1_sha256);
  count += run("ed25519_test.json", ed25519);
  WARN("Wycheproof: " << count << " signatures");
  CHECK(count > 1500);
}
