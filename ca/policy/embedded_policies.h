// The texts of schemas/policies/*.json, made by the build. Only for ca/policy.
#pragma once

#include <span>
#include <string_view>

namespace antin::policy {

std::span<const std::string_view> embedded_policies() noexcept;

}  // namespace antin::policy
