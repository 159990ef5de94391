#include "cli/words/words.h"

#include <set>
#include <string>

#include "cli/words/report_words.h"
#include "cli/words/tables.h"
#include "tests/catch.h"

using namespace antin;
using namespace antin::words;

namespace {

std::string vi(std::string_view message) { return error_text(message, Language::vi); }

}  // namespace

TEST_CASE("a message is said in the language asked for, its contexts too") {
  CHECK(error_text("token officer-1: login: CKR_PIN_INCORRECT", Language::en) ==
        "token officer-1: login: CKR_PIN_INCORRECT");
  CHECK(vi("token officer-1: login: CKR_PIN_INCORRECT") == "token officer-1: đăng nhập: CKR_PIN_INCORRECT (sai PIN)");
  CHECK(vi("bad.jsonl: roster line 7: \"row\" should be 6") ==
        "bad.jsonl: danh sách, dòng 7 của tệp: \"row\" phải là 6");
  CHECK(vi("r.pdf: PDF: is encrypted; remove the encryption before signing") ==
        "r.pdf: PDF: đã bị mã hóa; hãy bỏ mã hóa trước khi ký");
}

TEST_CASE("a sentence with a joint inside is found whole") {
  CHECK(vi("antind: /srv/home: already being done by process 17: wait for it or stop it") ==
        "antind: /srv/home: tiến trình 17 đang làm việc này: hãy đợi hoặc dừng nó");
  CHECK(vi("roster r: c.jsonl is not what was submitted as 0a1b: it was changed since: submit and approve it anew") ==
        "danh sách r: c.jsonl không phải tệp đã nộp với mã 0a1b: tệp đã bị đổi từ đó: hãy nộp và duyệt lại");
}

TEST_CASE("what has no entry stays as it is: names of files, other libraries' words") {
  CHECK(vi("Công văn số 5.pdf: open: No such file or directory") ==
        "Công văn số 5.pdf: mở: không có tệp hoặc thư mục này");
  CHECK(vi("PDF: cannot be read: xref not found (offset 17)") == "PDF: không đọc được: xref not found (offset 17)");
  CHECK(is_known("PDF: is encrypted; remove the encryption before signing"));
  CHECK_FALSE(is_known("PDF: some sentence that nobody wrote down"));
  CHECK(vi("").empty());
  CHECK(vi("a: b: c: d: e: f: g: h: i: j: k: l: m: n: o") == "a: b: c: d: e: f: g: h: i: j: k: l: m: n: o");
}

TEST_CASE("the closest entry wins, and no hole swallows a context") {
  CHECK(vi("certificate government-1 is revoked") == "chứng thư government-1 đã bị thu hồi");
  CHECK(vi("store: x fits several certificates; name one of a, b") ==
        "kho dữ liệu: x hợp với nhiều chứng thư; hãy nêu một trong a, b");
  CHECK(vi("profile personal: field mail is missing") == "hồ sơ chứng thư personal: thiếu trường mail");
}

TEST_CASE("a message of any length is answered soon, a very long one as it is") {
  std::string hostile = "x";
  while (hostile.size() < 1990) hostile += " is: a";
  CHECK(vi(hostile).size() >= hostile.size());
  const std::string field =
      "the form has a field \"" + std::string(50'000'000, 'y') + "\" that this call does not know";
  CHECK(vi(field) == field);
}

TEST_CASE("times are those of Vietnam") {
  CHECK(error_text("profile p: the issuer ended at 2022-12-28T02:30:15Z: renew it first", Language::en) ==
        "profile p: the issuer ended at 2022-12-28T09:30:15+07:00: renew it first");
  CHECK(vi("Z: not an RFC 3339 time: \"Z\" (want Z)") == "Z: không phải thời điểm theo RFC 3339: \"Z\" (cần dạng Z)");
}

TEST_CASE("a scope is said in the language asked for") {
  CHECK(scope_text("Signature1: revision 2, 33492 octets", Language::vi) == "Signature1: phiên bản 2, 33492 byte");
  CHECK(scope_text("Signature1: revision 2, 33492 octets", Language::en) == "Signature1: revision 2, 33492 octets");
  CHECK(scope_text("a.txt, b.txt", Language::vi) == "a.txt, b.txt");
}

TEST_CASE("of a report only messages are translated, never the names of files") {
  validation::Report report;
  report.reasons = {{"verify.unsigned_file", {"store"}}, {"verify.format", {"CMS: is not SignedData"}}};
  const validation::Report said = in_language(report, Language::vi);
  CHECK(said.reasons[0].arguments[0] == "store");
  CHECK(said.reasons[1].arguments[0] == "CMS: không phải SignedData");
}

TEST_CASE("no sentence stands twice, and both languages have the same holes") {
  std::set<std::string_view> seen;
  for (const auto table : {context_sentences(), usage_sentences(), token_sentences(), ca_sentences(),
                           format_sentences(), document_sentences(), program_sentences()}) {
    for (const Sentence& sentence : table) {
      INFO(sentence.en);
      CHECK(seen.insert(sentence.en).second);
      for (const char* hole : {"{0}", "{1}", "{2}", "{3}"})
        CHECK((sentence.en.find(hole) == std::string_view::npos) == (sentence.vi.find(hole) == std::string_view::npos));
    }
  }
}
