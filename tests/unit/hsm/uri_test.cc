#include "hsm/pkcs11/uri.h"

#include "tests/catch.h"

using namespace antin;
using namespace antin::hsm;
using namespace antin::hsm::pkcs11;

TEST_CASE("what the URI writer writes is read back, whatever is in a label") {
  for (const char* label : {"seals", "a b;c=d?e&f%2F", "tủ số 1", ";", "%"}) {
    const Uri written{.token = label,
                      .serial = "0f 1",
                      .model = "m;",
                      .manufacturer = "n&",
                      .key = {.id = Bytes{0, 59, 255}, .label = label}};
    const Uri read = parse_uri(to_text(written)).value();
    CHECK(read.token == written.token);
    CHECK(read.serial == written.serial);
    CHECK(read.model == written.model);
    CHECK(read.manufacturer == written.manufacturer);
    CHECK(read.key.id == written.key.id);
    CHECK(read.key.label == written.key.label);
  }
}

TEST_CASE("a URI that does not name one token is refused, and so is a PIN in it") {
  for (const char* text : {"pkcs11:", "pkcs11:object=k", "pkcs11:token=a;token=b", "pkcs11:token=a;slot-id=1",
                           "pkcs11:token=a;type=cert", "pkcs11:token=a?pin-value=1", "pkcs11:token=a?pin-source=f",
                           "pkcs11:token=%4", "pkcs11:token=%zz", "pkcs11:token", "token=a"}) {
    INFO(text);
    CHECK(parse_uri(text).error().code == ErrorCode::invalid_argument);
  }
  CHECK(parse_token_name("a label; not a URI").value().token == "a label; not a URI");
}

TEST_CASE("label, serial, model and manufacturer must fit a token when they are given") {
  const TokenInfo info{.label = "l", .serial = "s", .model = "m", .manufacturer = "f"};
  CHECK(fits(parse_uri("pkcs11:token=l").value(), info));
  CHECK(fits(parse_uri("pkcs11:serial=s;model=m;manufacturer=f;token=l;type=private").value(), info));
  for (const char* text :
       {"pkcs11:token=x", "pkcs11:token=l;serial=x", "pkcs11:token=l;model=x", "pkcs11:token=l;manufacturer=x"}) {
    INFO(text);
    CHECK_FALSE(fits(parse_uri(text).value(), info));
  }
}
