// The module that draws: what of signer/page sees Pango and Cairo begins here.
#include <algorithm>
#include <exception>

#include "signer/page/module.h"
#include "signer/page/sheets.h"
#include "signer/page/text.h"

namespace antin::page {
namespace {

constexpr double cell_space = 1.2 * points_per_mm, rule_space = 2;

double points(double millimetres) { return millimetres * points_per_mm; }

std::unexpected<Error> too_high(const char* what) {
  return fail(ErrorCode::invalid_argument, std::string("page: ") + what + " is higher than a page");
}

void rule_under(Sheets& sheets, const Paragraph& paragraph, double left, double top, double width) {
  const double length = width * paragraph.rule;
  cairo_move_to(sheets.cairo(), left + (width - length) / 2, top + rule_space);
  cairo_rel_line_to(sheets.cairo(), length, 0);
  cairo_stroke(sheets.cairo());
}

double rule_height(const Paragraph& paragraph) { return paragraph.rule > 0 ? 2 * rule_space : 0; }

// ---- A paragraph of its own goes line by line over the pages.

Status draw_lines(Sheets& sheets, PangoLayout* layout) {
  const std::unique_ptr<PangoLayoutIter, Freed<pango_layout_iter_free>> at(pango_layout_get_iter(layout));
  do {
    PangoRectangle whole;
    pango_layout_iter_get_line_extents(at.get(), nullptr, &whole);
    const double height = static_cast<double>(whole.height) / PANGO_SCALE;
    const double baseline = static_cast<double>(pango_layout_iter_get_baseline(at.get()) - whole.y) / PANGO_SCALE;
    ANTIN_CHECK(sheets.need(height));
    cairo_move_to(sheets.cairo(), sheets.left() + static_cast<double>(whole.x) / PANGO_SCALE, sheets.at() + baseline);
    pango_cairo_show_layout_line(sheets.cairo(), pango_layout_iter_get_line_readonly(at.get()));
    sheets.skip(height);
  } while (pango_layout_iter_next_line(at.get()) != FALSE);
  return {};
}

Status draw(Sheets& sheets, const Paragraph& paragraph, double followed_by) {
  ANTIN_TRY(const Layout layout, set(sheets.context(), paragraph, sheets.width()));
  const double height = height_of(layout.get()) + rule_height(paragraph);
  if (paragraph.with_next)
    ANTIN_CHECK(sheets.need(std::min(points(paragraph.above) + height + followed_by, sheets.height())));
  if (!sheets.at_top()) sheets.skip(points(paragraph.above));
  ANTIN_CHECK(draw_lines(sheets, layout.get()));
  if (paragraph.rule > 0) rule_under(sheets, paragraph, sheets.left(), sheets.at(), sheets.width());
  sheets.skip(rule_height(paragraph));
  return {};
}

// ---- Columns beside each other stay together.

struct SetColumn {
  double left = 0, width = 0, height = 0;
  std::vector<Layout> layouts;
};

double full_width(const auto& columns) {
  double all = 0;
  for (const auto& column : columns) all += column.share;
  return all;
}

Result<std::vector<SetColumn>> set_columns(Sheets& sheets, const Beside& beside) {
  std::vector<SetColumn> all;
  double left = sheets.left();
  for (const Beside::Column& column : beside.columns) {
    SetColumn one{left, sheets.width() * column.share / full_width(beside.columns), 0, {}};
    for (const Paragraph& paragraph : column.paragraphs) {
      ANTIN_TRY(Layout layout, set(sheets.context(), paragraph, one.width));
      one.height += points(paragraph.above) + height_of(layout.get()) + rule_height(paragraph);
      one.layouts.push_back(std::move(layout));
    }
    left += one.width;
    all.push_back(std::move(one));
  }
  return all;
}

double highest(const std::vector<SetColumn>& columns) {
  double height = 0;
  for (const SetColumn& column : columns) height = std::max(height, column.height);
  return height;
}

void draw_column(Sheets& sheets, const Beside::Column& column, const SetColumn& placed) {
  double at = sheets.at();
  for (std::size_t i = 0; i < column.paragraphs.size(); ++i) {
    const Paragraph& paragraph = column.paragraphs[i];
    at += points(paragraph.above);
    cairo_move_to(sheets.cairo(), placed.left, at);
    pango_cairo_show_layout(sheets.cairo(), placed.layouts[i].get());
    at += height_of(placed.layouts[i].get());
    if (paragraph.rule > 0) rule_under(sheets, paragraph, placed.left, at, placed.width);
    at += rule_height(paragraph);
  }
}

Status draw(Sheets& sheets, const Beside& beside, double) {
  ANTIN_TRY(const std::vector<SetColumn> columns, set_columns(sheets, beside));
  const double height = highest(columns);
  if (height > sheets.height()) return too_high("a heading or a place for a signature");
  ANTIN_CHECK(sheets.need(points(beside.above) + height));
  if (!sheets.at_top()) sheets.skip(points(beside.above));
  for (std::size_t i = 0; i < columns.size(); ++i) draw_column(sheets, beside.columns[i], columns[i]);
  sheets.skip(height);
  return {};
}

// ---- A table goes row by row.

struct SetRow {
  std::vector<Layout> cells;
  double height = 0;
};

class Grid {
 public:
  Grid(Sheets& sheets, const Table& table) : sheets_(sheets), table_(table), all_(full_width(table.columns)) {}

  Status draw() {
    std::vector<std::string> headings;
    for (const Table::Column& column : table_.columns) headings.push_back(column.heading);
    ANTIN_TRY(header_, set_row(headings, true));
    if (!sheets_.at_top()) sheets_.skip(points(table_.above));
    bool begun = false;
    for (const std::vector<std::string>& cells : table_.rows) {
      ANTIN_TRY(const SetRow row, set_row(cells, false));
      if (row.height + header_.height > sheets_.height()) return too_high("a row of a table");
      const bool turns = row.height + (begun ? 0 : header_.height) > sheets_.room() && !sheets_.at_top();
      if (turns) ANTIN_CHECK(sheets_.turn());
      if (turns || !begun) draw_row(header_);
      begun = true;
      draw_row(row);
    }
    return {};
  }

 private:
  double width(const Table::Column& column) const { return sheets_.width() * column.share / all_; }

  Result<SetRow> set_row(const std::vector<std::string>& cells, bool header) {
    if (cells.size() != table_.columns.size())
      return fail(ErrorCode::internal, "page: a row of a table has another number of cells than it has columns");
    SetRow row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Paragraph paragraph{.runs = {{.text = cells[i], .bold = header, .size = table_.size}},
                                .align = header ? Align::centre : table_.columns[i].align};
      ANTIN_TRY(Layout layout, set(sheets_.context(), paragraph, width(table_.columns[i]) - 2 * cell_space));
      row.height = std::max(row.height, height_of(layout.get()) + 2 * cell_space);
      row.cells.push_back(std::move(layout));
    }
    return row;
  }

  void draw_row(const SetRow& row) {
    double left = sheets_.left();
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const double wide = width(table_.columns[i]);
      cairo_rectangle(sheets_.cairo(), left, sheets_.at(), wide, row.height);
      cairo_stroke(sheets_.cairo());
      const double space = (row.height - height_of(row.cells[i].get())) / 2;
      cairo_move_to(sheets_.cairo(), left + cell_space, sheets_.at() + space);
      pango_cairo_show_layout(sheets_.cairo(), row.cells[i].get());
      left += wide;
    }
    sheets_.skip(row.height);
  }

  Sheets& sheets_;
  const Table& table_;
  double all_;
  SetRow header_;
};

Status draw(Sheets& sheets, const Table& table, double) { return Grid(sheets, table).draw(); }

// What a block needs at least beside the one before it.
Result<double> least_height(Sheets& sheets, const Block& block) {
  if (const auto* beside = std::get_if<Beside>(&block)) {
    ANTIN_TRY(const auto columns, set_columns(sheets, *beside));
    return points(beside->above) + highest(columns);
  }
  return points(20);
}

Result<Bytes> draw_all(const Document& document) {
  Sheets sheets(document);
  for (std::size_t i = 0; i < document.blocks.size(); ++i) {
    double next = 0;
    if (i + 1 < document.blocks.size()) {
      ANTIN_TRY(next, least_height(sheets, document.blocks[i + 1]));
    }
    ANTIN_CHECK(std::visit([&](const auto& block) { return draw(sheets, block, next); }, document.blocks[i]));
  }
  return sheets.finish();
}

}  // namespace
}  // namespace antin::page

extern "C" __attribute__((visibility("default"))) void antin_page_draw(const antin::page::Document& document,
                                                                       antin::Result<antin::Bytes>& drawn) {
  try {
    drawn = antin::page::draw_all(document);
  } catch (const std::exception& error) {
    drawn = antin::fail(antin::ErrorCode::internal, std::string("page: drawing: ") + error.what());
  }
}
