// Whether a JSON text has the shape of a schema of this project.
#pragma once

#include <string>
#include <string_view>

namespace antin::tests {

// Empty when `json` fits schemas/`schema`; else what is wrong and where.
std::string misfit(const std::string& schema, std::string_view json);

}  // namespace antin::tests
