#include "signer/pdf/incremental_update.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace antin::pdf {
namespace {

std::unexpected<Error> broken(std::string_view why) {
  return fail(ErrorCode::invalid_argument, "PDF: " + std::string(why));
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0'; }

// Runs of numbers without gaps, as both kinds of section want them.
template <class Entries, class Visit>
void for_each_run(const Entries& entries, Visit visit) {
  for (auto first = entries.begin(); first != entries.end();) {
    auto last = first;
    int count = 1;
    while (std::next(last) != entries.end() && std::next(last)->first == last->first + 1) {
      ++last;
      ++count;
    }
    visit(first, std::next(last), count);
    first = std::next(last);
  }
}

}  // namespace

Result<LastSection> find_last_section(ByteView document) {
  const std::string_view text = text_of(document);
  const std::string_view tail = text.substr(text.size() - std::min<std::size_t>(text.size(), 2048));
  const std::size_t end = tail.rfind("%%EOF");
  const std::size_t start = end == std::string_view::npos ? end : tail.rfind("startxref", end);
  if (start == std::string_view::npos)
    return broken("does not end with startxref and %%EOF; it is cut off or has something after its end");
  std::string_view number = tail.substr(start + 9, end - start - 9);
  while (!number.empty() && is_space(number.front())) number.remove_prefix(1);
  LastSection section;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), section.offset);
  if (parsed.ec != std::errc() || section.offset >= document.size())
    return broken("startxref points outside of the file");
  section.is_stream = !text.substr(section.offset).starts_with("xref");
  return section;
}

std::uint64_t IncrementalUpdate::add(int number, int generation, std::string_view body) {
  entries_[number] = {here(), generation};
  text_ += std::to_string(number) + " " + std::to_string(generation) + " obj\n";
  const std::uint64_t at = here();
  text_.append(body).append("\nendobj\n");
  return at;
}

std::string IncrementalUpdate::table(std::string_view trailer, int size) const {
  std::string out = "xref\n";
  for_each_run(entries_, [&](auto first, auto last, int count) {
    out += std::to_string(first->first) + " " + std::to_string(count) + "\n";
    for (; first != last; ++first) {
      std::array<char, 32> line{};
      std::snprintf(line.data(), line.size(), "%010llu %05d n\r\n",
                    static_cast<unsigned long long>(first->second.offset), first->second.generation);
      out += line.data();
    }
  });
  return out + "trailer\n<< /Size " + std::to_string(size) + " /Prev " + std::to_string(last_.offset) + " " +
         std::string(trailer) + " >>\n";
}

// ISO 32000-2 §7.5.8: type, offset and generation in 1, 8 and 2 octets, not compressed.
std::string IncrementalUpdate::stream(std::string_view trailer, int number, std::uint64_t at) {
  entries_[number] = {at, 0};
  std::string index, data;
  for_each_run(entries_, [&](auto first, auto last, int count) {
    index += std::to_string(first->first) + " " + std::to_string(count) + " ";
    for (; first != last; ++first) {
      data += '\1';
      for (int shift = 56; shift >= 0; shift -= 8) data += static_cast<char>(first->second.offset >> shift);
      data += static_cast<char>(first->second.generation >> 8);
      data += static_cast<char>(first->second.generation);
    }
  });
  return std::to_string(number) + " 0 obj\n<< /Type /XRef /Size " + std::to_string(number + 1) + " /Prev " +
         std::to_string(last_.offset) + " /W [1 8 2] /Index [ " + index + "] /Length " + std::to_string(data.size()) +
         " " + std::string(trailer) + " >>\nstream\n" + data + "\nendstream\nendobj\n";
}

std::string IncrementalUpdate::finish(std::string_view trailer, int size) && {
  const std::uint64_t at = here();
  text_ += last_.is_stream ? stream(trailer, size, at) : table(trailer, size);
  text_ += "startxref\n" + std::to_string(at) + "\n%%EOF\n";
  return std::move(text_);
}

}  // namespace antin::pdf
