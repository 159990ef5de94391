// Filled forms as files: one PDF a managing body, named after form and body. Nothing that is there is overwritten
// unless that is asked for, and nothing is written before every page is drawn.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "ca/forms/form.h"

namespace antin::commands {

struct FormFile {
  Path file;
  std::string body;
  std::size_t rows = 0;
  Bytes pdf;
};

// `out` is a folder, or, when there is one form alone, may be a file that ends in .pdf. invalid_argument when several
// forms would be one file; already_exists, without `force`, when a file is there.
Result<std::vector<FormFile>> form_files(const forms::FormSet& set, const std::string& form,
                                         const std::vector<forms::Filled>& filled, const Path& out, Time made,
                                         bool force);
Status write_forms(const std::vector<FormFile>& files);

}  // namespace antin::commands
