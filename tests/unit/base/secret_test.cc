#include "base/secret.h"

#include <sstream>
#include <type_traits>

#include "tests/catch.h"

using antin::Secret;

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST_CASE("a secret empties the string it came from and the secret it moved from") {
  std::string pin = "a synthetic pin that is long enough to live on the heap";
  Secret first(std::move(pin));
  CHECK(pin.empty());
  Secret second(std::move(first));
  CHECK(first.empty());
  CHECK(second.reveal().starts_with("a synthetic pin"));
  CHECK(second.clone().reveal() == second.reveal());
}
