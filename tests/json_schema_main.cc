// json_schema SCHEMA: every line of the standard input is JSON that fits schemas/SCHEMA. For scripts.
#include <iostream>
#include <string>

#include "tests/json_schema.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int lines = 0;
  for (std::string line; std::getline(std::cin, line); ++lines) {
    if (const std::string why = antin::tests::misfit(argv[1], line); !why.empty()) {
      std::cerr << "line " << lines + 1 << " " << why << "\n" << line << "\n";
      return 1;
    }
  }
  return lines == 0 ? 1 : 0;
}
