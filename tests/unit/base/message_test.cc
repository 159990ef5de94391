#include "base/message.h"

#include "tests/catch.h"

using namespace antin;

namespace {
constexpr Message messages[] = {{"a", "thu hồi {1} lúc {0}", "{0}: revoked {1}{2}"}};
}

TEST_CASE("a message takes its arguments by number in either language") {
  CHECK(to_text(messages, "a", Language::vi, {"09:30", "X"}) == "thu hồi X lúc 09:30");
  CHECK(to_text(messages, "a", Language::en, {"09:30", "X"}) == "09:30: revoked X");
  CHECK(to_text(messages, "none", Language::en, {"x"}) == "none x");
}

TEST_CASE("a word goes with its number") {
  constexpr Message counted[] = {{"c", "{0} dòng", "{0:row:rows}, {1:entry:entries}."}};
  CHECK(to_text(counted, "c", Language::en, {"1", "2"}) == "1 row, 2 entries.");
  CHECK(to_text(counted, "c", Language::en, {"0", "1"}) == "0 rows, 1 entry.");
  CHECK(to_text(counted, "c", Language::vi, {"1", "2"}) == "1 dòng");
}

TEST_CASE("languages are known by their locale names") {
  CHECK(language("vi_VN.UTF-8") == Language::vi);
  CHECK(language("en") == Language::en);
  CHECK_FALSE(language("C").has_value());
}
