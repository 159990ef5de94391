#include "cli/commands/exit_code.h"

#include <string>

#include "cli/messages.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::commands;

TEST_CASE("What policy refuses exits 3 and what is not there exits 5") {
  CHECK(exit_code(ErrorCode::permission_denied) == 3);
  CHECK(exit_code(ErrorCode::failed_precondition) == 3);
  CHECK(exit_code(ErrorCode::unavailable) == 5);
  CHECK(exit_code(ErrorCode::unauthenticated) == 5);
  CHECK(exit_code(ErrorCode::not_found) == 1);
  CHECK(exit_code(ErrorCode::invalid_argument) == 1);
}

TEST_CASE("Every kind of error has a hint in both languages") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const std::string_view id = hint(static_cast<ErrorCode>(i));
    INFO(id);
    CHECK(to_text(messages(), id, Language::vi) != id);
    CHECK(to_text(messages(), id, Language::en) != to_text(messages(), id, Language::vi));
  }
}
