#include "cli/commands/csv.h"

#include <random>
#include <string>

#include "tests/catch.h"

using namespace antin::commands;

namespace {

// RFC 4180, with the rule of csv.h undone: the cells that were written.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t at = 0;
  for (;;) {
    REQUIRE(line.at(at) == '"');
    std::string cell;
    for (++at; line.at(at) != '"' || line.at(at + 1) == '"'; ++at) {
      if (line[at] == '"') ++at;
      cell += line[at];
    }
    if (cell.starts_with("'")) cell.erase(0, 1);
    cells.push_back(cell);
    if (line.at(++at) != ',') break;
    ++at;
  }
  CHECK(line.substr(at) == "\r\n");
  return cells;
}

}  // namespace

TEST_CASE("a line of CSV is read back as the cells that went in") {
  std::mt19937 dice(4180);
  const std::vector<std::string> pieces{"a", "Đạ K' Nàng", "\"", ",", "\r", "\n", "\r\n", "'",
                                        "=", "+",          "-",  "@", "\t", ";",  ""};
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::string> cells(1 + dice() % 5);
    for (std::string& cell : cells)
      for (std::size_t n = dice() % 6; n > 0; --n) cell += pieces[dice() % pieces.size()];
    CHECK(cells_of(csv_line(cells)) == cells);
  }
}

TEST_CASE("no cell begins like a formula") {
  for (const char* text : {"=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
    INFO(text);
    CHECK(csv_line({text}).starts_with("\"'"));
  }
  CHECK(csv_line({"CN=Phường 7", "a=b", ""}) == "\"CN=Phường 7\",\"a=b\",\"\"\r\n");
}
