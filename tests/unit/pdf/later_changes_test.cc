// What may come after a signature, and what may not: each case is an update of one signed page.
#include "base/encoding.h"
#include "signer/pdf/signatures.h"
#include "tests/catch.h"
#include "tests/signed_pdf.h"

using namespace antin;
using pdf::ChangesAfter;

namespace {

const std::string form_object = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]";
const std::string white_page = stream_object(form_object, "1 1 1 rg 0 0 595 842 re f");
const std::string widget = "/Type /Annot /Subtype /Widget /FT /Sig /T (Later) /P 3 0 R ";
const std::string whole_page = "/F 4 /Rect [0 0 595 842] /AP << /N 21 0 R >> ";
const std::string value_of_signature = "/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached ";

struct People {
  TestAuthority authority;
  TestAuthority::Subscriber leader = authority.issue("Lãnh đạo"), seal = authority.issue("Tổ chức");
};
People& people() {
  static People all;
  return all;
}
Bytes by_leader(const Bytes& covered) { return detached_message(people().leader, covered); }
Bytes by_seal(const Bytes& covered) { return detached_message(people().seal, covered); }
Bytes by_authority(const Bytes& covered) { return time_stamp_token(people().seal, covered); }

// What is said of the leader's signature.
pdf::PdfSignature leaders(const Bytes& document) {
  const auto found = pdf::read_signatures(document).value();
  for (const pdf::PdfSignature& signature : found.signatures)
    if (signature.field == "Leader") return signature;
  throw std::runtime_error("the leader's signature is gone");
}
void expect(const Bytes& document, ChangesAfter changes) {
  const pdf::PdfSignature signature = leaders(document);
  INFO((signature.changed.empty() ? "" : signature.changed.front()));
  CHECK(signature.range_defect.value_or("") == "");
  CHECK(signature.changes == changes);
}

Bytes signed_once(const SignedPdf& about = {}) { return signed_pdf(about, by_leader); }
// The update adds field 20 to the form and to the page.
Bytes with_field(const Bytes& document, const std::string& field, Objects more = {}) {
  more.insert({{1, catalogue_text("11 0 R 20 0 R")},
               {3, page_text("11 0 R 20 0 R")},
               {20, "<< " + field + " >>"},
               {21, white_page}});
  return with_update(document, more);
}

}  // namespace

TEST_CASE("a field that is nobody's signature may come later only when it shows and does nothing") {
  const Bytes document = signed_once();
  expect(with_field(document, widget + "/F 132 /Rect [0 0 0 0]"), ChangesAfter::permitted);
  expect(with_field(document, widget + "/F 4 /Rect [0 0 200 50]"), ChangesAfter::permitted);  // no appearance
  expect(with_field(document, widget + "/F 2 /Rect [0 0 595 842] /AP << /N 21 0 R >>"), ChangesAfter::permitted);
  for (const std::string& field :
       {widget + whole_page, widget + "/F 4 /Rect [0 0 595 842] /MK << /BG [1 1 1] >>",
        std::string("/Type /Annot /Subtype /FreeText /FT /Sig /T (x) ") + whole_page,
        std::string("/Type /Annot /Subtype /Link /FT /Sig /Rect [0 0 9 9] /A << /S /URI /URI (http://x.test) >>"),
        std::string("/FT /Sig /T (y) /AA << /PO << /S /JavaScript /JS (app.alert(1)) >> >>"),
        widget + "/Rect [0 0 0 0] /AA << /PO << /S /JavaScript /JS (app.alert(1)) >> >>",
        widget + "/Rect [0 0 0 0] /A << /S /JavaScript /JS (app.alert(1)) >>", widget + "/Rect [0 0 0 0] /V (text)",
        widget + "/Rect [0 0 0 0] /V << /Type /Sig /ByteRange [0 10 20 10] /Contents <00> >>",
        widget + whole_page + "/V 10 0 R",  // the leader's own value again
        std::string("/Type /Annot /Subtype /Widget /FT /Tx /T (t) /V (x) /Rect [0 0 0 0]")}) {
    INFO(field);
    expect(with_field(document, field), ChangesAfter::forbidden);
  }
}

TEST_CASE("a real later signature may show its image, and is named; a value that only looks like one may not") {
  const std::string field = widget + whole_page + "/V 22 0 R";
  const Bytes prepared =
      with_field(signed_once(), field, {{22, "<< " + value_of_signature + signature_hole() + " >>"}});
  const Bytes sealed = with_signature(prepared, by_seal);
  expect(sealed, ChangesAfter::permitted);
  CHECK(leaders(sealed).covered_by == std::vector<std::string>{"Later"});
  expect(prepared, ChangesAfter::forbidden);  // its byte range is empty
}

TEST_CASE("a document time-stamp is permitted and may show nothing: anybody can have one") {
  const std::string stamp = "/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 ";
  const Objects value{{22, "<< " + stamp + signature_hole() + " >>"}};
  const Bytes document = signed_once();
  const auto stamped = [&](const std::string& field) {
    return with_signature(with_field(document, field + "/V 22 0 R", value), by_authority);
  };
  expect(stamped(widget + "/F 132 /Rect [0 0 0 0] "), ChangesAfter::permitted);
  expect(stamped(widget + whole_page), ChangesAfter::forbidden);
}

TEST_CASE("an empty field that was there is filled by a signature alone, where it stands") {
  const std::string empty = widget + "/F 132 /Rect [72 72 200 120] ";
  const Bytes document = signed_once({.other_fields = "12 0 R", .more = {{12, "<< " + empty + " >>"}}});
  const auto filled = [&](const std::string& field) {
    return with_update(
        document,
        {{12, "<< " + field + " >>"}, {21, white_page}, {22, "<< " + value_of_signature + signature_hole() + " >>"}});
  };
  expect(with_signature(filled(empty + "/V 22 0 R /AP << /N 21 0 R >>"), by_seal), ChangesAfter::permitted);
  expect(filled(empty + "/V (x) /AP << /N 21 0 R >>"), ChangesAfter::forbidden);
  expect(filled(empty + "/AP << /N 21 0 R >>"), ChangesAfter::forbidden);
  const std::string moved = widget + "/F 132 /Rect [0 0 595 842] /V 22 0 R /AP << /N 21 0 R >>";
  expect(with_signature(filled(moved), by_seal), ChangesAfter::forbidden);
  const std::string acting = empty + "/V 22 0 R /AA << /PO << /S /JavaScript /JS (app.alert(1)) >> >>";
  expect(with_signature(filled(acting), by_seal), ChangesAfter::forbidden);
}

TEST_CASE("an author who certified with P=1 allows proofs alone after him, with P=2 signatures too") {
  const auto certified = [](int p) {
    return signed_once({.value = value_of_signature +
                                 "/Reference [ << /TransformMethod /DocMDP /TransformParams << /P " +
                                 std::to_string(p) + " /V /1.2 >> >> ]",
                        .catalogue = "/Perms << /DocMDP 10 0 R >>"});
  };
  const auto update = [](const Bytes& document, const std::string& keys, const std::string& fields = "11 0 R 20 0 R") {
    return with_update(document, {{1, catalogue_text(fields, "/SigFlags 3", "/Perms << /DocMDP 10 0 R >> " + keys)},
                                  {3, page_text(fields)},
                                  {20, "<< " + widget + "/F 132 /Rect [0 0 0 0] >>"}});
  };
  for (const int p : {1, 2, 3}) {
    INFO("P=" << p);
    expect(update(certified(p), ""), p == 1 ? ChangesAfter::forbidden : ChangesAfter::permitted);
    expect(update(certified(p), "/DSS << /Certs [ ] >>", "11 0 R"), ChangesAfter::permitted);
  }
  const std::string stamped = widget + "/F 132 /Rect [0 0 0 0] /V 22 0 R";
  const Bytes prepared =
      with_update(certified(1), {{1, catalogue_text("11 0 R 20 0 R", "/SigFlags 3", "/Perms << /DocMDP 10 0 R >>")},
                                 {3, page_text("11 0 R 20 0 R")},
                                 {20, "<< " + stamped + " >>"},
                                 {22, "<< /Type /DocTimeStamp /SubFilter /ETSI.RFC3161 " + signature_hole() + " >>"}});
  expect(with_signature(prepared, by_authority), ChangesAfter::permitted);
}

TEST_CASE("what a form may get: fonts that it did not have; never another font under the same name") {
  const std::string helvetica = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
  const std::string symbol = "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>";
  const std::string with_font = "/SigFlags 3 /DR << /Font << /Helv 12 0 R >> >>";
  const auto form = [](const SignedPdf& about, const std::string& keys, Objects more = {}) {
    more[1] = catalogue_text("11 0 R", keys);
    return with_update(signed_once(about), more);
  };
  const SignedPdf bare, has_font{.form = with_font, .more = {{12, helvetica}}};
  expect(form(bare, "/SigFlags 3 /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 12 0 R >> >>", {{12, helvetica}}),
         ChangesAfter::permitted);
  expect(form(has_font, "/SigFlags 3 /DR << /Font << /Helv 12 0 R /More 13 0 R >> >>", {{13, symbol}}),
         ChangesAfter::permitted);
  expect(form(has_font, with_font, {{12, symbol}}), ChangesAfter::forbidden);
  expect(form(has_font, "/SigFlags 3 /DR << /Font << /Helv 13 0 R >> >>", {{13, symbol}}), ChangesAfter::forbidden);
  expect(form(has_font, "/SigFlags 3 /DR << /Font << >> >>"), ChangesAfter::forbidden);
  expect(form({.form = "/DA (/Helv 0 Tf 0 g)"}, "/DA (/Helv 0 Tf 1 g)"), ChangesAfter::forbidden);
  // Fields that are drawn anew would show in what is added.
  expect(form({.form = "/NeedAppearances true"}, "/NeedAppearances true /DR << /Font << /Helv 12 0 R >> >>",
              {{12, helvetica}}),
         ChangesAfter::forbidden);
  expect(form(bare, "/SigFlags 3 /NeedAppearances true"), ChangesAfter::forbidden);
}

TEST_CASE("metadata, version and document information may change; what a reader sees or runs may not") {
  const Bytes document = signed_once(
      {.catalogue = "/Metadata 12 0 R", .more = {{12, stream_object("/Type /Metadata /Subtype /XML", "<x/>")}}});
  const auto catalogue = [&](const std::string& keys, Objects more = {}) {
    more[1] = catalogue_text("11 0 R", "/SigFlags 3", keys);
    return with_update(document, more);
  };
  expect(catalogue("/Metadata 12 0 R /Version /2.0", {{12, stream_object("/Type /Metadata /Subtype /XML", "<y/>")}}),
         ChangesAfter::permitted);
  expect(catalogue("/Metadata 12 0 R /OpenAction << /S /URI /URI (http://x.test) >>"), ChangesAfter::forbidden);
  expect(catalogue("/Metadata 12 0 R /PageLayout /TwoPageLeft"), ChangesAfter::forbidden);
  expect(with_update(document, {{5, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"}}), ChangesAfter::forbidden);
  expect(with_update(document, {{3, page_text("11 0 R << /Type /Annot /Subtype /Text /Rect [9 9 30 30] >>")}}),
         ChangesAfter::forbidden);
}

TEST_CASE("an object under another number is the same when its content is, but not a layer") {
  const Bytes document = signed_once();
  const auto page = [](const std::string& font) {
    return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 " + font +
           " >> >> /Annots [ 11 0 R ] >>";
  };
  expect(with_update(document, {{3, page("30 0 R")}, {30, "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"}}),
         ChangesAfter::permitted);
  expect(with_update(document, {{3, page("30 0 R")}, {30, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"}}),
         ChangesAfter::forbidden);
  // Two layers that look alike, one switched off: content that moves from one to the other vanishes.
  const std::string layers = "/OCProperties << /OCGs [ 12 0 R 13 0 R ] /D << /OFF [ 13 0 R ] >> >> /Shown ";
  const Bytes layered =
      signed_once({.catalogue = layers + "12 0 R", .more = {{12, "<< /Name (a) >>"}, {13, "<< /Name (a) >>"}}});
  expect(with_update(layered, {{1, catalogue_text("11 0 R", "/SigFlags 3", layers + "13 0 R")}}),
         ChangesAfter::forbidden);
}

TEST_CASE("a chain of any length is compared to its end") {
  const int length = 3000;
  Objects chain;
  for (int i = 0; i < length; ++i) chain[200 + i] = "<< /Title (x) /Next " + std::to_string(201 + i) + " 0 R >>";
  chain[200 + length] = "<< /Title (end) >>";
  const Bytes document = signed_once({.catalogue = "/Outlines 200 0 R", .more = chain});
  expect(with_update(document, {{90, "null"}}), ChangesAfter::permitted);
  expect(with_update(document, {{200 + length, "<< /Title (other) >>"}}), ChangesAfter::forbidden);
}

TEST_CASE("octets after the last %%EOF are forbidden, white space is not; junk in the hole is noticed") {
  const Bytes document = signed_once();
  const auto followed_by = [&](const char* text) {
    Bytes longer = document;
    append(longer, bytes_of(std::string_view(text)));
    return longer;
  };
  expect(followed_by("\r\n \n"), ChangesAfter::none);
  expect(followed_by("% a remark\n"), ChangesAfter::forbidden);
  CHECK_FALSE(leaders(document).junk_in_hole);
  const auto padded = signed_pdf({}, [](const Bytes& covered) {
    Bytes message = by_leader(covered);
    append(message, from_hex("0000deadbeef").value());
    return message;
  });
  CHECK(leaders(padded).junk_in_hole);
}
