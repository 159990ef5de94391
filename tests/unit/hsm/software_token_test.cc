// Tokens in software: folders of encrypted keys.
#include "hsm/software/software_token.h"

#include <sys/stat.h>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/uri.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::hsm;

namespace {

const KeyRef first{Bytes{1, 2, 3}, "government-2"};

struct Folder {
  TemporaryDirectory home;
  Path path = home / "software";
  Folder() { REQUIRE(software::make_token(path, "government-2")); }
  Result<std::shared_ptr<Token>> open(const char* pin = "12345678", const char* label = "government-2") {
    KnownPin source{Secret(std::string(pin))};
    return software::open_token(path, label, source);
  }
};

unsigned mode_of(const Path& path) {
  struct stat info{};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

}  // namespace

TEST_CASE("a key that is made in a software token is there for whoever has the PIN, by id and by name") {
  Folder folder;
  const auto made = folder.open().value()->generate_key(first, {});
  REQUIRE(made.has_value());
  CHECK(mode_of(folder.path / "government-2") == 0700);
  CHECK(mode_of(folder.path / "government-2" / "government-2.pem") == 0600);
  const auto token = folder.open().value();
  for (const KeyRef& ref : {first, KeyRef{first.id, {}}, KeyRef{{}, first.label}}) {
    const auto found = token->find_key(ref);
    REQUIRE(found.has_value());
    CHECK(equal((*found)->public_key_info(), (*made)->public_key_info()));
  }
  CHECK(token->find_key({Bytes{9}, first.label}).error().code == ErrorCode::not_found);
  CHECK(token->find_key({{}, "party-2"}).error().code == ErrorCode::not_found);
  const auto keys = token->keys().value();
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].extractable);
  CHECK(keys[0].algorithm == KeyAlgorithm::ec_p256);
  CHECK(token->abilities().value().in_files);
  CHECK(folder.open("87654321").error().code == ErrorCode::unauthenticated);
}

TEST_CASE("the URI of a key in software leads back to its token and to it") {
  Folder folder;
  const auto token = folder.open().value();
  const auto key = token->generate_key(first, {}).value();
  const pkcs11::Uri uri = pkcs11::parse_uri(key->uri()).value();
  CHECK(pkcs11::fits(uri, token->info()));
  CHECK(uri.key.id == first.id);
  CHECK(uri.key.label == first.label);
  CHECK(pkcs11::fits(pkcs11::parse_uri(token->info().uri).value(), token->info()));
  CHECK(token->find_key(uri.key).has_value());
}

TEST_CASE("a software token takes no second key in the place of one, and two of one name are told apart by id") {
  Folder folder;
  const auto token = folder.open().value();
  REQUIRE(token->generate_key(first, {}));
  CHECK(token->generate_key(first, {}).error().code == ErrorCode::already_exists);
  CHECK(token->generate_key({Bytes{4}, first.label}, {}).error().code == ErrorCode::already_exists);
  CHECK(token->generate_key({first.id, "other"}, {}).error().code == ErrorCode::already_exists);
  CHECK(token->generate_key({{}, "other"}, {}).error().code == ErrorCode::invalid_argument);
  for (const char* name : {"", "../other", "a/b", ".hidden", "khóa"})
    CHECK(token->generate_key({Bytes{5}, name}, {}).error().code == ErrorCode::invalid_argument);
  REQUIRE(token->generate_key({Bytes{4}, "other"}, {}));
  CHECK(token->find_key({}).error().code == ErrorCode::failed_precondition);
  REQUIRE(token->destroy_key(first));
  CHECK(token->find_key(first).error().code == ErrorCode::not_found);
  CHECK(folder.open().value()->keys().value().size() == 1);
  CHECK(token->generate_key(first, {}).has_value());
}

TEST_CASE("a software token keeps keys that sign and nothing else") {
  Folder folder;
  const auto token = folder.open().value();
  CHECK(token->generate_agreement_key(first).error().code == ErrorCode::unimplemented);
  CHECK(token->find_agreement_key(first).error().code == ErrorCode::unimplemented);
  CHECK(token->write_certificate(first, {}).error().code == ErrorCode::unimplemented);
}

TEST_CASE("tokens in software are the folders with a token's name, and a strange file in one is not passed over") {
  Folder folder;
  REQUIRE(software::make_token(folder.path, "root-2"));
  REQUIRE(make_directories(folder.path / "pins"));
  REQUIRE(write_file(folder.path / "file", "x"));
  REQUIRE(make_directories(folder.path / ".hidden"));
  const auto there = software::tokens_in(folder.path);
  REQUIRE(there.size() == 2);
  CHECK(there[0].label == "government-2");
  CHECK(there[1].label == "root-2");
  CHECK(there[0].serial != there[1].serial);
  CHECK(software::tokens_in(folder.path / "none").empty());
  for (const char* label : {"..", "a/b", "", "pins", "-x"})
    CHECK(software::make_token(folder.path, label).error().code == ErrorCode::invalid_argument);
  CHECK(folder.open("12345678", "party-2").error().code == ErrorCode::not_found);
  REQUIRE(write_file(folder.path / "root-2" / "x.pem", "-----BEGIN PRIVATE KEY-----\n"));
  CHECK(folder.open("12345678", "root-2").error().code == ErrorCode::data_loss);
}
