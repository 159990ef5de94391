#include "cli/commands/progress.h"

#include <algorithm>
#include <sstream>

#include "tests/catch.h"

using namespace antin::commands;

TEST_CASE("Progress away from a terminal is one plain line a tenth, the last of them whole") {
  std::ostringstream out, err;
  Session session(out, err);
  {
    Progress progress(session, "Issuing");
    for (unsigned done = 0; done <= 3143; ++done) progress.update(done, 3143);
  }
  const std::string text = err.str();
  CHECK(std::count(text.begin(), text.end(), '\n') == 11);
  CHECK(text.find('\r') == std::string::npos);
  CHECK(text.ends_with("Issuing: 3143/3143\n"));
  CHECK(out.str().empty());
}

TEST_CASE("Progress on a terminal is one line that is drawn over") {
  std::ostringstream out, err;
  Session session(out, err);
  session.terminal = true;
  {
    Progress progress(session, "Issuing");
    progress.update(10, 10);
  }
  CHECK(err.str().starts_with("\r"));
  CHECK(err.str().ends_with("10/10  Issuing\n"));
}
