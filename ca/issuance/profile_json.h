// Reading of profiles: JSON, checked against the schema that is built in. Only for ca/issuance.
#pragma once

#include <span>
#include <string_view>

#include "ca/issuance/profile_content.h"

namespace antin::issuance {

Result<Profile::Content> read_profile(std::string_view json);

struct EmbeddedFile {
  std::string_view name, text;
};
// Generated from schemas/ by the build.
extern const std::string_view embedded_profile_schema;
std::span<const EmbeddedFile> embedded_profiles() noexcept;

}  // namespace antin::issuance
