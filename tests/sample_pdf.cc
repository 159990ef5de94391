#include "tests/sample_pdf.h"

#include <cstdio>
#include <map>
#include <string>

#include "signer/pdf/incremental_update.h"

namespace antin {
namespace {

class Writer {
 public:
  void add(int number, const std::string& body) {
    offsets_[number] = text_.size();
    text_ += std::to_string(number) + " 0 obj\n" + body + "\nendobj\n";
  }
  Bytes finish(PdfKind kind) {
    const int size = offsets_.rbegin()->first + 1;
    std::size_t at = text_.size();
    if (kind == PdfKind::stream) {
      add_stream(size, 0);
    } else {
      const int hidden = kind == PdfKind::hybrid ? 8 : size;
      if (kind == PdfKind::hybrid) add_stream(size, hidden);
      const std::string named = kind == PdfKind::hybrid ? "/XRefStm " + std::to_string(at) + " " : "";
      at = text_.size();
      text_ += "xref\n0 " + std::to_string(size) + "\n0000000000 65535 f\r\n";
      for (int number = 1; number < size; ++number) {
        char line[32];
        std::snprintf(line, sizeof line, number < hidden ? "%010zu 00000 n\r\n" : "%010zu 65535 f\r\n",
                      number < hidden ? offsets_[number] : 0);
        text_ += line;
      }
      text_ +=
          "trailer\n<< /Size " + std::to_string(size + (kind == PdfKind::hybrid)) + " " + named + "/Root 1 0 R >>\n";
    }
    text_ += "startxref\n" + std::to_string(at) + "\n%%EOF\n";
    return to_bytes(text_);
  }

 private:
  // A cross-reference stream, itself object `number`, of the objects from `first` on.
  void add_stream(int number, int first) {
    offsets_[number] = text_.size();
    std::string data = first == 0 ? std::string("\0\0\0\0\0\xff\xff", 7) : "";
    for (const auto& [object, offset] : offsets_) {
      if (object < first) continue;
      data += '\1';
      for (int shift = 24; shift >= 0; shift -= 8) data += static_cast<char>(offset >> shift);
      data += std::string(2, '\0');
    }
    text_ += std::to_string(number) + " 0 obj\n<< /Type /XRef /Size " + std::to_string(number + 1) + " /Index [" +
             std::to_string(first) + " " + std::to_string(number + 1 - first) + "] /W [1 4 2] /Root 1 0 R /Length " +
             std::to_string(data.size()) + " >>\nstream\n" + data + "\nendstream\nendobj\n";
  }

  std::string text_ = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
  std::map<int, std::size_t> offsets_;
};

std::string stream(const std::string& data) {
  return "<< /Length " + std::to_string(data.size()) + " >>\nstream\n" + data + "\nendstream";
}

}  // namespace

Bytes sample_pdf(const SamplePdf& about) {
  Writer writer;
  std::string catalogue = "<< /Type /Catalog /Pages 2 0 R";
  if (about.with_form) catalogue += " /AcroForm 8 0 R";
  if (about.author_permission != 0)
    catalogue += " /Perms << /DocMDP << /Type /Sig /Reference [ << /TransformMethod /DocMDP /TransformParams << /P " +
                 std::to_string(about.author_permission) + " >> >> ] >> >>";
  writer.add(1, catalogue + " >>");
  writer.add(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  writer.add(3, std::string("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font "
                            "<< /F1 5 0 R >> >>") +
                    (about.with_annotations ? " /Annots 7 0 R" : "") + " >>");
  writer.add(4, stream("BT /F1 14 Tf 72 770 Td (SYNTHETIC LETTER) Tj ET"));
  writer.add(5, "<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>");
  std::string noise(about.padding, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  writer.add(6, stream(noise));
  if (about.with_annotations)
    writer.add(7, "[ << /Type /Annot /Subtype /Text /Rect [10 10 30 30] /Contents (note) >> ]");
  else
    writer.add(7, "null");
  writer.add(8, about.with_form ? "<< /Fields [ 9 0 R ] /DA (/F1 0 Tf) >>" : "null");
  writer.add(9, about.with_form ? "<< /FT /Tx /T (subject) /V (old) >>" : "null");
  return writer.finish(about.kind);
}

Bytes with_replaced_content(const Bytes& document) {
  pdf::IncrementalUpdate update(document.size(), true, pdf::find_last_section(document).value());
  update.add(4, 0, stream("BT /F1 14 Tf 72 770 Td (ANOTHER TEXT) Tj ET"));
  Bytes changed = document;
  append(changed, bytes_of(std::move(update).finish("/Root 1 0 R", 60)));
  return changed;
}

}  // namespace antin
