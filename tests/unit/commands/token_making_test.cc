// Keys that a stopped process left without what they need to sign.
#include "cli/commands/token_making.h"

#include "cli/wiring/issuers.h"
#include "hsm/key_trial.h"
#include "tests/catch.h"
#include "tests/raw_session.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::commands;

namespace {

const OnRecord nobody = [](ByteView) -> Result<bool> { return false; };
const OnRecord somebody = [](ByteView) -> Result<bool> { return true; };

struct Bench {
  TemporaryDirectory folder;
  SystemRandom random;
  hsm::pkcs11::ModuleConfig config = hsm::pkcs11::make_softhsm2_home(folder / "ca").value();
  std::optional<wiring::Tokens> tokens;

  Bench() {
    REQUIRE(write_file(folder / "root.pin", "user-pin-1", 0600));
    open();
    REQUIRE(tokens->initialise("root", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1"))));
  }
  void open() {
    tokens.reset();
    wiring::TokenHome how;
    how.softhsm2 = "ca";
    how.pins["root"] = "file:root.pin";
    tokens.emplace(hsm::pkcs11::Module::load(config).value(), wiring::Home{folder.path()}, how);
  }
  Result<std::shared_ptr<const hsm::SigningKey>> make(const std::string& label, const OnRecord& on_record = nobody) {
    return make_key(random, *tokens, "root", label, {}, on_record);
  }
  Bytes key(const std::string& label) { return to_bytes(make(label).value()->public_key_info()); }
  // The public half of `label` gets this point: another key's, or none, as when it was not written.
  void give_point(const std::string& label, std::vector<CK_BYTE> point) {
    {
      const tests::RawSession raw(config.library,
                                  [](const CK_TOKEN_INFO& info) { return (info.flags & CKF_TOKEN_INITIALIZED) != 0; });
      for (const CK_OBJECT_HANDLE object : raw.objects(CKO_PUBLIC_KEY)) {
        auto name = raw.octets(object, CKA_LABEL), id = raw.octets(object, CKA_ID);
        auto curve = raw.octets(object, CKA_EC_PARAMS);
        if (std::string(name.begin(), name.end()) != label) continue;
        raw.destroy(object);
        CK_OBJECT_CLASS kind = CKO_PUBLIC_KEY;
        CK_KEY_TYPE type = CKK_EC;
        CK_BBOOL yes = CK_TRUE;
        raw.create({{CKA_CLASS, &kind, sizeof kind},
                    {CKA_KEY_TYPE, &type, sizeof type},
                    {CKA_TOKEN, &yes, sizeof yes},
                    {CKA_VERIFY, &yes, sizeof yes},
                    {CKA_ID, id.data(), id.size()},
                    {CKA_LABEL, name.data(), name.size()},
                    {CKA_EC_PARAMS, curve.data(), curve.size()},
                    {CKA_EC_POINT, point.data(), point.size()}});
      }
    }
    open();
  }
  std::vector<CK_BYTE> point_of(const std::string& label) {
    const tests::RawSession raw(config.library,
                                [](const CK_TOKEN_INFO& info) { return (info.flags & CKF_TOKEN_INITIALIZED) != 0; });
    for (const CK_OBJECT_HANDLE object : raw.objects(CKO_PUBLIC_KEY)) {
      const auto name = raw.octets(object, CKA_LABEL);
      if (std::string(name.begin(), name.end()) == label) return raw.octets(object, CKA_EC_POINT);
    }
    FAIL("no such key");
    return {};
  }
  std::size_t keys() { return tokens->token("root").value()->keys().value().size(); }
};

}  // namespace

TEST_CASE("a key that is there and signs is the key") {
  Bench bench;
  const Bytes key = bench.key("root");
  bench.open();
  CHECK(equal(bench.key("root"), key));
  CHECK(bench.keys() == 1);
}

TEST_CASE("a pair that does not sign is made anew when nothing is on record of it, and refused otherwise") {
  Bench bench;
  bench.key("root");
  bench.key("another");
  bench.give_point("root", bench.point_of("another"));
  const auto refused = bench.make("root", somebody);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::data_loss);
  CHECK(refused.error().message.contains("it is on record"));
  CHECK(bench.keys() == 2);
  const auto made = bench.make("root");
  REQUIRE(made.has_value());
  CHECK(hsm::try_key(**made, (*made)->public_key_info(), bench.random));
  CHECK_FALSE(equal((*made)->public_key_info(), bench.key("another")));
  bench.open();
  CHECK(equal((*made)->public_key_info(), bench.key("root")));
}

TEST_CASE("a pair whose public half was not written is made anew") {
  Bench bench;
  bench.key("root");
  bench.give_point("root", {});
  const auto made = bench.make("root");
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
  CHECK(hsm::try_key(**made, (*made)->public_key_info(), bench.random));
  CHECK(bench.keys() == 1);
}

TEST_CASE("a key is on record when a certificate has it") {
  Bench bench;
  const Bytes key = bench.key("root");
  CHECK_FALSE(on_record_in(nullptr, time_at(2026, 1, 1))(key).value());
  auto store = store::open_sqlite_store(bench.folder / "antin.sqlite").value();
  const OnRecord on_record = on_record_in(store.get(), time_at(2026, 1, 1));
  CHECK_FALSE(on_record(key).value());
  auto transaction = store->begin().value();
  const auto serial = x509::SerialNumber::from_hex("0A").value();
  REQUIRE(
      transaction->add_intents({{"r/1", "party", serial, to_bytes("tbs"), "issuing", "issuing", "token", "", "", ""}}));
  REQUIRE(transaction->add_certificate({.issuer = "party",
                                        .serial = serial,
                                        .subject = "CN=x",
                                        .not_before = time_at(2025, 1, 1),
                                        .not_after = time_at(2027, 1, 1),
                                        .key_hash = to_bytes(sha256(key)),
                                        .der = to_bytes("der")},
                                       "r/1"));
  REQUIRE(transaction->commit());
  CHECK(on_record(key).value());
}
