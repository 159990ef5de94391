#include "ca/foreign/certificate_files.h"

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "tests/temporary_directory.h"
#include "tests/unit/foreign/foreign_fixture.h"

using namespace antin;
using namespace antin::tests;
namespace der = x509::der;

namespace {

struct Two {
  TestAuthority authority;
  x509::Certificate one = authority.issue("một").certificate, two = authority.issue("hai").certificate;
  Bytes bag() const {
    const Bytes data =
        der::sequence({der::integer(1), der::set_of({}), der::sequence({der::oid("1.2.840.113549.1.7.1")}),
                       der::constructed(der::context_constructed(0), {one.der(), two.der()}), der::set_of({})});
    return der::sequence({der::oid("1.2.840.113549.1.7.2"), der::tlv(der::context_constructed(0), data)});
  }
};

std::size_t count(ByteView file, std::size_t unreadable) {
  const foreign::FileContent content = foreign::certificates_in(file);
  CHECK(content.unreadable.size() == unreadable);
  return content.certificates.size();
}

}  // namespace

TEST_CASE("certificates are read from DER, PEM and bags of both") {
  const Two two;
  CHECK(count(two.one.der(), 0) == 1);
  CHECK(count(two.bag(), 0) == 2);
  CHECK(count(bytes_of(to_pem("PKCS7", two.bag())), 0) == 2);
  const std::string key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
  CHECK(count(bytes_of("Bag Attributes\n" + two.one.pem() + key + two.two.pem()), 0) == 2);
}

TEST_CASE("what cannot be read is told, and what stands beside it is kept") {
  const Two two;
  const std::string broken = to_pem("CERTIFICATE", Bytes{0x30, 0x01, 0x00});
  CHECK(count(bytes_of(two.one.pem() + broken + two.two.pem()), 1) == 2);
  CHECK(count(bytes_of(two.one.pem() + "-----BEGIN CERTIFICATE-----\nMIIB"), 1) == 1);
  for (const std::string& nothing :
       {std::string(), std::string("nonsense"), std::string("\x30"), std::string("\x30\x80"),
        std::string("-----BEGIN "), std::string("-----BEGIN X-----")})
    CHECK(count(bytes_of(nothing), 1) == 0);
}

TEST_CASE("every cut and every changed octet of a bag is read or told") {
  const Two two;
  const Bytes bag = two.bag();
  for (std::size_t size = 0; size < bag.size(); size += 7) {
    const foreign::FileContent content = foreign::certificates_in(ByteView(bag).first(size));
    CHECK_FALSE(content.unreadable.empty());
  }
  for (std::size_t at = 0; at < bag.size(); at += 5) {
    Bytes changed = bag;
    changed[at] ^= 0x41;
    const foreign::FileContent content = foreign::certificates_in(changed);
    CHECK(content.certificates.size() + content.unreadable.size() > 0);
  }
}

TEST_CASE("a folder is read by name, with what lies under it, and only files of certificates") {
  const Two two;
  TemporaryDirectory folder;
  REQUIRE(make_directories(folder / "under").has_value());
  REQUIRE(write_file(folder / "b.pem", two.one.pem()).has_value());
  REQUIRE(write_file(folder / "a.CER", two.two.der()).has_value());
  REQUIRE(write_file(folder / "under" / "c.p7b", two.bag()).has_value());
  REQUIRE(write_file(folder / "d.crt", std::string_view("nonsense")).has_value());
  REQUIRE(write_file(folder / "e.key", two.one.pem()).has_value());
  std::filesystem::create_symlink("nowhere", folder / "z.pem");
  const auto found = foreign::read_folder(folder.path());
  REQUIRE(found.has_value());
  CHECK(found->files == 5);
  REQUIRE(found->certificates.size() == 4);
  CHECK(found->certificates[0].certificate == two.two);
  CHECK(found->certificates[3].file == folder / "under" / "c.p7b");
  REQUIRE(found->unreadable.size() == 2);
  CHECK(found->unreadable[0].file == folder / "d.crt");
  CHECK(found->unreadable[1].file == folder / "z.pem");
  CHECK(foreign::read_folder(folder / "nowhere").error().code == ErrorCode::not_found);
  CHECK(foreign::read_folder(folder / "b.pem").error().code == ErrorCode::not_found);
}
