#include "signer/asic/container.h"

#include <zip.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>

#include "base/encoding.h"

namespace antin::asic {
namespace {

constexpr std::int64_t max_entries = 1000;
constexpr std::uint64_t max_total = 1u << 30;

std::unexpected<Error> bad(std::string why) {
  return fail(ErrorCode::invalid_argument, "container: " + std::move(why));
}

// Newer versions of libzip keep the text of an error in it.
struct ZipError {
  zip_error_t value;
  ZipError() { zip_error_init(&value); }
  ~ZipError() { zip_error_fini(&value); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
};
struct Discard {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct FreeSource {
  void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
struct CloseFile {
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Source = std::unique_ptr<zip_source_t, FreeSource>;

Result<Bytes> drain(zip_source_t* source) {
  if (zip_source_open(source) != 0) return fail(ErrorCode::internal, "container: cannot be read back");
  Bytes out;
  std::uint8_t some[65536];
  zip_int64_t n = 0;
  while ((n = zip_source_read(source, some, sizeof some)) > 0) out.insert(out.end(), some, some + n);
  zip_source_close(source);
  if (n < 0) return fail(ErrorCode::internal, "container: cannot be read back");
  return out;
}

Status add(zip_t* archive, std::string_view name, ByteView content, bool stored, Time time) {
  zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
  const zip_int64_t index =
      source == nullptr ? -1 : zip_file_add(archive, std::string(name).c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    return bad("cannot add " + std::string(name) + ": " + zip_strerror(archive));
  }
  const auto at = static_cast<zip_uint64_t>(index);
  zip_set_file_compression(archive, at, stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE, 0);
  zip_file_set_mtime(archive, at, static_cast<time_t>(time.time_since_epoch().count()), 0);
  return {};
}

Status check_name(const std::string& name) {
  const bool wrong = name.empty() || name.front() == '/' || name.find('\\') != std::string::npos ||
                     name.find('\0') != std::string::npos || !is_utf8(name) || name == ".." ||
                     name.starts_with("../") || name.ends_with("/..") || name.find("/../") != std::string::npos ||
                     name.starts_with("./") || name.find("//") != std::string::npos ||
                     name.find(':') != std::string::npos;
  return wrong ? bad("a file has a name that is not allowed") : Status{};
}

Result<Bytes> read_entry(zip_t* archive, std::uint64_t index, std::uint64_t size, std::uint64_t& total) {
  total += size;
  if (total > max_total) return fail(ErrorCode::resource_exhausted, "container: holds more than 1 GiB");
  const std::unique_ptr<zip_file_t, CloseFile> file(zip_fopen_index(archive, index, 0));
  if (!file) return bad(std::string("an entry cannot be opened: ") + zip_strerror(archive));
  Bytes content;
  std::uint8_t some[65536];
  zip_int64_t n = 0;
  while ((n = zip_fread(file.get(), some, sizeof some)) > 0) {
    content.insert(content.end(), some, some + n);
    if (content.size() > size) return bad("an entry is longer than its header says");
  }
  if (n < 0 || content.size() != size) return bad("an entry is damaged or shorter than its header says");
  return content;
}

// The first local header must be the mimetype's, stored, without an extra field (EN 319 162-1 §A.1).
void check_mimetype(ByteView octets, const std::string& first, const Bytes* mimetype, Container& container) {
  if (mimetype == nullptr)
    container.defects.push_back("there is no mimetype");
  else if (text_of(*mimetype) != asic_e_media_type)
    container.defects.push_back("the mimetype is not that of ASiC-E");
  if (first != "mimetype" || octets.size() < 30 || octets[8] != 0 || octets[9] != 0)
    container.defects.push_back("the mimetype is not first and stored");
}

}  // namespace

bool looks_like_container(ByteView octets) noexcept { return text_of(octets).starts_with("PK\x03\x04"); }

Result<Bytes> write_container(const std::vector<Entry>& entries, Time time) {
  ZipError error;
  const Source source(zip_source_buffer_create(nullptr, 0, 0, &error.value));
  if (!source) return fail(ErrorCode::internal, "container: cannot be made");
  zip_source_keep(source.get());
  Archive archive(zip_open_from_source(source.get(), ZIP_TRUNCATE, &error.value));
  if (!archive) {
    zip_source_free(source.get());
    return fail(ErrorCode::internal, "container: cannot be made");
  }
  ANTIN_CHECK(add(archive.get(), "mimetype", bytes_of(asic_e_media_type), true, time));
  std::set<std::string> names{"mimetype"};
  for (const Entry& entry : entries) {
    ANTIN_CHECK(check_name(entry.name));
    if (!names.insert(entry.name).second) return bad("two files are called " + entry.name);
    ANTIN_CHECK(add(archive.get(), entry.name, entry.content, false, time));
  }
  if (zip_close(archive.get()) != 0)
    return fail(ErrorCode::internal, std::string("container: ") + zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  return drain(source.get());
}

Result<Container> read_container(ByteView octets) {
  if (!looks_like_container(octets)) return bad("does not begin with a ZIP entry");
  ZipError error;
  Source source(zip_source_buffer_create(octets.data(), octets.size(), 0, &error.value));
  if (!source) return fail(ErrorCode::internal, "container: no memory");
  const Archive archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error.value));
  if (!archive) return bad(std::string("is no consistent ZIP: ") + zip_error_strerror(&error.value));
  static_cast<void>(source.release());  // the archive owns it now
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count > max_entries) return fail(ErrorCode::resource_exhausted, "container: more than 1,000 entries");
  Container container;
  std::set<std::string> folded;
  std::uint64_t total = 0;
  std::string first;
  std::optional<Bytes> mimetype;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t info;
    if (zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_RAW, &info) != 0)
      return bad("an entry has no header");
    const std::string name(info.name);
    if (i == 0) first = name;
    if (name.ends_with('/')) continue;
    ANTIN_CHECK(check_name(name));
    ANTIN_TRY(const std::string nfc, to_nfc(name));
    if (!folded.insert(nfc).second) return bad("two entries have the same name");
    ANTIN_TRY(Bytes content, read_entry(archive.get(), static_cast<std::uint64_t>(i), info.size, total));
    if (name == "mimetype")
      mimetype = std::move(content);
    else
      container.files.emplace(name, std::move(content));
  }
  check_mimetype(octets, first, mimetype ? &*mimetype : nullptr, container);
  for (const auto& [name, content] : container.files) {
    if (!name.starts_with("META-INF/ASiCManifest") || !name.ends_with(".xml")) continue;
    ANTIN_TRY(Manifest manifest, parse_manifest(name, content));
    container.manifests.push_back(std::move(manifest));
  }
  return container;
}

}  // namespace antin::asic
