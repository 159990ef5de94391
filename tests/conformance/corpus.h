// Where the public test data lies, and small readers of its tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace antin::tests {

// $ANTIN_CONFORMANCE, or the folder beside the project.
Path conformance_folder();
// The file's text; the test ends when it cannot be read.
std::string text_file(const Path& path);
std::vector<std::string> split(std::string_view text, char separator);

}  // namespace antin::tests
