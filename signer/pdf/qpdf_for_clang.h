// Included before QPDF's headers when clang compiles (CMakeLists.txt): JSON.hh of QPDF 11 holds vectors of an
// incomplete class, which clang refuses since C++20. Nothing of it is used here.
#pragma once

#define JSON_HH
class JSON {
 public:
  class Writer;  // of QPDF 12
};
