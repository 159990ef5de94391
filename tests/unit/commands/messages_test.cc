#include "cli/messages.h"

#include <filesystem>
#include <regex>
#include <set>
#include <string>

#include "base/file.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::commands;

namespace {

std::string all_sources() {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(Path(ANTIN_SOURCE) / "cli" / "commands")) {
    if (entry.path().extension() != ".cc") continue;
    auto bytes = read_file(entry.path());
    REQUIRE(bytes.has_value());
    text += text_of(*bytes);
  }
  return text;
}

void require_known(const std::string& text, const std::regex& use, const std::string& prefix) {
  std::size_t uses = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), use), end; at != end; ++at) {
    const std::string id = prefix + (*at)[1].str();
    if (id.ends_with(".")) continue;  // the rest is computed
    INFO(id);
    CHECK(to_text(messages(), id, Language::vi) != id);
    ++uses;
  }
  CHECK(uses > 10);
}

}  // namespace

TEST_CASE("Every message that a command says is in the catalogue") {
  require_known(all_sources(), std::regex(R"re((?:say|text)\("([a-z_.]+)")re"), "");
}

TEST_CASE("Every text of --help is in the catalogue") {
  const std::string text = all_sources();
  require_known(text, std::regex(R"re((?:option|flag|operand)\("[^"]+", [a-z_.]+,\s+"([a-z_.]+)"\))re"), "help.");
  require_known(text, std::regex(R"re(add_command<\w+>\(\s*\w+, "[a-z-]+", "([a-z_.]+)")re"), "help.");
  require_known(text, std::regex(R"re((?:group\(|help_text\(\w+, )"([a-z]+)"\))re"), "help.");
}

TEST_CASE("No id stands twice in the catalogue and both languages use the same arguments") {
  std::set<std::string_view> ids;
  for (const Message& message : messages()) {
    INFO(message.id);
    CHECK(ids.insert(message.id).second);
    for (const char* argument : {"{0", "{1", "{2", "{3", "{4", "{5", "{6"}) {
      CHECK((message.vi.find(argument) == std::string_view::npos) ==
            (message.en.find(argument) == std::string_view::npos));
    }
  }
}
