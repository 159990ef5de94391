#include "cli/commands/form_page.h"

namespace antin::commands {
namespace {

using page::Align;
using page::Paragraph;
using page::Run;

Paragraph centred(std::string text, Run style) {
  style.text = std::move(text);
  return {.runs = {std::move(style)}, .align = Align::centre};
}

std::string date_line(const forms::FormSet& set, Time made) {
  const std::chrono::year_month_day date(std::chrono::floor<days>(made + vietnam_offset));
  const std::string year = std::to_string(static_cast<int>(date.year())), place = "{year}";
  std::string line = set.date_line;
  if (const std::size_t at = line.find(place); at != std::string::npos) line.replace(at, place.size(), year);
  return line;
}

// Left: who writes, under whom; a State body's name has a line of a third of its width under it, a Party body's a star.
std::vector<Paragraph> sender(const forms::FormSet& set, const forms::Filled& form) {
  std::vector<Paragraph> lines;
  if (!form.superior.empty()) lines.push_back(centred(form.superior, {.size = 12}));
  lines.push_back(centred(form.body, {.bold = true, .size = 12}));
  if (form.party)
    lines.push_back(centred("*", {.size = 13}));
  else
    lines.back().rule = 0.25;
  lines.push_back(centred(set.number_line, {.size = 13}));
  lines.back().above = 1.5;
  return lines;
}

// Right: the country and its motto, or the Party; and the day.
std::vector<Paragraph> state(const forms::FormSet& set, const forms::Filled& form, Time made) {
  std::vector<Paragraph> lines;
  if (form.party) {
    lines.push_back(centred(set.party, {.bold = true, .size = 14}));
    lines.back().rule = 0.5;
  } else {
    lines.push_back(centred(set.nation, {.bold = true, .size = 12}));
    lines.push_back(centred(set.motto, {.bold = true, .size = 13}));
    lines.back().rule = 0.42;
  }
  lines.push_back(centred(date_line(set, made), {.italic = true, .size = 13}));
  lines.back().above = 1.5;
  return lines;
}

page::Table table_of(const forms::Filled& form) {
  page::Table table{.columns = {}, .rows = form.rows, .size = 11.5, .above = 2};
  for (const forms::Column& column : form.columns)
    table.columns.push_back({column.heading, column.share, column.centred ? Align::centre : Align::left});
  return table;
}

page::Beside ending(const forms::FormSet& set) {
  std::vector<Paragraph> left, right;
  for (const std::string& text : set.recipients) {
    const bool first = left.empty();
    left.push_back({.runs = {{.text = text, .bold = first, .italic = first, .size = first ? 12.0 : 11.0}}});
  }
  for (const std::string& text : set.signer) {
    const bool name = &text == &set.signer.back(), first = right.empty();
    right.push_back(
        centred(text, {.bold = first || name, .italic = !first && !name, .size = first || name ? 13.0 : 12.0}));
    if (name) right.back().above = 26;  // signature and seal: a seal is 36 mm wide and covers a third of it
  }
  return {.columns = {{1, std::move(left)}, {1.2, std::move(right)}}, .above = 5};
}

void add_paragraphs(page::Document& document, const std::vector<std::string>& texts, bool before_table) {
  for (const std::string& text : texts) {
    Paragraph paragraph{.runs = {{.text = text}},
                        .align = before_table ? Align::left : Align::justified,
                        .first_line = 10,
                        .above = 1.5,
                        .with_next = true};
    // `1. …` heads a part.
    paragraph.runs.front().bold = before_table && text.size() > 2 && text[0] >= '1' && text[0] <= '9' && text[1] == '.';
    if (!before_table) paragraph.above = 3;
    document.blocks.push_back(std::move(paragraph));
  }
}

}  // namespace

page::Document form_page(const forms::FormSet& set, const forms::Filled& form, Time made) {
  page::Document document;
  for (const std::string& line : form.title) document.title += (document.title.empty() ? "" : " ") + line;
  document.made = made;
  document.landscape = true;
  document.margins = {.top = 20, .bottom = 20, .left = 30, .right = 15};
  if (!form.number.empty())
    document.blocks.push_back(
        Paragraph{.runs = {{.text = form.number, .bold = true, .size = 12}}, .align = Align::right});
  document.blocks.push_back(
      page::Beside{.columns = {{1, sender(set, form)}, {1.1, state(set, form, made)}}, .above = 1});
  for (const std::string& line : form.title) {
    Paragraph paragraph = centred(line, {.bold = true, .size = 14});
    paragraph.above = &line == &form.title.front() ? 5 : 0;
    document.blocks.push_back(std::move(paragraph));
  }
  Paragraph to = centred(form.addressee, {.size = 13.5});
  to.above = 3;
  document.blocks.push_back(std::move(to));
  add_paragraphs(document, form.before, true);
  document.blocks.push_back(table_of(form));
  add_paragraphs(document, form.after, false);
  document.blocks.push_back(ending(set));
  return document;
}

}  // namespace antin::commands
