// The texts of schemas/forms/*.json, made by the build. Only for ca/forms.
#pragma once

#include <span>
#include <string_view>

namespace antin::forms {

std::span<const std::string_view> embedded_forms() noexcept;

}  // namespace antin::forms
