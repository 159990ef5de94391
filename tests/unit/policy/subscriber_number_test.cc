#include "ca/policy/subscriber_number.h"

#include <string>

#include "tests/catch.h"

using antin::policy::judge_number;
using antin::policy::NumberVerdict;

// All numbers are of ranges that belong to nobody: tax codes of province 00, citizen numbers of province 099.

TEST_CASE("a tax code of ten digits is judged by its last one") {
  for (const char* good : {"MST:0000000017", "MST:0000000183", "MST:0012345672"}) {
    INFO(good);
    CHECK(judge_number(good) == NumberVerdict::good);
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string other = good;
      if (other.back() == digit) continue;
      other.back() = digit;
      CHECK(judge_number(other) == NumberVerdict::wrong_check_digit);
    }
  }
  CHECK(judge_number("MST:0000000018") == NumberVerdict::wrong_check_digit);
}

TEST_CASE("each weight counts, and a code whose check digit would be ten is decided by nobody") {
  // One digit 1 at each place; at the first two it would be somebody's code.
  constexpr const char* good[] = {"0010000009", "0001000002", "0000100004", "0000010008",
                                  "0000001003", "0000000105", "0000000017"};
  for (const char* code : good) {
    INFO(code);
    CHECK(judge_number(std::string("MST:") + code) == NumberVerdict::good);
  }
  for (char digit = '0'; digit <= '9'; ++digit)
    CHECK(judge_number(std::string("MST:000000000") + digit) == NumberVerdict::undecided);
}

TEST_CASE("a branch has three digits more, from 001, which nothing checks") {
  CHECK(judge_number("MST:0012345672-001") == NumberVerdict::good);
  CHECK(judge_number("MST:0012345672001") == NumberVerdict::good);
  CHECK(judge_number("MST:0012345672-999") == NumberVerdict::good);
  CHECK(judge_number("MST:0012345673-001") == NumberVerdict::wrong_check_digit);
  CHECK(judge_number("MST:0012345672-000") == NumberVerdict::malformed);
  CHECK(judge_number("MST:001234567-2001") == NumberVerdict::malformed);
  CHECK(judge_number("MST:0012345672-01") == NumberVerdict::malformed);
}

TEST_CASE("a citizen number in the place of a tax code, and other kinds of numbers, cannot be decided") {
  for (const char* other : {"MST:099085000123", "CMND:012345678", "HC:N0000000", "BHXH:0000000000", "PID:1",
                            "MQHNS:0000000", "", "không có loại", "mst:0000000018", ":", "MSTX:1"}) {
    INFO(other);
    CHECK(judge_number(other) == NumberVerdict::undecided);
  }
}

TEST_CASE("a citizen number has twelve digits") {
  CHECK(judge_number("CCCD:099085000123") == NumberVerdict::good);
  for (const char* bad :
       {"CCCD:", "CCCD:09908500012", "CCCD:0990850001234", "CCCD:09908500012x", "CCCD: 99085000123"}) {
    INFO(bad);
    CHECK(judge_number(bad) == NumberVerdict::malformed);
  }
  for (const char* bad : {"MST:", "MST:1", "MST:00000000O7", "MST:00000000171", "MST:0000000017 ", "MST:-0000000017"}) {
    INFO(bad);
    CHECK(judge_number(bad) == NumberVerdict::malformed);
  }
  CHECK(antin::policy::number_kind("CCCD:099085000123") == "CCCD");
  CHECK(antin::policy::number_kind("099085000123").empty());
}
