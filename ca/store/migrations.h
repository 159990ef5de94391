// Migrations: the SQL texts of schemas/store/, in order; text n brings a store from version n to version n + 1.
#pragma once

#include <span>
#include <string_view>

namespace antin::store {

std::span<const std::string_view> migrations() noexcept;

}  // namespace antin::store
