// CSV: tables for spreadsheets, as RFC 4180 has them: lines end with CR LF, every cell stands in quotes.
//
// A spreadsheet takes a cell that begins with = + - @, a tab or a line end for a formula, and a name in a certificate
// is somebody else's text. Such a cell gets an apostrophe in front, and so does one that begins with an apostrophe: who
// reads the table with a program takes one apostrophe away from the beginning of a cell, and has what was written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace antin::commands {

// U+FEFF in UTF-8, for the beginning of a table that people open with Excel: without it, Excel reads the letters in the
// machine's old code page.
inline constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";

std::string csv_line(const std::vector<std::string>& cells);

}  // namespace antin::commands
