#include "base/case_fold.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace antin {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

Result<std::string> folded(std::string_view text) {
  utf8proc_uint8_t* out = nullptr;
  const auto size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &out, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(out);
  if (size < 0) return fail(ErrorCode::invalid_argument, "text is not valid UTF-8");
  return std::string(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
}

}  // namespace

Result<std::string> fold_case(std::string_view utf8) {
  ANTIN_TRY(const std::string text, folded(utf8));
  std::string key;
  for (std::string_view rest = text; !rest.empty();) {
    if (rest.starts_with(' ') || rest.starts_with('\t') || rest.starts_with("\u00a0")) {
      if (!key.empty() && key.back() != ' ') key += ' ';
      rest.remove_prefix(rest.front() == ' ' || rest.front() == '\t' ? 1 : 2);
    } else if (rest.starts_with("\u2019")) {
      key += '\'';
      rest.remove_prefix(3);
    } else {
      key += rest.front();
      rest.remove_prefix(1);
    }
  }
  while (key.ends_with(' ')) key.pop_back();
  return key;
}

}  // namespace antin
