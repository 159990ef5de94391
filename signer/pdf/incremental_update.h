// IncrementalUpdate: the octets that extend a PDF by changed and new objects and a cross-reference section of the kind
// that the file ends with. It never touches what was there.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::pdf {

// Where the last cross-reference section of a file is, and what it is.
struct LastSection {
  std::uint64_t offset = 0;
  bool is_stream = false;
};
// invalid_argument when the file does not end with startxref, an offset inside the file, and %%EOF.
Result<LastSection> find_last_section(ByteView document);

class IncrementalUpdate {
 public:
  IncrementalUpdate(std::uint64_t document_size, bool ends_with_line, LastSection last)
      : base_(document_size), last_(last) {
    if (!ends_with_line) text_ += '\n';
  }
  // `body` is the object's text between `obj` and `endobj`. Returns the body's offset in the whole file.
  std::uint64_t add(int number, int generation, std::string_view body);
  // Ends the update. `trailer` holds the keys to carry on (/Root, /Info, /ID) as text; `size` is one more than the
  // highest number.
  std::string finish(std::string_view trailer, int size) &&;

 private:
  std::string table(std::string_view trailer, int size) const;
  std::string stream(std::string_view trailer, int number, std::uint64_t at);
  std::uint64_t here() const { return base_ + text_.size(); }

  struct Entry {
    std::uint64_t offset;
    int generation;
  };
  std::uint64_t base_;
  LastSection last_;
  std::string text_;
  std::map<int, Entry> entries_;
};

}  // namespace antin::pdf
