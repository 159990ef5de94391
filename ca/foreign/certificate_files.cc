#include "ca/foreign/certificate_files.h"

#include <algorithm>
#include <array>
#include <system_error>

#include "base/encoding.h"
#include "ca/x509/der.h"

namespace antin::foreign {
namespace {

namespace der = x509::der;

void add(FileContent& content, ByteView octets) {
  if (auto certificate = x509::Certificate::from_der(octets))
    content.certificates.push_back(*std::move(certificate));
  else
    content.unreadable.push_back(std::move(certificate).error());
}

bool is_content_info(ByteView octets) {
  der::Reader outer(octets);
  const auto list = outer.next();
  return list && list->tag == der::sequence_tag && der::Reader(list->content).next_is(der::oid_tag);
}

// The certificates of a SignedData (RFC 5652 §5.1), each with its tag; nobody's signature is looked at.
Result<std::vector<ByteView>> bag(ByteView octets) {
  ANTIN_TRY(const der::Element info, der::only(octets, der::sequence_tag));
  der::Reader parts(info.content);
  ANTIN_TRY(const der::Element type, parts.expect(der::oid_tag));
  if (!der::is_oid(type, "1.2.840.113549.1.7.2"))
    return fail(ErrorCode::invalid_argument, "PKCS#7: not the type that holds certificates");
  ANTIN_TRY(const der::Element wrapper, parts.expect(der::context_constructed(0)));
  ANTIN_TRY(const der::Element data, der::only(wrapper.content, der::sequence_tag));
  der::Reader fields(data.content);
  ANTIN_CHECK(fields.expect(der::integer_tag));
  ANTIN_CHECK(fields.expect(der::set_tag));
  ANTIN_CHECK(fields.expect(der::sequence_tag));
  ANTIN_TRY(const auto set, fields.optional(der::context_constructed(0)));
  std::vector<ByteView> found;
  if (!set) return found;
  for (der::Reader choices(set->content); !choices.at_end();) {
    ANTIN_TRY(const der::Element choice, choices.next());
    if (choice.tag == der::sequence_tag) found.push_back(choice.whole);
  }
  return found;
}

void add_bag(FileContent& content, ByteView octets) {
  const auto found = in("PKCS#7", bag(octets));
  if (!found) content.unreadable.push_back(found.error());
  for (const ByteView one : found ? *found : std::vector<ByteView>()) add(content, one);
}

void add_block(FileContent& content, std::string_view label, std::string_view block) {
  const bool certificate = label == "CERTIFICATE" || label == "X509 CERTIFICATE";
  if (!certificate && label != "PKCS7" && label != "CMS") return;
  const auto octets = from_pem(label, block);
  if (!octets)
    content.unreadable.push_back(octets.error());
  else if (certificate)
    add(content, *octets);
  else
    add_bag(content, *octets);
}

void add_pem(FileContent& content, std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ", dashes = "-----";
  for (std::size_t at = text.find(begin); at != std::string_view::npos; at = text.find(begin, at)) {
    const std::size_t name = at + begin.size(), name_end = text.find(dashes, name);
    if (name_end == std::string_view::npos) return;
    const std::string_view label = text.substr(name, name_end - name);
    const std::size_t next = text.find(begin, name_end);
    add_block(content, label, text.substr(at, next - at));
    at = name_end;
  }
}

bool is_wanted(const Path& file) {
  std::string ending = file.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 6> wanted{".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"};
  return std::ranges::find(wanted, ending) != wanted.end();
}

Result<std::vector<Path>> files_of(const Path& folder) {
  std::vector<Path> files;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::not_found, folder.string() + ": there is no such folder");
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    const auto type = at->status(ignored).type();
    const bool file = type == std::filesystem::file_type::regular;
    const bool lost_link = type == std::filesystem::file_type::not_found;  // told when it is opened
    if (!(file || lost_link) || !is_wanted(at->path())) continue;
    if (files.size() == most_files)
      return fail(ErrorCode::resource_exhausted,
                  folder.string() + ": more than " + std::to_string(most_files) + " files: import it in parts");
    files.push_back(at->path());
  }
  if (error) return fail(ErrorCode::permission_denied, folder.string() + ": read: " + error.message());
  std::ranges::sort(files);
  return files;
}

}  // namespace

FileContent certificates_in(ByteView file) {
  FileContent content;
  if (!file.empty() && file[0] == der::sequence_tag)
    is_content_info(file) ? add_bag(content, file) : add(content, file);
  else
    add_pem(content, text_of(file));
  if (content.certificates.empty() && content.unreadable.empty())
    content.unreadable.push_back({ErrorCode::invalid_argument, "no certificate in it"});
  return content;
}

Result<Folder> read_folder(const Path& folder) {
  ANTIN_TRY(const std::vector<Path> files, files_of(folder));
  Folder found;
  for (const Path& file : files) {
    ++found.files;
    const Result<Bytes> octets = read_file(file, largest_file);
    if (!octets) {
      found.unreadable.push_back({file, octets.error()});
      continue;
    }
    FileContent content = certificates_in(*octets);
    for (x509::Certificate& one : content.certificates) found.certificates.push_back({file, std::move(one)});
    for (Error& error : content.unreadable) found.unreadable.push_back({file, std::move(error)});
    if (found.certificates.size() > most_certificates)
      return fail(ErrorCode::resource_exhausted, folder.string() + ": more than " + std::to_string(most_certificates) +
                                                     " certificates: import it in parts");
  }
  return found;
}

}  // namespace antin::foreign
