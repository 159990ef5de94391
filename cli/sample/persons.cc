#include "cli/sample/persons.h"

#include <utf8proc.h>

#include <array>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "base/encoding.h"

namespace antin::sample {
namespace {

struct Weighted {
  const char* text;
  unsigned weight;  // in a thousand or so
};
// Đắk Lắk's shares (names.md §4.1), tenths of a percent.
constexpr Weighted surnames[] = {
    {"Nguyễn", 296}, {"Trần", 101}, {"Lê", 84},    {"Phạm", 59},  {"Hoàng", 41}, {"Phan", 32},   {"Bùi", 27},
    {"Võ", 26},      {"Hồ", 22},    {"Vũ", 20},    {"Đặng", 19},  {"Đỗ", 18},    {"Trương", 17}, {"Huỳnh", 16},
    {"Ngô", 16},     {"Đinh", 15},  {"Dương", 12}, {"Trịnh", 10}, {"Nông", 10},  {"Mai", 10},    {"Hà", 10},
    {"Đoàn", 9},     {"Lương", 9},  {"Cao", 9},    {"Đào", 8},    {"Lưu", 5},    {"Lý", 5},      {"Triệu", 5},
    {"Phùng", 4},    {"Đàm", 4},    {"Chu", 3},    {"Thái", 3},   {"Lâm", 3},    {"Tạ", 3},      {"Vương", 3},
    {"Tô", 3},       {"Châu", 2},   {"Quách", 2}};
constexpr Weighted men_middle[] = {{"Văn", 28},  {"Minh", 8},  {"Quốc", 7}, {"Hữu", 7},  {"Đức", 6},
                                   {"Thanh", 5}, {"Ngọc", 5},  {"Xuân", 5}, {"Công", 5}, {"Đình", 5},
                                   {"Quang", 4}, {"Trọng", 3}, {"Thế", 3}};
constexpr Weighted women_middle[] = {{"Thị", 40},     {"Thị Thanh", 6}, {"Thị Thu", 6}, {"Thị Kim", 5},
                                     {"Thị Ngọc", 5}, {"Thị Hồng", 4},  {"Thị Mỹ", 3},  {"Thị Phương", 3},
                                     {"Thị Bích", 3}, {"Ngọc", 6},      {"Kim", 4},     {"Thùy", 3}};
constexpr Weighted men_given[] = {
    {"Tuấn", 27}, {"Hoàng", 25}, {"Huy", 22},   {"Hiếu", 20},  {"Hùng", 40}, {"Nam", 20},   {"Sơn", 34}, {"Đức", 19},
    {"Dũng", 33}, {"Thành", 30}, {"Đạt", 16},   {"Cường", 16}, {"Long", 16}, {"Trung", 15}, {"Hải", 28}, {"Thắng", 14},
    {"Minh", 13}, {"Tiến", 11},  {"Quang", 11}, {"Phúc", 18},  {"Tâm", 12},  {"Bình", 20},  {"Lâm", 10}, {"Quý", 8}};
constexpr Weighted women_given[] = {
    {"Trang", 30}, {"Thảo", 30}, {"Linh", 25}, {"Anh", 20},   {"Phương", 22}, {"Hằng", 25}, {"Huyền", 21}, {"Hiền", 20},
    {"Hương", 34}, {"Ngọc", 17}, {"Dung", 17}, {"Nhung", 17}, {"Thủy", 20},   {"Vân", 22},  {"Nga", 22},   {"Hạnh", 20},
    {"Mai", 20},   {"Hoa", 24},  {"Loan", 18}, {"Lan", 20},   {"Tuyết", 12},  {"Liên", 12}};
constexpr const char* local_names[] = {
    "K'Brến Thử",  "Ka Nhùm Thử", "Liêng Jrang Ha Thử", "Cil Pam Thử",   "Ya Thử",     "K'Wẻ Mẫu",     "Ka Thiếu Mẫu",
    "Kra Jăn Mẫu", "Bon Yô Thử",  "Kơ Să Mẫu",          "Păng Ting Thử", "Rơ Ông Mẫu", "Ma Nhiêu Thử", "Lơ Mu Thử"};

const char* pick(Dice& dice, std::span<const Weighted> from) {
  unsigned total = 0;
  for (const Weighted& one : from) total += one.weight;
  std::uint64_t at = dice.below(total);
  for (const Weighted& one : from) {
    if (at < one.weight) return one.text;
    at -= one.weight;
  }
  return from.back().text;
}

std::string mapped(const std::string& utf8, int options) {
  utf8proc_uint8_t* out = nullptr;
  const auto* text = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  const utf8proc_ssize_t size =
      utf8proc_map(text, static_cast<utf8proc_ssize_t>(utf8.size()), &out, static_cast<utf8proc_option_t>(options));
  std::string result = size < 0 ? utf8 : std::string(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
  std::free(out);
  return result;
}

std::vector<std::string> ascii_words(const std::string& name) {
  std::vector<std::string> words(1);
  for (char c : fold_name(name).value_or("")) {
    if (c == ' ') words.emplace_back();
    if (c >= 'a' && c <= 'z') words.back() += c;
    if (c >= '0' && c <= '9') words.back() += c;
  }
  std::erase(words, "");
  return words;
}

}  // namespace

std::uint64_t Dice::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

std::string person_name(Dice& dice) {
  if (dice.below(16) == 0) return local_names[dice.below(std::size(local_names))];
  const bool woman = dice.below(100) < 42;
  const std::string surname = pick(dice, surnames);
  const std::string middle = woman ? pick(dice, women_middle) : pick(dice, men_middle);
  return surname + " " + middle + " " + (woman ? pick(dice, women_given) : pick(dice, men_given));
}

std::string Mailboxes::mailbox(const std::string& name, const std::string& unit) {
  const std::vector<std::string> words = ascii_words(name);
  std::string local = words.empty() ? "x" : words.back();
  for (std::size_t i = 0; i + 1 < words.size(); ++i) local += words[i][0];
  std::string where;
  for (const std::string& word : ascii_words(unit)) where += word.size() < 4 ? word : word.substr(0, 1);
  local += "." + where.substr(0, 20);
  const unsigned before = taken_[local]++;
  return local + (before == 0 ? "" : std::to_string(before + 1)) + "@lamdong.test";
}

std::string upper_case(const std::string& utf8) {
  std::string out;
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(utf8.data());
  auto left = static_cast<utf8proc_ssize_t>(utf8.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t size = utf8proc_iterate(at, left, &point);
    if (size <= 0) break;
    std::array<utf8proc_uint8_t, 4> octets{};
    const utf8proc_ssize_t written = utf8proc_encode_char(utf8proc_toupper(point), octets.data());
    out.append(reinterpret_cast<const char*>(octets.data()), static_cast<std::size_t>(written));
    at += size;
    left -= size;
  }
  return out;
}

std::string decomposed(const std::string& utf8) { return mapped(utf8, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE); }

}  // namespace antin::sample
