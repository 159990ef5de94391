#include "ca/migration/belongings.h"

#include <fstream>

#include "base/encoding.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/test_authority.h"

using namespace antin;
using namespace antin::migration;
using x509::RevocationReason;

namespace {

const Time now = time_at(2025, 6, 1);

// The folder of an old authority that issued three certificates: the second is revoked, the third revoked and lost.
struct OldFolder {
  TestAuthority authority;
  TemporaryDirectory folder;
  std::vector<x509::Certificate> issued;
  std::string index;

  OldFolder() {
    write("cacert.pem", authority.root().pem());
    for (int i = 0; i < 3; ++i) {
      issued.push_back(authority.issue("Nguyễn Văn Thử " + std::to_string(i)).certificate);
      index += line(issued.back(), i == 0 ? "" : i == 1 ? "250301080000Z,superseded" : "250302080000Z,keyTime,20250101000000Z");
      if (i < 2) write("c" + std::to_string(i) + ".pem", issued.back().pem());
    }
    write("index.txt", index);
    write("crlnumber", "2B\n");
  }
  static std::string line(const x509::Certificate& one, const std::string& revocation) {
    std::string serial = one.serial().hex();
    if (serial.size() % 2 != 0) serial.insert(0, 1, '0');
    return std::string(revocation.empty() ? "V" : "R") + "\t490101000000Z\t" + revocation + "\t" + serial +
           "\tunknown\t/CN=x\n";
  }
  void write(const std::string& name, const std::string& content) { REQUIRE(write_file(folder / name, content)); }
  Result<Belongings> read(Time at = now) {
    ANTIN_TRY(const OldAuthority old, read_old_authority({folder.path(), {}, {}}));
    return belongings_of(old, survey_of(old, at), foreign::Province({}, {}));
  }
};

}  // namespace

TEST_CASE("every certificate and every revocation comes along, also of a certificate that is lost") {
  OldFolder f;
  const auto all = f.read();
  INFO((all ? "" : all.error().message));
  REQUIRE(all.has_value());
  const auto& items = all->holdings.items;
  REQUIRE((all->certificates.size() == 2 && items.size() == 3));
  CHECK(all->holdings.last_crl_number == 42);
  CHECK_FALSE(items.at(f.issued[0].serial()).revocation.has_value());
  CHECK(items.at(f.issued[1].serial()).revocation->reason == RevocationReason::superseded);
  const authority::Holding& lost = items.at(f.issued[2].serial());
  CHECK((lost.certificate.empty() && lost.not_after == time_at(2049, 1, 1)));
  CHECK(lost.revocation->invalidity_date == time_at(2025, 1, 1));
  CHECK(all->holdings.authority == to_hex(f.authority.root().fingerprint()));
}

TEST_CASE("the holdings are the same on every day, and others when a file is") {
  OldFolder f;
  const std::string before = authority::holdings_digest(f.read()->holdings);
  CHECK(authority::holdings_digest(f.read(time_at(2040, 1, 1))->holdings) == before);
  SECTION("the list's number") { f.write("crlnumber", "2C\n"); }
  SECTION("a reason") {
    f.index.replace(f.index.find("superseded"), 10, "cessationOfOperation");
    f.write("index.txt", f.index);
  }
  SECTION("the lost certificate is found") { f.write("c2.pem", f.issued[2].pem()); }
  CHECK(authority::holdings_digest(f.read()->holdings) != before);
}

TEST_CASE("without an index the list says what is revoked, and what it alone knows stays on it") {
  OldFolder f;
  std::filesystem::remove(f.folder / "index.txt");
  const Bytes list = f.authority.crl(now - days(1), &f.issued[2], now - days(30), 1);
  f.write("crl.der", std::string(text_of(list)));
  const auto all = f.read();
  REQUIRE(all.has_value());
  CHECK(all->certificates.size() == 2);
  const authority::Holding& lost = all->holdings.items.at(f.issued[2].serial());
  CHECK((lost.certificate.empty() && lost.not_after == authority::no_known_end));
  CHECK(lost.revocation->reason == RevocationReason::key_compromise);
}

TEST_CASE("nothing moves in while a valid certificate is lost or another authority's is among them") {
  OldFolder f;
  SECTION("lost") { std::filesystem::remove(f.folder / "c0.pem"); }
  SECTION("another's") { f.write("c9.pem", TestAuthority("CA KHÁC").issue("Người khác").certificate.pem()); }
  CHECK(f.read().error().code == ErrorCode::failed_precondition);
}
