// The contract of Token on every kind of token: what its abilities promise it does, and what they do not promise fails.
#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <map>
#include <thread>

#include "hsm/key_import.h"
#include "hsm/software/private_key_file.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/test_authority.h"
#include "tests/tokens/token_kind.h"

// What the modules of others never give back (NSS's locks, the points that tpm2-pkcs11 decodes) has no names on its
// stack that could be told from ours. Ours is counted by unit/hsm, on SoftHSM2.
extern "C" int __lsan_is_turned_off() { return 1; }

using namespace antin;
using namespace antin::hsm;
using Catch::Matchers::ContainsSubstring;

namespace {

Bytes id(std::uint8_t n) { return Bytes{n, 2, 3}; }

struct Offer {
  KeySpec spec;
  bool promised;
};
std::array<Offer, 6> offers(const TokenAbilities& can) {
  return {{{{KeyAlgorithm::rsa, 2048}, can.most_rsa_bits >= 2048},
           {{KeyAlgorithm::rsa, 3072}, can.most_rsa_bits >= 3072},
           {{KeyAlgorithm::rsa, 4096}, can.most_rsa_bits >= 4096},
           {{KeyAlgorithm::ec_p256}, can.p256},
           {{KeyAlgorithm::ec_p384}, can.p384},
           {{KeyAlgorithm::ed25519}, can.ed25519}}};
}

bool signs(const SigningKey& key, SignatureScheme scheme) {
  const auto signature = key.sign(scheme, bytes_of("message"));
  return signature && verify_signature(key.public_key_info(), scheme, bytes_of("message"), *signature).value() &&
         !verify_signature(key.public_key_info(), scheme, bytes_of("another"), *signature).value();
}

bool is_pss(SignatureScheme scheme) {
  return scheme == SignatureScheme::rsa_pss_sha256 || scheme == SignatureScheme::rsa_pss_sha384 ||
         scheme == SignatureScheme::rsa_pss_sha512;
}

// A wider digest than the curve's is signed too, where the module takes it.
void check_schemes(const SigningKey& key, const TokenAbilities& can) {
  for (int s = 0; s <= static_cast<int>(SignatureScheme::ed25519); ++s) {
    const auto scheme = static_cast<SignatureScheme>(s);
    if (!fits(scheme, key.algorithm()) || (is_pss(scheme) && !can.rsa_pss)) continue;
    INFO(to_string(scheme));
    CHECK(signs(key, scheme));
  }
}

Result<Secret> passphrase() { return Secret(std::string("old pass")); }

bool takes_key(Token& token) {
  const std::string pem = software::generate_encrypted_pem({}, *passphrase()).value();
  const Secret key = software::read_private_key(bytes_of(pem), passphrase).value();
  return dynamic_cast<KeyImport&>(token).import_key({id(77), "moved"}, key).has_value();
}

}  // namespace

TEST_CASE("keys that the token promises are made in it and sign; others are refused") {
  FreshToken fresh;
  const auto token = fresh.open();
  const TokenAbilities can = token->abilities().value();
  CHECK(can.p256);  // what every officer and authority needs
  CHECK(can.writes);
  std::uint8_t n = 0;
  std::size_t made = 0;
  for (const Offer& offer : offers(can)) {
    INFO(to_string(offer.spec.algorithm) << " " << offer.spec.rsa_bits);
    const auto key = token->generate_key({id(++n), "key " + std::to_string(n)}, offer.spec);
    INFO((key ? "" : key.error().message));
    REQUIRE(key.has_value() == offer.promised);
    if (!key) continue;
    ++made;
    CHECK((*key)->algorithm() == offer.spec.algorithm);
    check_schemes(**key, can);
  }
  const std::vector<KeyInfo> keys = token->keys().value();
  CHECK(keys.size() == made);
  for (const KeyInfo& key : keys)
    CHECK((key.has_private && key.has_public && key.sensitive && !key.extractable && key.signs));
}

TEST_CASE("a key that is made in the token signs and does nothing else, as the module itself says") {
  FreshToken fresh;
  const auto token = fresh.open();
  std::uint8_t n = 0;
  for (const Offer& offer : offers(token->abilities().value())) {
    if (!offer.promised || offer.spec.rsa_bits > 2048) continue;
    REQUIRE(token->generate_key({id(++n), "k"}, offer.spec).has_value());
  }
  const std::vector<PrivateKeyUse> uses = fresh.private_keys();
  CHECK(uses.size() == n);
  for (const PrivateKeyUse& use : uses) {
    CHECK((use.signs && use.sensitive));
    CHECK_FALSE((use.decrypts || use.unwraps || use.derives || use.extractable));
  }
}

TEST_CASE("what docs/ceremonies.md says of this kind of token is so") {
  const std::array<std::string, 4> kinds{"", "softhsm2", "nss", "tpm2"};  // the table's columns
  const auto column = std::ranges::find(kinds, std::string(std::getenv("ANTIN_TOKEN_KIND"))) - kinds.begin();
  if (column == 4) return;  // ours behaves as it is told
  FreshToken fresh;
  const auto token = fresh.open();
  const TokenAbilities can = token->abilities().value();
  const std::map<std::string, bool> rows{{"P-256 keys", can.p256},
                                         {"P-384 keys", can.p384},
                                         {"Ed25519 keys", can.ed25519},
                                         {"RSA keys of 4096 bits that only sign", can.most_rsa_bits >= 4096},
                                         {"RSA-PSS", can.rsa_pss},
                                         {"opens backups (ECDH)", can.agrees},
                                         {"takes keys and certificates", can.writes},
                                         {"takes a private key that was made elsewhere", takes_key(*token)}};
  std::size_t checked = 0;
  std::ifstream table(ANTIN_DOCS "/ceremonies.md");
  for (std::string line; std::getline(table, line);) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; line.starts_with("| ") && (at = line.find("| ", at)) != std::string::npos; ++at)
      cells.push_back(line.substr(at + 2, line.find(" |", at) - at - 2));
    const auto row = cells.size() == 4 ? rows.find(cells[0]) : rows.end();
    if (row == rows.end()) continue;
    ++checked;
    const std::string& cell = cells.at(static_cast<std::size_t>(column));
    INFO(line);
    if (cell == "yes" || cell == "no") CHECK((cell == "yes") == row->second);
  }
  CHECK(checked == rows.size());
}

TEST_CASE("a key is found by id and by label, here and after the module was loaded anew, and is gone when destroyed") {
  FreshToken fresh;
  auto token = fresh.open();
  const Bytes spki = to_bytes(token->generate_key({id(1), "one"}, {}).value()->public_key_info());
  CHECK_FALSE(equal(spki, token->generate_key({id(2), "two"}, {}).value()->public_key_info()));
  CHECK(token->generate_key({id(1), "again"}, {}).error().code == ErrorCode::already_exists);
  CHECK(token->find_key({id(9), ""}).error().code == ErrorCode::not_found);
  token.reset();
  fresh.reload();
  token = fresh.open();
  CHECK(equal(spki, token->find_key({id(1), ""}).value()->public_key_info()));
  const auto key = token->find_key({{}, "one"}).value();
  CHECK(equal(spki, key->public_key_info()));
  CHECK(signs(*key, SignatureScheme::ecdsa_sha256));
  REQUIRE(token->destroy_key({id(1), ""}).has_value());
  CHECK(token->find_key({id(1), ""}).error().code == ErrorCode::not_found);
  CHECK_FALSE(key->sign(SignatureScheme::ecdsa_sha256, bytes_of("x")).has_value());
  CHECK(token->find_key({{}, "two"}).has_value());
}

TEST_CASE("a wrong PIN is named and in no message; the right one is let in afterwards") {
  FreshToken fresh;
  const auto refused = fresh.try_pin("wrong-pin-9");
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(refused.error().message, ContainsSubstring("CKR_PIN_INCORRECT"));
  CHECK(refused.error().message.find("wrong-pin-9") == std::string::npos);
  CHECK(fresh.try_pin("user-pin-1").has_value());
}

TEST_CASE("a certificate is written beside its key, replaced, and goes with it") {
  FreshToken fresh;
  const auto token = fresh.open();
  REQUIRE(token->generate_key({id(1), "k"}, {}).has_value());
  TestAuthority authority;
  for (const char* name : {"Một", "Hai"}) {
    const Status written = token->write_certificate({id(1), ""}, authority.issue(name).certificate.der());
    INFO((written ? "" : written.error().message));
    REQUIRE(written.has_value());
    CHECK(token->keys().value().at(0).has_certificate);
  }
  REQUIRE(token->destroy_key({id(1), ""}).has_value());
  CHECK(token->keys().value().empty());
}

TEST_CASE("a token that promises it agrees on secrets with a key that signs nothing; another one refuses") {
  FreshToken fresh;
  const auto token = fresh.open();
  const bool promised = token->abilities().value().agrees;
  const auto ours = token->generate_agreement_key({id(7), "encryption"});
  const auto theirs = software::generate_agreement().value();
  const auto secret =
      ours ? (*ours)->agree(p256_point(theirs->public_key_info()).value()) : Result<Secret>(fail(ours.error()));
  INFO((secret ? "" : secret.error().message));
  REQUIRE(secret.has_value() == promised);
  if (!promised) return;
  const auto there = theirs->agree(p256_point((*ours)->public_key_info()).value()).value();
  CHECK(secret->reveal() == there.reveal());
  CHECK_FALSE(token->find_key({id(7), ""}).value()->sign(SignatureScheme::ecdsa_sha256, bytes_of("x")).has_value());
}

TEST_CASE("several threads sign with one key of the token") {
  FreshToken fresh;
  const auto key = fresh.open()->generate_key({id(1), "k"}, {}).value();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 5; ++i) good += signs(*key, SignatureScheme::ecdsa_sha256) ? 1 : 0;
      });
  }
  CHECK(good == 40);
}

TEST_CASE("a key that was made elsewhere is taken, signs and stays inside, or is refused and leaves nothing") {
  FreshToken fresh;
  const auto token = fresh.open();
  std::uint8_t n = 0;
  std::size_t taken = 0;
  for (const KeySpec spec :
       {KeySpec{KeyAlgorithm::ec_p256}, KeySpec{KeyAlgorithm::ec_p384}, KeySpec{KeyAlgorithm::rsa}}) {
    INFO(to_string(spec.algorithm));
    const std::string pem = software::generate_encrypted_pem(spec, *passphrase()).value();
    const Secret key = software::read_private_key(bytes_of(pem), passphrase).value();
    const auto moved = dynamic_cast<KeyImport&>(*token).import_key({id(++n), "moved"}, key);
    if (!moved) WARN(moved.error().message);
    if (!moved) continue;
    ++taken;
    CHECK(signs(**moved, default_scheme(spec.algorithm)));
  }
  const std::vector<KeyInfo> keys = token->keys().value();
  CHECK(keys.size() == taken);
  for (const KeyInfo& one : keys) CHECK((one.sensitive && !one.extractable && one.has_private && one.has_public));
}
