#include "cli/commands/form_files.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "base/encoding.h"
#include "cli/commands/form_page.h"
#include "signer/page/print.h"

namespace antin::commands {
namespace {

// `ỦY BAN NHÂN DÂN XÃ ĐẠ K' NÀNG` is `uy-ban-nhan-dan-xa-da-k-nang`.
std::string file_word(const std::string& name) {
  constexpr std::size_t longest = 80;
  std::string word;
  for (const char c : fold_name(name).value_or("")) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (kept)
      word += c;
    else if (!word.empty() && word.back() != '-')
      word += '-';
  }
  word.resize(std::min(word.size(), longest));
  while (!word.empty() && word.back() == '-') word.pop_back();
  return word.empty() ? "form" : word;
}

bool is_pdf(const Path& path) { return path.extension() == ".pdf"; }

Path free_name(const Path& folder, const std::string& name, std::set<Path>& taken) {
  Path file = folder / (name + ".pdf");
  for (unsigned turn = 2; !taken.insert(file).second; ++turn)
    file = folder / (name + "-" + std::to_string(turn) + ".pdf");
  return file;
}

Status require_free(const Path& file, bool force) {
  std::error_code error;
  if (force || !std::filesystem::exists(file, error)) return {};
  return fail(ErrorCode::already_exists, "form: " + file.string() + " is there: name another place, or give --force");
}

}  // namespace

Result<std::vector<FormFile>> form_files(const forms::FormSet& set, const std::string& form,
                                         const std::vector<forms::Filled>& filled, const Path& out, Time made,
                                         bool force) {
  if (is_pdf(out) && filled.size() > 1)
    return fail(ErrorCode::invalid_argument,
                "form: " + std::to_string(filled.size()) +
                    " bodies cannot stand in one file: name a folder, or one body with --body");
  std::vector<FormFile> files;
  std::set<Path> taken;
  for (const forms::Filled& one : filled) {
    const Path file = is_pdf(out) ? out : free_name(out, form + "-" + file_word(one.body), taken);
    ANTIN_CHECK(require_free(file, force));
    ANTIN_TRY(Bytes pdf, in("form of " + one.body, page::print(form_page(set, one, made))));
    files.push_back({file, one.body, one.rows.size(), std::move(pdf)});
  }
  return files;
}

Status write_forms(const std::vector<FormFile>& files) {
  for (const FormFile& one : files) {
    if (one.file.has_parent_path()) ANTIN_CHECK(make_directories(one.file.parent_path()));
    ANTIN_CHECK(write_file(one.file, one.pdf));
  }
  return {};
}

}  // namespace antin::commands
