// Runs the suites, or says aloud that their data is absent: exit code 77, which CTest counts as skipped; a failure when
// ANTIN_REQUIRE_CONFORMANCE=1.
#define CATCH_CONFIG_RUNNER
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/conformance/corpus.h"

namespace antin::tests {

Path conformance_folder() {
  const char* named = std::getenv("ANTIN_CONFORMANCE");
  return named != nullptr && *named != 0 ? Path(named) : Path(ANTIN_CONFORMANCE_DEFAULT);
}

std::string text_file(const Path& path) {
  const auto bytes = read_file(path);
  if (!bytes) throw std::runtime_error(path.string() + ": " + bytes.error().message);
  return std::string(text_of(*bytes));
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace antin::tests

int main(int argc, char** argv) {
  const auto folder = antin::tests::conformance_folder();
  if (!std::filesystem::is_directory(folder)) {
    const char* required = std::getenv("ANTIN_REQUIRE_CONFORMANCE");
    const bool must = required != nullptr && std::string_view(required) == "1";
    std::cout << (must ? "FAILED" : "SKIPPED") << ": no conformance data in " << folder << ": set ANTIN_CONFORMANCE\n";
    return must ? 1 : 77;
  }
  return Catch::Session().run(argc, argv);
}
