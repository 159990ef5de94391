// A one-page PDF with one signature, and the texts that updates of it need.
#pragma once

#include "tests/raw_pdf.h"
#include "tests/sample_pdf.h"

namespace antin {

struct SignedPdf {
  std::string value = "/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached";  // but for the hole
  std::string catalogue{};                                                                  // keys beside the usual
  std::string form = "/SigFlags 3";
  std::string other_fields{};  // `12 0 R`, in /Fields and /Annots after the signature's
  Objects more{};
};

inline std::string page_text(const std::string& annotations, const std::string& keys = {}) {
  return "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> "
         "/Annots [ " +
         annotations + " ] " + keys + " >>";
}
inline std::string catalogue_text(const std::string& fields, const std::string& form = "/SigFlags 3",
                                  const std::string& keys = {}) {
  return "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [ " + fields + " ] " + form + " >> " + keys + " >>";
}
// Objects 10 (value) and 11 (field) beside those of sample_pdf().
inline Bytes signed_pdf(const SignedPdf& about, const std::function<Bytes(const Bytes&)>& make) {
  const std::string fields = "11 0 R " + about.other_fields;
  Objects objects = about.more;
  objects[1] = catalogue_text(fields, about.form, about.catalogue);
  objects[3] = page_text(fields);
  objects[10] = "<< " + about.value + " " + signature_hole() + " >>";
  objects[11] = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Leader) /V 10 0 R /F 132 /Rect [0 0 0 0] /P 3 0 R >>";
  return with_signature(with_update(sample_pdf(), objects), make);
}

}  // namespace antin
