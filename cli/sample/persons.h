// Names of synthetic persons of the shape of names.md §4, and their mail addresses at lamdong.test.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace antin::sample {

// A generator whose numbers are the same on every machine (SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

// Kinh names of three or four words, and about one in sixteen of the local peoples (`K'Brến Thử`, `Ka Nhùm Thử`, …).
std::string person_name(Dice& dice);

// `hungnv.dinhvan@lamdong.test`, with a number when that is taken.
class Mailboxes {
 public:
  std::string mailbox(const std::string& name, const std::string& unit);

 private:
  std::map<std::string, unsigned> taken_;
};

std::string upper_case(const std::string& utf8);  // NFC stays NFC
std::string decomposed(const std::string& utf8);  // NFD

}  // namespace antin::sample
