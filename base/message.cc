#include "base/message.h"

namespace antin {

std::optional<Language> language(std::string_view name) {
  if (name == "vi" || name.starts_with("vi_") || name.starts_with("vi-")) return Language::vi;
  if (name == "en" || name.starts_with("en_") || name.starts_with("en-")) return Language::en;
  return std::nullopt;
}

std::string to_text(std::span<const Message> table, std::string_view id, Language language,
                    const std::vector<std::string>& arguments) {
  for (const Message& message : table) {
    if (message.id != id) continue;
    const std::string_view pattern = language == Language::vi ? message.vi : message.en;
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const bool hole = i + 2 < pattern.size() && pattern[i] == '{' && pattern[i + 2] == '}' && pattern[i + 1] >= '0' &&
                        pattern[i + 1] <= '9';
      if (!hole) {
        text += pattern[i];
        continue;
      }
      const auto index = static_cast<std::size_t>(pattern[i + 1] - '0');
      if (index < arguments.size()) text += arguments[index];
      i += 2;
    }
    return text;
  }
  std::string text(id);
  for (const std::string& argument : arguments) text += " " + argument;
  return text;
}

}  // namespace antin
