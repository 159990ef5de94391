// What USB tokens do and SoftHSM2 does not, played by a module of our own around it.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::hsm;
using Catch::Matchers::ContainsSubstring;

namespace {

Secret secret(const std::string& text) { return Secret(std::string(text)); }

class CountingPin final : public PinSource {
 public:
  Result<Secret> pin(const TokenInfo&) override {
    ++asked;
    return secret(given);
  }
  int asked = 0;
  std::string given = "user-pin-1";
};

// The token `t`, plugged in.
struct UsbToken {
  TemporaryDirectory home;
  std::unique_ptr<pkcs11::Module> module;
  CountingPin pins;
  std::atomic<int> told = 0;  // that the token asks for its PIN itself

  explicit UsbToken(const std::string& behaviour) {
    REQUIRE(::setenv("ANTIN_USB_TOKEN", (home / "usb").c_str(), 1) == 0);
    std::filesystem::create_directories(home / "usb" / "pad");
    behave(behaviour);
    insert();
    type("user-pin-1");
    put("pad/t.so.pin", "so-pin-1");
    pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
    config.environment["ANTIN_USB_WRAPS"] = config.library.string();
    config.library = ANTIN_USB_MODULE;
    config.pin_at_token = [this](const TokenInfo& token) { told += token.label == "t" ? 1 : 0; };
    module = pkcs11::Module::load(config).value();
    REQUIRE(module->initialise("t", secret("so-pin-1"), secret("user-pin-1")).has_value());
    std::filesystem::remove(home / "usb" / "typed");
    told = 0;
  }
  void put(const std::string& file, const std::string& text) const { std::ofstream(home / "usb" / file) << text; }
  std::string get(const std::string& file) const {
    std::ifstream in(home / "usb" / file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void behave(const std::string& how) const { put("behaviour", "signature-ms=1 " + how); }
  void type(const std::string& pin) const { put("pad/t.pin", pin); }
  void nobody_types() const { std::filesystem::remove(home / "usb" / "pad" / "t.pin"); }
  long typed() const { return std::ranges::count(get("typed"), '\n'); }
  // Only tokens of that label, when there is one.
  void insert(const std::string& label = {}) const {
    pull_out();
    put("inserted", label);
  }
  void pull_out() const { std::filesystem::remove(home / "usb" / "inserted"); }
  Result<std::shared_ptr<Token>> try_to_open() { return module->open("pkcs11:token=t", pins); }
  std::shared_ptr<Token> open() { return try_to_open().value(); }
  std::shared_ptr<const SigningKey> key() { return open()->generate_key({Bytes{1}, "k"}, {}).value(); }
  std::string tries() const { return get("tries-" + module->tokens().value().at(0).serial); }
};

Result<Bytes> try_to_sign(const SigningKey& key) { return key.sign(SignatureScheme::ecdsa_sha256, bytes_of("m")); }

bool signs(const SigningKey& key) {
  const auto signature = try_to_sign(key);
  return signature &&
         verify_signature(key.public_key_info(), SignatureScheme::ecdsa_sha256, bytes_of("m"), *signature).value();
}

}  // namespace

TEST_CASE("a key that always authenticates gets the PIN before each signature, and its source is asked once") {
  UsbToken usb("always-authenticate");
  const auto token = usb.open();
  const auto key = token->generate_key({Bytes{1}, "k"}, {}).value();
  CHECK(token->keys().value().at(0).asks_each_time);
  for (int i = 0; i < 3; ++i) CHECK(signs(*key));
  CHECK(usb.pins.asked == 1);
  CHECK(signs(*usb.open()->find_key({Bytes{1}, ""}).value()));
}

TEST_CASE("a token with a PIN pad asks for its PIN itself: we ask for none, and say so to whoever is there") {
  UsbToken usb("pin-pad");
  const auto token = usb.open();
  CHECK(token->info().pin_at_token);
  const auto key = token->generate_key({Bytes{1}, "k"}, {}).value();
  CHECK((signs(*key) && signs(*key)));
  CHECK(usb.pins.asked == 0);
  CHECK(usb.typed() == 1);
  CHECK(usb.told == 1);
}

TEST_CASE("a PIN pad whose key always authenticates asks once to log in and once a signature") {
  UsbToken usb("pin-pad always-authenticate");
  const auto key = usb.key();
  for (int i = 0; i < 3; ++i) CHECK(signs(*key));
  CHECK(usb.pins.asked == 0);
  CHECK(usb.typed() == 4);
  CHECK(usb.told == 4);
}

TEST_CASE("a token with a PIN pad is initialised with the PINs that are typed there") {
  UsbToken usb("pin-pad");
  usb.behave("");
  usb.pins.given = "user-pin-1";
  CHECK(usb.try_to_open().has_value());
  usb.behave("pin-pad");
  usb.put("pad/u.so.pin", "so-pin-2");
  usb.put("pad/u.pin", "typed-pin-2");
  REQUIRE(usb.module->initialise("u", secret("so-pin-1"), secret("user-pin-1")).has_value());
  usb.behave("");
  CHECK(usb.module->open("pkcs11:token=u", usb.pins).error().code == ErrorCode::unauthenticated);
  usb.pins.given = "typed-pin-2";
  CHECK(usb.module->open("pkcs11:token=u", usb.pins).has_value());
}

TEST_CASE("when nobody types the PIN, or types a wrong one, the token is not asked again by itself") {
  UsbToken usb("pin-pad");
  usb.nobody_types();
  const auto cancelled = usb.try_to_open();
  CHECK(cancelled.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(cancelled.error().message, ContainsSubstring("CKR_FUNCTION_CANCELED"));
  CHECK(usb.typed() == 1);
  usb.type("wrong-pin-9");
  const auto refused = usb.try_to_open();
  CHECK_THAT(refused.error().message, ContainsSubstring("CKR_PIN_INCORRECT"));
  CHECK(usb.typed() == 2);
}

TEST_CASE("a PIN that is refused for one signature is not tried again, and the next signature does not ask") {
  UsbToken usb("pin-pad always-authenticate");
  const auto key = usb.key();
  CHECK(signs(*key));
  const long before = usb.typed();
  usb.type("wrong-pin-9");
  const auto refused = try_to_sign(*key);
  CHECK(refused.error().code == ErrorCode::unauthenticated);
  CHECK_THAT(refused.error().message, ContainsSubstring("CKR_PIN_INCORRECT"));
  CHECK_FALSE(try_to_sign(*key).has_value());
  CHECK(usb.typed() == before + 1);
  CHECK(usb.tries() == "1\n");
  usb.type("user-pin-1");
  CHECK_THAT(try_to_sign(*key).error().message, ContainsSubstring("not tried again"));
  CHECK(signs(*usb.open()->find_key({Bytes{1}, ""}).value()));
  CHECK(usb.tries().empty());
}

TEST_CASE("of three tries two are used at most: the last one is left to a person") {
  UsbToken usb("");
  usb.pins.given = "wrong-pin-9";
  for (int i = 0; i < 2; ++i) CHECK_THAT(usb.try_to_open().error().message, ContainsSubstring("CKR_PIN_INCORRECT"));
  CHECK(usb.pins.asked == 2);
  usb.pins.given = "user-pin-1";
  CHECK_THAT(usb.try_to_open().error().message, ContainsSubstring("only one PIN try is left"));
  CHECK(usb.pins.asked == 2);
  CHECK(usb.tries() == "2\n");
  usb.put("tries-" + usb.module->tokens().value().at(0).serial, "3\n");
  CHECK_THAT(usb.try_to_open().error().message, ContainsSubstring("CKR_PIN_LOCKED"));
  CHECK(usb.pins.asked == 2);
}

TEST_CASE("a token that loses its tries while we are logged in is not given the PIN for a signature") {
  UsbToken usb("always-authenticate");
  const auto key = usb.key();
  CHECK(signs(*key));
  usb.put("tries-" + usb.module->tokens().value().at(0).serial, "2\n");  // another program's
  CHECK_THAT(try_to_sign(*key).error().message, ContainsSubstring("only one PIN try is left"));
  CHECK(usb.tries() == "2\n");
}

TEST_CASE("pulled out, a token's key fails clearly; put back, it signs, and the PIN is asked for once") {
  for (const char* behaviour : {"", "always-authenticate"}) {
    UsbToken usb(behaviour);
    const auto key = usb.key();
    usb.pull_out();
    const auto gone = try_to_sign(*key);
    CHECK(gone.error().code == ErrorCode::unavailable);
    CHECK_THAT(gone.error().message, ContainsSubstring("token t"));
    CHECK(usb.try_to_open().error().code == ErrorCode::unavailable);
    usb.insert();
    CHECK(signs(*key));
    usb.insert();  // pulled out and put back where nobody saw it
    CHECK(signs(*key));
    CHECK(usb.pins.asked == 1);
  }
}

TEST_CASE("a token with a PIN pad that was put back asks a person anew") {
  UsbToken usb("pin-pad");
  const auto key = usb.key();
  usb.insert();
  CHECK(signs(*key));
  CHECK(usb.typed() == 2);
  CHECK(usb.told == 2);
}

TEST_CASE("a token that is pulled out at any moment of a signature fails as one that is gone") {
  UsbToken usb("");
  const auto key = usb.key();
  std::optional<Error> error;
  std::atomic<int> made = 0;
  std::thread signer([&] {
    for (;;) {
      const auto signature = try_to_sign(*key);
      if (!signature) error = signature.error();
      if (!signature) return;
      ++made;
    }
  });
  while (made < 5) std::this_thread::yield();
  usb.pull_out();
  signer.join();
  CHECK(error->code == ErrorCode::unavailable);
  usb.insert();
  CHECK(signs(*key));
}

TEST_CASE("another token in its place is named, and is given no PIN") {
  UsbToken usb("");
  const auto key = usb.key();
  REQUIRE(usb.module->initialise("u", secret("so-pin-2"), secret("user-pin-2")).has_value());
  usb.insert("u");
  const auto gone = try_to_sign(*key);
  CHECK(gone.error().code == ErrorCode::unavailable);
  CHECK_THAT(gone.error().message, ContainsSubstring("there: u"));
  usb.insert("t");
  CHECK(signs(*key));
  CHECK(usb.pins.asked == 1);
}
