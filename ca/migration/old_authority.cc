#include "ca/migration/old_authority.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>

namespace antin::migration {
namespace {

constexpr std::uintmax_t largest_index = 256U << 20, largest_list = 64U << 20, largest_number = 1024;

// The first of these files of the folder that is there.
std::optional<Path> first_of(const Path& folder, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (std::error_code error; std::filesystem::is_regular_file(folder / name, error)) return folder / name;
  return {};
}

Result<x509::Certificate> read_authority(const OldPlaces& places) {
  const Path wanted = places.certificate.empty()
                          ? first_of(places.folder, {"ca.pem", "cacert.pem"}).value_or(places.folder / "cacert.pem")
                          : places.certificate;
  ANTIN_TRY(const Bytes octets, read_file(wanted, foreign::largest_file));
  return in(wanted.string(), x509::Certificate::from_file_bytes(octets));
}

std::optional<Path> list_of(const OldPlaces& places) {
  return places.list.empty() ? first_of(places.folder, {"crl.pem", "crl.der", "ca.crl"}) : places.list;
}

Result<std::optional<x509::Crl>> read_list(const OldPlaces& places) {
  const std::optional<Path> wanted = list_of(places);
  if (!wanted) return std::nullopt;
  ANTIN_TRY(const Bytes octets, read_file(*wanted, largest_list));
  ANTIN_TRY(x509::Crl list, in(wanted->string(), x509::Crl::from_file_bytes(octets)));
  return list;
}

Status read_index(const Path& file, OldAuthority& old) {
  if (std::error_code error; !std::filesystem::exists(file, error)) return {};
  ANTIN_TRY(const Bytes content, read_file(file, largest_index));
  old.has_index = true;
  std::uint64_t number = 0;
  for (std::string_view rest = text_of(content); !rest.empty();) {
    std::string_view text = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), text.size() + 1));
    ++number;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    if (auto line = read_index_line(text, number))
      old.lines.push_back(*line);
    else
      old.unreadable_lines.push_back({number, line.error()});
  }
  return {};
}

// The hexadecimal digits of a file that holds one number; nothing when there is no such file.
Result<std::optional<std::string>> read_digits(const Path& file) {
  if (std::error_code error; !std::filesystem::exists(file, error)) return std::nullopt;
  ANTIN_TRY(const Bytes content, read_file(file, largest_number));
  std::string digits(text_of(content));
  while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r' || digits.back() == ' ')) digits.pop_back();
  return digits;
}

Status read_numbers(const Path& folder, OldAuthority& old) {
  ANTIN_TRY(const auto serial, read_digits(folder / "serial"));
  if (serial) {
    ANTIN_TRY(old.next_serial, in((folder / "serial").string(), x509::SerialNumber::from_hex(*serial)));
  }
  ANTIN_TRY(const auto number, read_digits(folder / "crlnumber"));
  if (!number) return {};
  std::uint64_t value = 0;
  const char* end = number->data() + number->size();
  const auto read = std::from_chars(number->data(), end, value, 16);
  if (read.ec != std::errc() || read.ptr != end)
    return fail(ErrorCode::invalid_argument, (folder / "crlnumber").string() + ": it holds no hexadecimal number");
  old.next_crl_number = value;
  return {};
}

Result<foreign::Folder> read_issued(const Path& folder) {
  foreign::Folder all;
  bool found = false;
  for (const char* name : {"newcerts", "certs"}) {
    if (std::error_code error; !std::filesystem::is_directory(folder / name, error)) continue;
    ANTIN_TRY(foreign::Folder one, foreign::read_folder(folder / name));
    found = true;
    all.files += one.files;
    for (auto& certificate : one.certificates) all.certificates.push_back(std::move(certificate));
    for (auto& unreadable : one.unreadable) all.unreadable.push_back(std::move(unreadable));
  }
  if (found) return all;
  return foreign::read_folder(folder);
}

// Beside certificates a folder has lists, keys and requests: they are no certificates that cannot be read.
void drop_others(const OldPlaces& places, OldAuthority& old) {
  // `openssl ca -selfsign` gives the authority's own certificate a line too.
  const bool own_line =
      std::ranges::any_of(old.lines, [&](const IndexLine& line) { return line.serial == old.certificate.serial(); });
  if (!own_line)
    std::erase_if(old.issued.certificates, [&](const auto& one) { return one.certificate == old.certificate; });
  std::erase_if(old.issued.unreadable, [&](const auto& one) {
    std::error_code error;
    const auto content = read_file(one.file, foreign::largest_file);
    return std::filesystem::equivalent(one.file, list_of(places).value_or(Path()), error) ||
           (content && text_of(*content).contains("-----BEGIN ") &&
            !text_of(*content).contains("-----BEGIN CERTIFICATE-----"));
  });
}

}  // namespace

Result<OldAuthority> read_old_authority(const OldPlaces& places) {
  ANTIN_TRY(x509::Certificate certificate, read_authority(places));
  OldAuthority old{.certificate = std::move(certificate)};
  ANTIN_TRY(old.list, read_list(places));
  ANTIN_CHECK(read_index(places.folder / "index.txt", old));
  if (!old.has_index && !old.list)
    return fail(ErrorCode::not_found, places.folder.string() +
                                          ": neither index.txt nor a list is in it: name the list with --crl, so that "
                                          "it is known what was revoked");
  ANTIN_CHECK(read_numbers(places.folder, old));
  ANTIN_TRY(old.issued, read_issued(places.folder));
  drop_others(places, old);
  return old;
}

}  // namespace antin::migration
