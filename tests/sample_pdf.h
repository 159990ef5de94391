// Small PDFs of our own making, of each kind that a file can be.
#pragma once

#include "base/bytes.h"

namespace antin {

enum class PdfKind { table, stream, hybrid };  // hybrid: the form is in a stream that the table names (/XRefStm)
struct SamplePdf {
  PdfKind kind = PdfKind::table;
  std::size_t padding = 0;         // octets of an extra stream, to make the file large
  bool with_annotations = false;   // the page has an indirect /Annots
  bool with_form = false;          // the catalogue has an indirect /AcroForm
  unsigned author_permission = 0;  // /Perms with a DocMDP of this P
};
Bytes sample_pdf(const SamplePdf& about = {});
// Appends an update that gives the page another content stream, as an attacker would.
Bytes with_replaced_content(const Bytes& pdf);

}  // namespace antin
