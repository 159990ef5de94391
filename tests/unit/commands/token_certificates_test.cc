#include "cli/commands/token_certificates.h"

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "hsm/pkcs11/tray.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/test_authority.h"

using namespace antin;
using namespace antin::commands;

namespace {

using Remarks = std::vector<TokenRemark>;

Secret pin(const char* text) { return Secret(std::string(text)); }

Bytes id(std::uint8_t n) { return Bytes{n, 2, 3}; }

// A token with the keys `one` and `two`.
struct Fixture {
  TemporaryDirectory home;
  std::unique_ptr<hsm::pkcs11::Module> module =
      hsm::pkcs11::Module::load(hsm::pkcs11::make_softhsm2_home(home / "t").value()).value();
  std::shared_ptr<hsm::Token> token;
  TestAuthority authority;
  std::shared_ptr<const hsm::SigningKey> one, two;

  Fixture() {
    REQUIRE(module->initialise("t", pin("so-pin-1"), pin("user-pin-1")).has_value());
    hsm::KnownPin known(pin("user-pin-1"));
    token = module->open("pkcs11:token=t", known).value();
    one = token->generate_key({id(1), "one"}, {}).value();
    two = token->generate_key({id(2), "two"}, {}).value();
  }
  Bytes certificate_of(const hsm::SigningKey& key) {
    return to_bytes(authority.certify(key.public_key_info(), "Văn thư").der());
  }
  void write(std::uint8_t beside, const Bytes& der) {
    REQUIRE(token->write_certificate({id(beside), ""}, der).has_value());
  }
  void write_anywhere(const hsm::KeyRef& ref, ByteView der) {
    const hsm::pkcs11::Tray tray(*module);
    REQUIRE(tray.write_authority(tray.find("t", "").value(), ref, der).has_value());
  }
  CertificateRemarks examined() const {
    const auto remarks = examine_certificates(*token, token->keys().value());
    REQUIRE(remarks.has_value());
    return *remarks;
  }
};

}  // namespace

TEST_CASE("keys without a certificate are told once, as no fault") {
  Fixture f;
  CHECK(f.examined().findings.empty());
  CHECK(f.examined().notes == Remarks{{"token.no_certificate", {"one", "2"}}});
  f.write(1, f.certificate_of(*f.one));
  CHECK(f.examined().findings.empty());
  CHECK(f.examined().notes == Remarks{{"token.no_certificate", {"two", "1"}}});
  f.write(2, f.certificate_of(*f.two));
  CHECK(f.examined().notes.empty());
}

TEST_CASE("a certificate of another key is a fault, whether that key is on the token or not") {
  Fixture f;
  f.write(1, f.certificate_of(*f.two));
  CHECK(f.examined().findings == Remarks{{"token.certificate_of_other", {"one", "two"}}});
  f.write(1, to_bytes(f.authority.issue("Người khác").certificate.der()));
  CHECK(f.examined().findings == Remarks{{"token.certificate_of_stranger", {"one"}}});
  f.write(1, f.certificate_of(*f.one));
  CHECK(f.examined().findings.empty());
}

TEST_CASE("a certificate with another CKA_ID or label than its key is a fault") {
  Fixture f;
  SECTION("another CKA_ID") {
    f.write_anywhere({id(9), "one"}, f.certificate_of(*f.one));
    CHECK(f.examined().findings == Remarks{{"token.certificate_id", {"one", "one"}}});
    CHECK(f.examined().notes == Remarks{{"token.no_certificate", {"two", "1"}}});
  }
  SECTION("another label") {
    f.write_anywhere({id(1), "mot"}, f.certificate_of(*f.one));
    CHECK(f.examined().findings == Remarks{{"token.certificate_label", {"one", "mot"}}});
  }
}

TEST_CASE("a certificate of no key is a fault unless it is an authority's") {
  Fixture f;
  f.write_anywhere({id(8), "CA"}, f.authority.root().der());
  CHECK(f.examined().findings.empty());
  f.write_anywhere({id(9), "lạ"}, f.authority.issue("Người khác").certificate.der());
  CHECK(f.examined().findings == Remarks{{"token.certificate_alone", {"lạ"}}});
  CHECK(f.token->certificates().value().size() == 2);
}
