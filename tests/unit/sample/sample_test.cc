#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "base/encoding.h"
#include "ca/authority/authority.h"
#include "cli/sample/bodies.h"
#include "cli/sample/persons.h"
#include "cli/sample/sample_roster.h"
#include "cli/sample/units.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::sample;

namespace {

// The file without what is fresh each time.
std::string without_requests(const std::string& file) {
  std::string out;
  std::istringstream lines(file);
  for (std::string line; std::getline(lines, line);) out += line.substr(0, line.find(",\"csr\"")) + "\n";
  return out;
}

}  // namespace

TEST_CASE("There are 155 units: one province, 12 districts and 142 communes, each with a code of its own") {
  CHECK(sample::units().size() == 155);
  CHECK(units_of("province").size() == 1);
  CHECK(units_of("district").size() == 12);
  CHECK(units_of("commune").size() == 142);
  std::set<std::string_view> codes;
  for (const Unit& unit : sample::units()) CHECK(codes.insert(unit.agency_code).second);
}

TEST_CASE("778 bodies have 2,365 posts, codes of their own and names of at most 64 characters") {
  const std::vector<Body> all = bodies();
  CHECK(all.size() == 778);
  CHECK(std::accumulate(all.begin(), all.end(), 0u, [](unsigned sum, const Body& body) { return sum + body.posts; }) ==
        2365);
  std::set<std::string> codes, names;
  for (const Body& body : all) {
    INFO(body.name);
    CHECK(codes.insert(body.code).second);
    CHECK(names.insert(body.name + "/" + body.place).second);
    CHECK(count_code_points(body.name) <= 64);
    CHECK(to_nfc(body.name).value() == body.name);
    CHECK(body.name.find("  ") == std::string::npos);
  }
  CHECK(names.contains("Ủy ban nhân dân Thị trấn D'Ran/Huyện Đơn Dương"));
  CHECK(names.contains("Ủy ban nhân dân Phường 7/Thành phố Đà Lạt"));
}

TEST_CASE("The demo's signers are the information department and its director") {
  for (const Body& body : bodies()) {
    if (body.code == demo_organisation) CHECK(body.name == "Sở Thông tin và Truyền thông");
  }
  auto sample = sample_roster({.rows = 6}, [](std::uint64_t, std::uint64_t) {});
  REQUIRE(sample.has_value());
  CHECK(sample->organisations + sample->persons == 6);
  CHECK(sample->file.find("\"code\":\"" + std::string(demo_organisation) + "\"") != std::string::npos);
  CHECK(sample->file.find("\"code\":\"" + std::string(demo_leader) + "\"") != std::string::npos);
}

TEST_CASE("Each row names a body of its own bloc that asks, and no person asks for themselves") {
  for (const std::uint64_t rows : {2, 3, 4, 12, 0}) {
    const auto sample = sample_roster({.rows = rows}, [](std::uint64_t, std::uint64_t) {});
    REQUIRE(sample.has_value());
    const auto roster = authority::read_roster(bytes_of(sample->file));
    REQUIRE(roster.has_value());
    std::map<std::string, std::string> bodies;  // their blocs, by code
    for (const auto& row : roster->rows)
      if (row.kind == "organisation") bodies[row.code] = row.bloc;
    for (const auto& row : roster->rows) {
      INFO(rows << " rows, " << row.code << " by " << row.requested_by);
      CHECK_FALSE(row.requested_by.empty());
      CHECK((row.kind == "organisation" || row.requested_by != row.code));
      if (const auto body = bodies.find(row.requested_by); body != bodies.end()) CHECK(body->second == row.bloc);
      if (rows == 0) CHECK(bodies.contains(row.requested_by));
      if (rows == 0 && row.kind == "personal") CHECK(row.code.starts_with(row.requested_by + "-"));
    }
  }
}

TEST_CASE("The same seed gives the same subscribers and another seed gives others") {
  const auto file = [](std::uint64_t seed) {
    return without_requests(
        sample_roster({.seed = seed, .rows = 40}, [](std::uint64_t, std::uint64_t) {}).value().file);
  };
  CHECK(file(7) == file(7));
  CHECK(file(7).substr(file(7).find('\n')) != file(8).substr(file(8).find('\n')));
}

TEST_CASE("Mail addresses are folded to ASCII, at lamdong.test, and never twice") {
  Mailboxes mailboxes;
  CHECK(mailboxes.mailbox("Nguyễn Văn Hùng", "Đinh Văn") == "hungnv.dvan@lamdong.test");
  CHECK(mailboxes.mailbox("Nguyễn Văn Hưng", "Đinh Văn") == "hungnv.dvan2@lamdong.test");
  CHECK(mailboxes.mailbox("K'Brến Thử", "Xã Đạ K' Nàng") == "thuk.xadakn@lamdong.test");
}

TEST_CASE("Upper case and decomposition keep the letters of Vietnamese") {
  CHECK(upper_case("Thị trấn D'Ran, Đạ K' Nàng") == "THỊ TRẤN D'RAN, ĐẠ K' NÀNG");
  CHECK(decomposed("Đạ Tẻh") != "Đạ Tẻh");
  CHECK(to_nfc(decomposed("Đạ Tẻh")).value() == "Đạ Tẻh");
}
