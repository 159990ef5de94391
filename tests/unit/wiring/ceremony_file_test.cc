#include "cli/wiring/ceremony_file.h"

#include <cctype>

#include "base/encoding.h"
#include "ca/x509/csr.h"
#include "hsm/software/software_key.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::wiring;

namespace {

const std::string head = R"(format = "antin-ceremony-1"
title = "Lễ tạo khóa thử"
place = "Đà Lạt"
witnesses = ["Chứng Thử Một", "Chứng Thử Hai"]
)";

const std::string root = "kind = \"root\"\n" + head + R"(
[home]
publish_url = "http://pki.lamdong.test"
required_approvals = 2

[root]
common_name = "CA THỬ NGHIỆM gốc"
organisation = "DỮ LIỆU GIẢ LẬP"
key = "rsa-3072"
years = 20

[[officer]]
token = "officer-1"
name = "Cán bộ Thử Một"
organisation = "DỮ LIỆU GIẢ LẬP"
mail = "mot@lamdong.test"

[[officer]]
token = "officer-2"
name = "Cán bộ Thử Hai"
organisation = "DỮ LIỆU GIẢ LẬP"

[document_service]
name = "Dịch vụ thử"
organisation = "DỮ LIỆU GIẢ LẬP"
)";

const std::string issuing = "kind = \"issuing\"\n" + head + R"(
[issuing]
issuer = "party"
common_name = "CA THỬ NGHIỆM khối Đảng"
organisation = "DỮ LIỆU GIẢ LẬP"
key = "p384"
years = 20
token_serial = "00ff"
)";

const std::string officers = R"(kind = "officers"
format = "antin-ceremony-1"
title = "Lễ lập cán bộ duyệt mới"
place = "Đà Lạt"

[officers]
number = 2
reason = "Chứng thư của mọi cán bộ duyệt đã hết hạn"

[[officer]]
token = "officer-3"
name = "Cán bộ Thử Ba"
organisation = "DỮ LIỆU GIẢ LẬP"

[[officer]]
token = "officer-4"
name = "Cán bộ Thử Bốn"
organisation = "DỮ LIỆU GIẢ LẬP"

[[witness]]
token = "witness-1"
name = "Chứng Thử Một"

[[witness]]
token = "witness-2"
name = "Chứng Thử Hai"
)";

const std::string roll_over = "kind = \"roll-over\"\n" + head + R"(
[roll_over]
issuer = "party-2"
key = "p384"
issues_from = "2031-01-01T00:00:00Z"
)";

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Error refused(const std::string& text) {
  INFO(text);
  const auto read = parse_ceremony_file(text, ".");
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

}  // namespace

TEST_CASE("A root's file says everything that the ceremony will do") {
  const auto file = parse_ceremony_file(root, ".");
  REQUIRE(file.has_value());
  CHECK(file->kind() == "root");
  CHECK(file->name() == "root");
  CHECK(file->witnesses == std::vector<std::string>{"Chứng Thử Một", "Chứng Thử Hai"});
  CHECK(to_hex(file->sha256) == to_hex(sha256(bytes_of(root))));
  const auto& held = std::get<RootCeremony>(file->held);
  CHECK(held.root.key.algorithm == hsm::KeyAlgorithm::rsa);
  CHECK(held.root.key.rsa_bits == 3072);
  CHECK(held.root.years == 20);
  CHECK(held.required_approvals == 2);
  REQUIRE(held.officers.size() == 2);
  CHECK(held.officers[0].mail == "mot@lamdong.test");
  CHECK(held.officers[1].mail.empty());
  CHECK(held.configuration.empty());
}

TEST_CASE("The files of an issuing CA and of a roll-over are named by what they make") {
  const auto party = parse_ceremony_file(issuing, ".");
  REQUIRE(party.has_value());
  CHECK(party->kind() == "issuing");
  CHECK(party->name() == "party");
  CHECK(std::get<IssuingCeremony>(party->held).issuer.token_serial == "00ff");
  const auto next = parse_ceremony_file(roll_over, ".");
  REQUIRE(next.has_value());
  CHECK(next->kind() == "roll-over");
  CHECK(next->name() == "party-2");
  const auto& held = std::get<RollOverCeremony>(next->held);
  CHECK(held.bloc == "party");
  CHECK(held.issues_from == time_at(2031, 1, 1));
}

TEST_CASE("The file of new officers names them, and at least two witnesses who are none of them") {
  const auto file = parse_ceremony_file(officers, ".");
  INFO((file ? "" : file.error().message));
  REQUIRE(file.has_value());
  CHECK(file->kind() == "officers");
  CHECK(file->name() == "officers-2");
  CHECK(file->witnesses == std::vector<std::string>{"Chứng Thử Một", "Chứng Thử Hai"});
  const auto& held = std::get<OfficersCeremony>(file->held);
  CHECK(held.number == 2);
  CHECK(held.reason == "Chứng thư của mọi cán bộ duyệt đã hết hạn");
  REQUIRE(held.officers.size() == 2);
  CHECK(held.officers[1].token == "officer-4");
  REQUIRE(held.witnesses.size() == 2);
  CHECK(held.witnesses[1].token == "witness-2");
  const std::string last = "[[witness]]\ntoken = \"witness-2\"\nname = \"Chứng Thử Hai\"\n";
  CHECK(refused(changed(officers, last, "")).message.ends_with("there are fewer than two witnesses"));
  CHECK(refused(changed(officers, "\"witness-2\"", "\"witness-1\"")).message.find("this witness is there twice") !=
        std::string::npos);
  CHECK(refused(changed(officers, "\"witness-2\"", "\"officer-3\"")).message.find("or is an officer too") !=
        std::string::npos);
  CHECK(refused(changed(officers, "Chứng Thử Hai", "Cán bộ Thử Ba")).message.find("or is an officer too") !=
        std::string::npos);
  CHECK(refused(changed(officers, "number = 2", "number = 1")).message.find("`number` must be from 2 to 99") !=
        std::string::npos);
  CHECK(refused(changed(officers, "place =", "witnesses = [\"A\"]\nplace =")).message.find("unknown key `witnesses`") !=
        std::string::npos);
}

TEST_CASE("An unknown key of a ceremony file is refused by name and line") {
  const Error error = refused(changed(root, "years = 20", "yaers = 20\nyears = 20"));
  CHECK(error.code == ErrorCode::invalid_argument);
  CHECK(error.message == "ceremony file line 15: unknown key `yaers` in [root]");
  CHECK(refused(root + "[more]\nx = 1\n").message.find("unknown key `more` in the file") != std::string::npos);
  CHECK(refused(changed(root, "mail =", "mial =")).message.find("`mial` in [[officer]]") != std::string::npos);
  CHECK(refused(issuing + "\n[home]\npublish_url = \"http://a.test\"\n").message.find("`home`") != std::string::npos);
}

TEST_CASE("A ceremony file with a part that is missing or bad is refused with what is wanted") {
  const struct {
    std::string text, why;
  } cases[] = {
      {"", "`format` is missing in the file"},
      {changed(root, "antin-ceremony-1", "antin-ceremony-2"), "`format` must be antin-ceremony-1"},
      {changed(root, "kind = \"root\"", "kind = \"base\""), "`kind` must be root, issuing, roll-over, cross or officers"},
      {changed(root, "title = \"Lễ tạo khóa thử\"\n", ""), "`title` is missing in the file"},
      {changed(root, "Đà Lạt", "Đà\\nLạt"), "`place` must be a line"},
      {changed(root, "Đà Lạt", std::string(201, 'x')), "`place` must be a line"},
      {changed(root, "Đà Lạt", "Đ\\u0061\\u0300 Lạt"), "`place` must be a line"},
      {changed(root, "\"Chứng Thử Hai\"", "2"), "`witnesses` must be a list of texts"},
      {changed(root, "years = 20", "years = 0"), "`years` must be from 1 to 30"},
      {changed(root, "years = 20", "years = \"20\""), "`years` must be from 1 to 30"},
      {changed(root, "rsa-3072", "rsa-2048"), "`key` must be p256, p384, rsa-3072 or rsa-4096"},
      {changed(root, "rsa-3072", "ed25519"), "`key` must be p256"},
      {changed(root, "key = \"rsa-3072\"\n", ""), "`key` is missing in [root]"},
      {changed(root, "http://pki", "ftp://pki"), "`publish_url` must begin with http://"},
      {changed(root, "lamdong.test\"\nreq", "lamdong.test/\"\nreq"), "`publish_url` must begin with http://"},
      {changed(root, "required_approvals = 2", "required_approvals = 3"), "there are fewer officers"},
      {changed(root, "required_approvals = 2", "required_approvals = 0"), "must be from 1 to 16"},
      {changed(root, "\"officer-2\"", "\"officer-1\""), "this officer is there twice"},
      {changed(root, "Thử Hai\"\norg", "Thử Một\"\norg"), "this officer is there twice"},
      {changed(root, "\"officer-2\"", "\"../x\""), "`token` must be a label"},
      {changed(root, "[home]", "[home]\nconfiguration = \"antin.toml\""), "go together"},
      {changed(root, "[root]", "[roots]"), "unknown key `roots`"},
      {changed(issuing, "\"party\"", "\"root\""), "`issuer` must be party or government"},
      {changed(issuing, "\"00ff\"", "255"), "`token_serial` has the wrong type"},
      {changed(roll_over, "party-2", "party"), "`issuer` must be root, party or government with its generation"},
      {changed(roll_over, "party-2", "bank-2"), "`issuer` must be root, party or government with its generation"},
      {changed(roll_over, "2031-01-01T00:00:00Z", "2031"), "`issues_from` must be a time"},
      {"kind = ", "line 1"},
  };
  for (const auto& one : cases) {
    const Error error = refused(one.text);
    CHECK(error.code == ErrorCode::invalid_argument);
    CHECK_THAT(error.message, Catch::Matchers::ContainsSubstring(one.why));
  }
}

TEST_CASE("A cross certificate's file names the other authority's by its digest, and says within what it is trusted") {
  const TemporaryDirectory folder;
  const auto key = hsm::software::generate({}).value();
  const auto name = x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "TỈNH BẠN"}}, {{"CN", "CA"}}}).value();
  const auto request = x509::CertificationRequest::make(name, *key).value();
  REQUIRE(write_file(folder.path() / "ban.csr", request.der()));
  const std::string good = "kind = \"cross\"\n" + head + R"(
[cross]
name = "cross-ban"
issuer = "root"
request = "ban.csr"
sha256 = ")" + to_hex(sha256(request.der())) +
                           R"("
until = "2031-01-01T00:00:00Z"
path_length = 1
policies = ["2.5.29.32.0"]

[cross.permitted]
directory = [["C=VN", "O=TỈNH BẠN"]]
dns = ["ban.test"]

[cross.excluded]
mail = ["mat.ban.test"]
)";
  const auto file = parse_ceremony_file(good, folder.path());
  INFO((file ? "" : file.error().message));
  REQUIRE(file.has_value());
  CHECK(file->kind() == "cross");
  CHECK(file->name() == "cross-ban");
  const auto& held = std::get<CrossCeremony>(file->held);
  CHECK(equal(held.file, request.der()));
  CHECK(equal(held.change.request, request.der()));
  CHECK(held.change.certificate.empty());
  CHECK(held.change.not_after == time_at(2031, 1, 1));
  CHECK(held.change.path_length == 1);
  REQUIRE(held.change.constraints.permitted.directories.size() == 1);
  CHECK(authority::steps_of_name(held.change.constraints.permitted.directories[0]) ==
        std::vector<std::string>{"C=VN", "O=TỈNH BẠN"});
  CHECK(held.change.constraints.excluded.mails == std::vector<std::string>{"mat.ban.test"});
  std::string with_colons = to_hex(sha256(request.der()));
  for (char& c : with_colons) c = static_cast<char>(std::toupper(c));
  for (std::size_t at = 62; at > 0; at -= 2) with_colons.insert(at, ":");
  CHECK(parse_ceremony_file(changed(good, to_hex(sha256(request.der())), with_colons), folder.path()).has_value());
  const struct {
    std::string from, to, why;
  } cases[] = {
      {"cross-ban", "root-3", "`name` must be cross"},
      {"ban.csr\"", "ban.csr\"\ncertificate = \"ban.csr\"", "either `certificate` or `request`"},
      {"request = \"ban.csr\"\n", "", "either `certificate` or `request`"},
      {"\"ban.csr\"", "\"../ban.csr\"", "beside this one"},
      {"\"ban.csr\"", "\"ban.toml\"", "beside this one"},
      {"request =", "certificate =", "certificate"},
      {"sha256 = \"", "sha256 = \"00", "is not the one that was said"},
      {"2031-01-01T00:00:00Z", "2031", "`until` must be a time"},
      {"path_length = 1\n", "", "`path_length` is missing in [cross]"},
      {"path_length = 1", "path_length = 9", "must be from 0 to 8"},
      {"[[\"C=VN\", \"O=TỈNH BẠN\"]]", "[\"C=VN\"]", "`directory` must be a list of texts"},
      {"[[\"C=VN\", \"O=TỈNH BẠN\"]]", "\"C=VN\"", "`directory` must be a list of names"},
      {"\"C=VN\"", "\"VN\"", "VN is not TYPE=value"},
      {"dns = ", "uri = ", "unknown key `uri`"},
  };
  for (const auto& one : cases) {
    INFO(one.to);
    const auto read = parse_ceremony_file(changed(good, one.from, one.to), folder.path());
    REQUIRE_FALSE(read.has_value());
    CHECK_THAT(read.error().message, Catch::Matchers::ContainsSubstring(one.why));
  }
}

TEST_CASE("A configuration beside the file is taken with its digest and no other") {
  const TemporaryDirectory folder;
  const std::string config = "version = 1\n[tokens.ca]\nmodule = \"/usr/lib/vendor.so\"\n";
  const std::string named = "[home]\nconfiguration = \"hsm.toml\"\nconfiguration_sha256 = \"";
  const std::string whole = config + "[tokens.officers]\nsofthsm2 = \"officers\"\n";
  REQUIRE(write_file(folder.path() / "hsm.toml", whole));
  const auto taken =
      parse_ceremony_file(changed(root, "[home]", named + to_hex(sha256(bytes_of(whole))) + "\""), folder.path());
  REQUIRE(taken.has_value());
  CHECK(std::get<RootCeremony>(taken->held).configuration == whole);
  CHECK(refused(changed(root, "[home]", "[home]\nconfiguration = \"../hsm.toml\"\nconfiguration_sha256 = \"00\""))
            .message.find("beside this one") != std::string::npos);
  const auto other =
      parse_ceremony_file(changed(root, "[home]", named + to_hex(sha256(bytes_of(config))) + "\""), folder.path());
  REQUIRE_FALSE(other.has_value());
  CHECK(other.error().message.find("another SHA-256") != std::string::npos);
  const std::string lonely = changed(whole, "version = 1", "version = 1\n[issuing]\nrequired_approvals = 1");
  REQUIRE(write_file(folder.path() / "hsm.toml", lonely));
  const auto fewer =
      parse_ceremony_file(changed(root, "[home]", named + to_hex(sha256(bytes_of(lonely))) + "\""), folder.path());
  REQUIRE_FALSE(fewer.has_value());
  CHECK(fewer.error().message.find("other approvals") != std::string::npos);
}
