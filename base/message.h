// Messages: texts for people, found by id, in Vietnamese and English. Each library keeps its own table; there is no
// locale.
//
//   constexpr Message messages[] = {{"verify.revoked", "Chứng thư số đã bị thu hồi lúc {0}.", "The certificate was
//   revoked at {0}."}}; to_text(messages, "verify.revoked", Language::vi, {time});
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antin {

enum class Language { vi, en };
std::optional<Language> language(std::string_view name);  // `vi`, `vi_VN.UTF-8`, `en`, …; none for others

struct Message {
  // {0}, {1} … stand for arguments; {0:row:rows} is the argument and the word that goes with that number.
  std::string_view id, vi, en;
};

// The text with its arguments; the id itself and the arguments when the table does not have it (a test looks for that).
std::string to_text(std::span<const Message> table, std::string_view id, Language language,
                    const std::vector<std::string>& arguments = {});

}  // namespace antin
