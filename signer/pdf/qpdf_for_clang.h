// Included before QPDF's headers when clang compiles (CMakeLists.txt): JSON.hh of QPDF 11 holds vectors of an
// incomplete class, and QPDFWriter.hh of QPDF 12 a pointer to one, which clang refuses since C++20 and C++23. Nothing of
// either is used here.
#pragma once

#define JSON_HH
class JSON {
 public:
  class Writer;  // of QPDF 12
};
namespace qpdf::pl {
struct Link {};
}  // namespace qpdf::pl
