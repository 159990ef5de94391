#include "ca/x509/name_constraints.h"

#include "base/encoding.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::x509;

namespace {

Name organisation() { return Name::from_rdns({{{"C", "VN"}}, {{"O", "A"}}}).value(); }

std::string refusal(const NameSubtrees& subtrees) {
  const Status excluded = check_name_constraints({{}, subtrees}), permitted = check_name_constraints({subtrees, {}});
  CHECK(excluded.has_value() == permitted.has_value());
  return permitted ? "" : permitted.error().message;
}

}  // namespace

TEST_CASE("name constraints are written as RFC 5280 says: permitted before excluded, defaults left out") {
  const NameConstraints constraints{{{organisation()}, {".a.test"}, {}}, {{}, {}, {"b.test"}}};
  CHECK(to_hex(name_constraints_value(constraints)) ==
        "3038a02a301da41b3019310b300906035504061302564e310a30080603"
        "55040a0c0141300981072e612e74657374a10a30088206622e74657374");
}

TEST_CASE("subtrees that are none of their kind are refused by name") {
  CHECK(refusal({{organisation()}, {"a@b.test", "b.test", ".c.test"}, {"b.test", "x"}}).empty());
  for (const char* host : {"", ".b.test", "*.b.test", "B.test", "b..test", "b.test.", "-b.test", "b_.test", "bạn.test"})
    CHECK_FALSE(refusal({{}, {}, {host}}).empty());
  for (const char* mail : {"", "@b.test", "a@", "a@.b.test", "a b@c.test", "..b.test", "a@b@c.test"})
    CHECK_FALSE(refusal({{}, {mail}, {}}).empty());
  CHECK_FALSE(refusal({{Name()}, {}, {}}).empty());
  CHECK_FALSE(refusal({{organisation(), organisation()}, {}, {}}).empty());
  CHECK_FALSE(refusal({{}, {}, {"a.test", "b.test", "a.test"}}).empty());
}
