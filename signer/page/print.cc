#include "signer/page/print.h"

#include <dlfcn.h>

#include <filesystem>
#include <system_error>

#include "signer/page/module.h"

namespace antin::page {
namespace {

// Beside the programs: PREFIX/bin/antin and PREFIX/lib/antin/antin-page.so; a test's program is in a folder of its own.
Result<DrawFunction> load() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return fail(ErrorCode::unavailable, "page: where this program is: " + error.message());
  const std::filesystem::path file = program.parent_path().parent_path() / "lib" / "antin" / module_name;
  if (!std::filesystem::exists(file, error))
    return fail(ErrorCode::unavailable,
                "page: " + file.string() + " is not there: install the program with its module");
  void* module = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (module == nullptr) {
    const char* why = ::dlerror();
    return fail(ErrorCode::unavailable,
                std::string("page: the module that draws cannot be loaded: ") + (why != nullptr ? why : ""));
  }
  void* function = ::dlsym(module, module_function);
  if (function == nullptr)
    return fail(ErrorCode::unavailable,
                "page: " + file.string() + " is of another version: install the program with its module");
  return reinterpret_cast<DrawFunction>(function);
}

}  // namespace

Result<Bytes> print(const Document& document) {
  // It stays loaded: GLib cannot be unloaded.
  static const Result<DrawFunction> draw = load();
  if (!draw) return fail(draw.error());
  Result<Bytes> drawn;
  (*draw)(document, drawn);
  return drawn;
}

}  // namespace antin::page
