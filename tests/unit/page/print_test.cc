#include "signer/page/print.h"

#include <array>
#include <cstdio>

#include "base/file.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

#if defined(__SANITIZE_ADDRESS__)
// Fontconfig keeps what it read for as long as the process lives; that is not counted as ours.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\n"; }
#endif

namespace antin::page {
namespace {

Paragraph line(const std::string& text) { return {.runs = {{.text = text}}}; }

Document document_of(std::vector<Block> blocks) {
  return {.title = "Đơn thử", .made = time_at(2026, 3, 2), .blocks = std::move(blocks)};
}

// What poppler's program says of the file.
std::string said(const std::string& program, const Bytes& pdf) {
  const TemporaryDirectory folder;
  const Path file = folder.path() / "page.pdf";
  REQUIRE(write_file(file, pdf));
  std::string text;
  std::FILE* pipe =
      ::popen((program + " " + file.string() + (program.starts_with("pdftotext") ? " -" : "")).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> part{};
  while (const std::size_t count = std::fread(part.data(), 1, part.size(), pipe)) text.append(part.data(), count);
  REQUIRE(::pclose(pipe) == 0);
  return text;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

Table table_of(std::size_t rows) {
  Table table{.columns = {{.heading = "Số thứ tự", .share = 1}, {.heading = "Họ và tên", .share = 4}}, .rows = {}};
  for (std::size_t i = 1; i <= rows; ++i) table.rows.push_back({std::to_string(i), "Cil Pam Thử " + std::to_string(i)});
  return table;
}

std::string refusal(const std::string& text) {
  const auto printed = print(document_of({line(text)}));
  REQUIRE_FALSE(printed.has_value());
  return printed.error().message;
}

TEST_CASE("every Vietnamese letter is read back from the file, and no other font is in it") {
  const std::string letters =
      "aàảãáạăằẳẵắặâầẩẫấậ eèẻẽéẹêềểễếệ iìỉĩíị oòỏõóọôồổỗốộơờởỡớợ uùủũúụưừửữứự yỳỷỹýỵ đ "
      "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ EÈẺẼÉẸÊỀỂỄẾỆ IÌỈĨÍỊ OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ UÙỦŨÚỤƯỪỬỮỨỰ YỲỶỸÝỴ Đ č ñ ƀ ’";
  const auto pdf = print(document_of(
      {Paragraph{.runs = {{.text = letters}, {.text = " đậm", .bold = true}, {.text = " nghiêng", .italic = true}}}}));
  REQUIRE(pdf);
  std::string text = said("pdftotext -nopgbrk", *pdf);
  for (char& c : text) c = c == '\n' ? ' ' : c;
  CHECK(text.find(letters) != std::string::npos);
  const std::string fonts = said("pdffonts", *pdf);
  // Two lines of heading, then each font by its own: all embedded, subsets, with a way back to Unicode.
  const std::size_t all = count(fonts, "\n") - 2;
  CHECK(all >= 3);
  CHECK(count(fonts, "+LiberationSerif") == all);
  CHECK(count(fonts, " yes yes yes ") == all);
}

TEST_CASE("text in NFD is drawn in NFC") {
  const auto pdf = print(document_of({line("Hoa\u0300 Bi\u0300nh")}));
  REQUIRE(pdf);
  CHECK(said("pdftotext", *pdf).starts_with("Hoà Bình"));
}

TEST_CASE("the same document gives the same octets, with the date that it was given") {
  const Document document = document_of({line("một"), table_of(3)});
  const auto first = print(document), second = print(document);
  REQUIRE(first);
  CHECK(*first == *second);
  CHECK(said("pdfinfo -isodates", *first).find("2026-03-02T00:00:00Z") != std::string::npos);
}

TEST_CASE("a table that is longer than a page has its header on each page, and pages are numbered from the second") {
  const auto pdf = print(document_of({line("Danh sách"), table_of(100)}));
  REQUIRE(pdf);
  const std::string text = said("pdftotext -layout", *pdf);
  const std::size_t pages = count(text, "\f");
  CHECK(pages > 2);
  CHECK(count(text, "Họ và tên") == pages);
  CHECK(count(text, "Cil Pam Thử") == 100);
  const std::size_t second = text.find('\f');
  CHECK(text.find_first_not_of(" \n", second + 1) == text.find('2', second));
}

TEST_CASE("a paragraph goes on over the page, none of its words lost") {
  std::string words;
  for (int i = 0; i < 3000; ++i) words += "chữ" + std::to_string(i) + " ";
  const auto pdf = print(document_of({line(words)}));
  REQUIRE(pdf);
  const std::string text = said("pdftotext", *pdf);
  CHECK(count(text, "\f") > 1);
  CHECK(count(text, "chữ") == 3000);
}

TEST_CASE("the place of a signature is not parted") {
  std::vector<Block> blocks(46, line("dòng"));
  Beside end;
  end.columns = {{1, {line("Nơi nhận")}},
                 {1, {line("GIÁM ĐỐC"), Paragraph{.runs = {{.text = "Họ và tên"}}, .above = 30}}}};
  blocks.push_back(end);
  const auto pdf = print(document_of(blocks));
  REQUIRE(pdf);
  const std::string text = said("pdftotext -layout", *pdf);
  const std::size_t turn = text.find('\f');
  CHECK(text.find("Nơi nhận") > turn);
  CHECK(text.find("Họ và tên") > turn);
}

TEST_CASE("what the face cannot write is refused, never left out") {
  CHECK_THAT(refusal("Ấn 印"), Catch::Matchers::ContainsSubstring("no letter U+5370"));
  CHECK_THAT(refusal("😀"), Catch::Matchers::ContainsSubstring("no letter U+1F600"));
  CHECK_THAT(refusal("hai\ndòng"), Catch::Matchers::ContainsSubstring("U+000A"));
  CHECK_THAT(refusal("ngược\u202e"), Catch::Matchers::ContainsSubstring("U+202E"));
  CHECK_THAT(refusal("\xff"), Catch::Matchers::ContainsSubstring("not UTF-8"));
}

TEST_CASE("a row that is higher than a page is refused") {
  std::string words;
  for (int i = 0; i < 2000; ++i) words += "chữ ";
  Table table = table_of(1);
  table.rows[0][1] = words;
  const auto printed = print(document_of({table}));
  REQUIRE_FALSE(printed);
  CHECK(printed.error().code == ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace antin::page
