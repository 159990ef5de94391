// Catch2 2 (Debian 12) or 3 (Debian 13), whichever is there, under the names of Catch2 3.
#pragma once
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
namespace Catch::Matchers {
inline auto ContainsSubstring(const std::string& part) { return Catch::Contains(part); }
}  // namespace Catch::Matchers
#endif
