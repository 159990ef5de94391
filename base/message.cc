#include "base/message.h"

namespace antin {

std::optional<Language> language(std::string_view name) {
  if (name == "vi" || name.starts_with("vi_") || name.starts_with("vi-")) return Language::vi;
  if (name == "en" || name.starts_with("en_") || name.starts_with("en-")) return Language::en;
  return std::nullopt;
}

namespace {

// What stands for one hole, `0` or `0:row:rows`.
std::string hole_text(std::string_view hole, const std::vector<std::string>& arguments) {
  const auto index = static_cast<std::size_t>(hole.front() - '0');
  const std::string argument = index < arguments.size() ? arguments[index] : "";
  if (hole.size() == 1) return argument;
  const std::string_view words = hole.substr(2);
  const std::size_t middle = words.find(':');
  return argument + " " + std::string(argument == "1" ? words.substr(0, middle) : words.substr(middle + 1));
}

// The hole at the beginning of `text` without its braces; empty when there is none.
std::string_view hole_at(std::string_view text) {
  if (text.size() < 3 || text[0] != '{' || text[1] < '0' || text[1] > '9' || (text[2] != '}' && text[2] != ':'))
    return {};
  const std::size_t end = text.find('}');
  return end == std::string_view::npos ? std::string_view() : text.substr(1, end - 1);
}

}  // namespace

std::string to_text(std::span<const Message> table, std::string_view id, Language language,
                    const std::vector<std::string>& arguments) {
  for (const Message& message : table) {
    if (message.id != id) continue;
    const std::string_view pattern = language == Language::vi ? message.vi : message.en;
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const std::string_view hole = hole_at(pattern.substr(i));
      if (hole.empty()) {
        text += pattern[i];
        continue;
      }
      text += hole_text(hole, arguments);
      i += hole.size() + 1;
    }
    return text;
  }
  std::string text(id);
  for (const std::string& argument : arguments) text += " " + argument;
  return text;
}

}  // namespace antin
