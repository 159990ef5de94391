#include "base/case_fold.h"

#include "tests/catch.h"

using namespace antin;

TEST_CASE("a folded name is the same in every case, form and width of space, and its marks count") {
  CHECK(fold_case("ỦY BAN NHÂN DÂN XÃ LÁT").value() == fold_case("Ủy ban  nhân dân\u00a0xã Lát ").value());
  CHECK(fold_case("\u0055\u0309y ban").value() == fold_case("Ủy ban").value());  // decomposed
  CHECK(fold_case("Đạ K’ Nàng").value() == fold_case("ĐẠ K' NÀNG").value());
  CHECK(fold_case("Tú").value() != fold_case("Tư").value());
  CHECK(fold_case("Hòa").value() != fold_case("Hoà").value());
  CHECK(fold_case("").value() == "");
  CHECK(fold_case(" \t ").value() == "");
  CHECK_FALSE(fold_case("\xff").has_value());
}
