// Document: a printed page of an office, as blocks from top to bottom: A4, black, one face (Liberation Serif, which has
// the widths of Times). Sizes are in points, lengths in millimetres. Text is UTF-8 and is drawn in NFC.
//
// A plain value: who fills it needs nothing of what draws it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace antin::page {

enum class Align { left, centre, right, justified };

struct Run {
  std::string text;
  bool bold = false, italic = false;
  double size = 13;
};

struct Paragraph {
  std::vector<Run> runs;
  Align align = Align::left;
  double first_line = 0;   // indent, mm
  double above = 0;        // empty space before it, mm; none at the top of a page
  double rule = 0;         // a line under it, as a part of the column's width; 0: none
  bool with_next = false;  // on the page of what follows
};

// Columns that begin at one height: the heading of a letter, or its end. They are never parted.
struct Beside {
  struct Column {
    double share = 1;  // of the width
    std::vector<Paragraph> paragraphs;
  };
  std::vector<Column> columns;
  double above = 0;
};

// A grid. Rows are never parted; the header stands again on every page that the table reaches.
struct Table {
  struct Column {
    std::string heading;
    double share = 1;
    Align align = Align::left;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
  double size = 12;
  double above = 0;
};

using Block = std::variant<Paragraph, Beside, Table>;

// Nghị định 30/2020/NĐ-CP, Phụ lục I: 20–25 mm above and below, 30–35 on the left, 15–20 on the right.
struct Margins {
  double top = 20, bottom = 20, left = 30, right = 20;
};

struct Document {
  std::string title;  // for the reader's window
  Time made;          // the date in the file: the only one, so that the same document gives the same octets
  bool landscape = false;
  Margins margins;
  std::vector<Block> blocks;
};

}  // namespace antin::page
