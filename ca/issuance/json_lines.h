// Where the members of a JSON text stand. Only for ca/issuance.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace antin::issuance {

// RFC 6901 pointer of each member and element to the line where it begins, from 1. `json` is well-formed.
std::map<std::string, unsigned> lines_of(std::string_view json);

}  // namespace antin::issuance
