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

TEST_CASE("A file that may not be read is a failure, not a refusal, and is told so") {
  const Error file{ErrorCode::permission_denied, "a.pdf: open: Permission denied"};
  CHECK(exit_code(file) == exit_failed);
  CHECK(hint(file) == "hint.file_permission");
  CHECK(hint(Error{ErrorCode::not_found, "a.pdf: open: No such file or directory"}) == "hint.file_not_found");
  CHECK(hint(Error{ErrorCode::invalid_argument, "a: read: Is a directory"}) == "hint.file_kind");
  const Error policy{ErrorCode::permission_denied, "officer 1: the certificate is revoked"};
  CHECK(exit_code(policy) == exit_refused);
  CHECK(hint(policy) == "hint.permission_denied");
}

TEST_CASE("What is refused for its key, profile or content at issue is refused by policy") {
  CHECK(exit_code(refused_by_policy({ErrorCode::invalid_argument, "h/7: lint: public-key-rsa-2048"})) == exit_refused);
  CHECK(exit_code(refused_by_policy({ErrorCode::unavailable, "token: CKR_DEVICE_REMOVED"})) == exit_unavailable);
}

TEST_CASE("Every kind of error has a hint in both languages") {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const std::string_view id = hint(static_cast<ErrorCode>(i));
    INFO(id);
    CHECK(to_text(messages(), id, Language::vi) != id);
    CHECK(to_text(messages(), id, Language::en) != to_text(messages(), id, Language::vi));
  }
}
