#include "cli/commands/pin_letter.h"

#include "signer/page/print.h"

namespace antin::commands {
namespace {

using page::Align;
using page::Paragraph;
using page::Run;

Paragraph centred(std::string text, Run style, double above = 0) {
  style.text = std::move(text);
  return {.runs = {std::move(style)}, .align = Align::centre, .above = above};
}

Paragraph text(std::string words, double above = 1.5, double size = 12.5) {
  return {.runs = {{.text = std::move(words), .size = size}}, .align = Align::justified, .first_line = 10,
          .above = above};
}

Paragraph named(std::string name, std::string value) {
  return {.runs = {{.text = std::move(name) + ": ", .size = 12.5},
                   {.text = std::move(value), .bold = true, .size = 12.5}},
          .first_line = 10,
          .above = 1};
}

// `27/11/2026`, as it is in Vietnam.
std::string day(Time time) {
  const std::string text = to_rfc3339(time, vietnam_offset);
  return text.substr(8, 2) + "/" + text.substr(5, 2) + "/" + text.substr(0, 4);
}

std::string long_day(Time time) {
  const std::string text = to_rfc3339(time, vietnam_offset);
  return "Ngày " + text.substr(8, 2) + " tháng " + text.substr(5, 2) + " năm " + text.substr(0, 4);
}

// `1234 5678`: read and typed without a slip.
std::string in_groups(std::string_view pin) {
  std::string out;
  for (std::size_t i = 0; i < pin.size(); ++i) {
    if (i != 0 && i % 4 == 0) out += "  ";
    out += pin[i];
  }
  return out;
}

std::vector<Paragraph> tear_line(const std::string& words, double above) {
  std::string dashes;
  for (int i = 0; i < 58; ++i) dashes += i == 0 ? "–" : " –";
  return {centred(dashes, {.size = 10}, above), centred(words, {.italic = true, .size = 9})};
}

page::Beside heading(const PinLetter& letter, const forms::FormSet& words, Time made) {
  std::vector<Paragraph> left{centred(letter.issuer, {.bold = true, .size = 12})}, right;
  if (letter.party) {
    left.push_back(centred("*", {.size = 13}));
    right.push_back(centred(words.party, {.bold = true, .size = 13}));
    right.back().rule = 0.5;
  } else {
    left.back().rule = 0.25;
    right.push_back(centred(words.nation, {.bold = true, .size = 11.5}));
    right.push_back(centred(words.motto, {.bold = true, .size = 12.5}));
    right.back().rule = 0.42;
  }
  right.push_back(centred(long_day(made), {.italic = true, .size = 12.5}, 1.5));
  return {.columns = {{1, std::move(left)}, {1.25, std::move(right)}}};
}

void add(page::Document& document, std::vector<Paragraph> paragraphs) {
  for (Paragraph& paragraph : paragraphs) document.blocks.push_back(std::move(paragraph));
}

std::vector<Paragraph> about(const PinLetter& letter) {
  std::vector<Paragraph> all{centred(letter.again ? "THƯ BÁO MÃ PIN MỚI" : "THƯ BÁO MÃ PIN", {.bold = true, .size = 15}, 6),
                             centred("của thiết bị lưu khóa bí mật", {.bold = true, .size = 13})};
  Paragraph to = centred("Kính gửi: ", {.size = 13}, 3);
  to.runs.push_back({.text = letter.name, .bold = true, .size = 13});
  all.push_back(std::move(to));
  if (!letter.unit.empty()) all.push_back(centred(letter.unit, {.size = 12.5}));
  all.push_back(named("Mã thuê bao", letter.code));
  all.back().above = 4;
  all.push_back(named("Thiết bị", letter.label));
  all.push_back(named("Số sê-ri thiết bị", letter.serial));
  all.push_back(named("Số sê-ri chứng thư số", letter.certificate_serial));
  all.push_back(named("Chứng thư số có hiệu lực", "từ " + day(letter.not_before) + " đến " + day(letter.not_after)));
  return all;
}

std::vector<Paragraph> advice(const PinLetter& letter) {
  std::vector<Paragraph> all;
  if (letter.again) all.push_back(text("Mã PIN này thay cho mã PIN trước; mã trước không còn dùng được.", 3));
  all.push_back(text("1. Đổi mã PIN ngay lần dùng đầu tiên; sau đó hủy thư này.", letter.again ? 1.5 : 3));
  all.push_back(text("2. Không để thư cùng chỗ với thiết bị; không cho người khác biết mã PIN, kể cả người giao thiết bị."));
  all.push_back(text("3. Nhập sai nhiều lần, thiết bị sẽ tự khóa: liên hệ nơi cấp để được mở khóa và nhận mã PIN mới."));
  all.push_back(text("4. Mất thiết bị hoặc ngờ rằng mã PIN đã lộ: báo ngay cho nơi cấp để thu hồi chứng thư số. "
                     "Thư chỉ được in một lần; nơi cấp không lưu mã PIN."));
  return all;
}

std::vector<Paragraph> receipt(const PinLetter& letter) {
  return {centred("GIẤY BIÊN NHẬN", {.bold = true, .size = 13}, 2),
          text("Tôi đã nhận thiết bị " + letter.label + " (số sê-ri " + letter.serial +
               ") và thư báo mã PIN được gấp kín, còn nguyên vẹn; mã thuê bao " + letter.code + ".")};
}

page::Beside signatures() {
  const auto column = [](const std::string& who) {
    return std::vector<Paragraph>{centred(who, {.bold = true, .size = 12}),
                                  centred("(Ký, ghi rõ họ tên)", {.italic = true, .size = 11})};
  };
  std::vector<Paragraph> right{centred("Ngày …… tháng …… năm ……", {.italic = true, .size = 12})};
  for (Paragraph& paragraph : column("NGƯỜI NHẬN")) right.push_back(std::move(paragraph));
  std::vector<Paragraph> left = column("NGƯỜI GIAO");
  left.front().above = 5;
  return {.columns = {{1, std::move(left)}, {1, std::move(right)}}, .above = 2};
}

}  // namespace

Result<Bytes> print_pin_letter(const PinLetter& letter, const Secret& pin, const forms::FormSet& words, Time made) {
  page::Document document;
  document.title = "Thư báo mã PIN";
  document.made = made;
  document.margins = {.top = 18, .bottom = 12, .left = 30, .right = 20};
  document.blocks.push_back(heading(letter, words, made));
  add(document, about(letter));
  add(document, tear_line("Gấp theo đường này, dán kín", 5));
  document.blocks.push_back(centred("Mã PIN", {.size = 12.5}, 5));
  document.blocks.push_back(centred(in_groups(pin.reveal()), {.bold = true, .size = 28}));
  const std::size_t secret = document.blocks.size() - 1;
  add(document, tear_line("Gấp theo đường này, dán kín", 5));
  add(document, advice(letter));
  add(document, tear_line("Cắt theo đường này, nơi cấp giữ phần dưới", 5));
  add(document, receipt(letter));
  document.blocks.push_back(signatures());
  Result<Bytes> pdf = page::print(document);
  std::string& written = std::get<Paragraph>(document.blocks[secret]).runs.front().text;
  wipe(written.data(), written.size());
  return pdf;
}

}  // namespace antin::commands
