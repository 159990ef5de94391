// Runs the transcripts of this folder. In what is printed, hexadecimal of sixteen digits or more is HEX, a time is
// TIME (of UTC) or TIME+07:00, and the folder of the session is HERE; the rest must match to the letter.
#include <stdlib.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;

namespace {

struct Step {
  std::string command, expected;
  int line = 0;
};

// `$ command`, then what it prints, then `[exit code]`; lines with # before a command are remarks.
std::vector<Step> read_steps(const Path& file) {
  auto bytes = read_file(file);
  REQUIRE(bytes.has_value());
  std::istringstream lines{std::string(text_of(*bytes))};
  std::vector<Step> steps;
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.starts_with("$ ")) {
      steps.push_back({line.substr(2), "", number});
    } else if (!steps.empty() && !line.starts_with("#") && !line.empty()) {
      steps.back().expected += line + "\n";
    }
  }
  return steps;
}

std::string normalised(std::string text, const Path& here) {
  for (std::size_t at = 0; (at = text.find(here.string(), at)) != std::string::npos;)
    text.replace(at, here.string().size(), "HERE");
  text = std::regex_replace(text, std::regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(Z|([+]07:00))"), "TIME$2");
  return std::regex_replace(text, std::regex("[0-9a-fA-F]{16,}"), "HEX");
}

// What a shell prints and exits with, in the transcript's own form.
std::string run(const std::string& command, const Path& here) {
  const std::string line = "cd '" + here.string() + "' && (" + command + "\n) 2>/dev/null";
  std::FILE* pipe = ::popen(line.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> block{};
  for (std::size_t size; (size = std::fread(block.data(), 1, block.size(), pipe)) > 0;) out.append(block.data(), size);
  const int status = ::pclose(pipe);
  std::istringstream lines(normalised(out, here));
  std::string kept;
  for (std::string one; std::getline(lines, one);) {
    if (!one.empty()) kept += one + "\n";
  }
  return kept + "[" + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) + "]\n";
}

void play(const Path& transcript) {
  TemporaryDirectory folder;
  ::setenv("ANTIN_HOME", (folder / "home").c_str(), 1);
  ::setenv("PATH", (std::string(ANTIN_BINARIES) + ":/usr/bin:/bin:/usr/sbin:/sbin").c_str(), 1);
  ::setenv("LC_ALL", "C.UTF-8", 1);
  const std::vector<Step> steps = read_steps(transcript);
  REQUIRE(steps.size() > 3);
  for (const Step& step : steps) {
    INFO(transcript.filename().string() + " line " + std::to_string(step.line) + ": " + step.command);
    CHECK(run(step.command, folder.path()) == step.expected);
  }
}

}  // namespace

TEST_CASE("The program does what its transcripts say") {
  std::vector<Path> transcripts;
  for (const auto& entry : std::filesystem::directory_iterator(ANTIN_TRANSCRIPTS)) {
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt")
      transcripts.push_back(entry.path());
  }
  std::sort(transcripts.begin(), transcripts.end());
  REQUIRE(transcripts.size() >= 3);
  for (const Path& transcript : transcripts) play(transcript);
}
