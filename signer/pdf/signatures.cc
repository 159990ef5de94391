#include "signer/pdf/signatures.h"

#include <algorithm>
#include <qpdf/QPDF.hh>
#include <set>
#include <stdexcept>

#include "base/encoding.h"
#include "base/memory_budget.h"
#include "signer/cms/ber.h"
#include "signer/pdf/reading_limit.h"
#include "signer/pdf/revision_diff.h"

namespace antin::pdf {
namespace {

constexpr std::size_t max_fields = 100'000;
constexpr unsigned max_field_depth = 64;

std::unique_ptr<QPDF> open(ByteView document, bool recover) {
  auto pdf = std::make_unique<QPDF>();
  pdf->setSuppressWarnings(true);
  pdf->setAttemptRecovery(recover);
  pdf->processMemoryFile("document", reinterpret_cast<const char*>(document.data()), document.size());
  return pdf;
}

std::string name_of(QPDFObjectHandle object) { return object.isName() ? object.getName().substr(1) : std::string(); }

struct FoundField {
  std::string name;
  ObjectId id;
  QPDFObjectHandle value;
};

void walk_fields(QPDFObjectHandle fields, const std::string& prefix, const std::string& inherited_type,
                 std::set<QPDFObjGen>& seen, std::vector<FoundField>& found, unsigned depth = 0) {
  if (!fields.isArray()) return;
  if (depth > max_field_depth) throw std::runtime_error("its form is nested too deeply");
  for (int i = 0; i < fields.getArrayNItems() && seen.size() < max_fields; ++i) {
    QPDFObjectHandle field = fields.getArrayItem(i);
    if (!field.isDictionary() || (field.isIndirect() && !seen.insert(field.getObjGen()).second)) continue;
    std::string name = prefix;
    if (field.getKey("/T").isString()) name += (prefix.empty() ? "" : ".") + field.getKey("/T").getUTF8Value();
    const std::string type = field.getKey("/FT").isName() ? name_of(field.getKey("/FT")) : inherited_type;
    if (type == "Sig" && field.getKey("/V").isDictionary()) found.push_back({name, id_of(field), field.getKey("/V")});
    walk_fields(field.getKey("/Kids"), name, type, seen, found, depth + 1);
  }
}

// Ends of revisions: after each %%EOF and the line end that may follow it.
std::vector<std::uint64_t> revision_ends(std::string_view text) {
  std::vector<std::uint64_t> ends;
  for (std::size_t at = text.find("%%EOF"); at != std::string_view::npos; at = text.find("%%EOF", at + 5)) {
    std::size_t end = at + 5;
    if (end < text.size() && text[end] == '\r') ++end;
    if (end < text.size() && text[end] == '\n') ++end;
    ends.push_back(end);
  }
  return ends;
}

std::optional<std::string> read_range(ByteView document, QPDFObjectHandle value, PdfSignature& signature) {
  QPDFObjectHandle range = value.getKey("/ByteRange");
  if (!range.isArray() || range.getArrayNItems() != 4) return "there is no /ByteRange of four numbers";
  long long n[4];
  for (int i = 0; i < 4; ++i) {
    if (!range.getArrayItem(i).isInteger()) return "/ByteRange holds something that is no number";
    n[i] = range.getArrayItem(i).getIntValue();
  }
  const auto size = static_cast<long long>(document.size());
  if (n[0] != 0 || n[1] <= 0 || n[2] <= n[1] || n[3] < 0 || n[2] > size || n[3] > size - n[2])
    return "/ByteRange does not lie in the file in order";
  signature.hole_begin = static_cast<std::uint64_t>(n[1]);
  signature.hole_end = static_cast<std::uint64_t>(n[2]);
  signature.covered_end = static_cast<std::uint64_t>(n[2] + n[3]);
  return std::nullopt;
}

// The hole must be the hexadecimal string of /Contents and nothing else, and that string the one that the reader saw.
std::optional<std::string> read_hole(ByteView document, QPDFObjectHandle value, PdfSignature& signature) {
  const std::string_view hole =
      text_of(document).substr(signature.hole_begin, signature.hole_end - signature.hole_begin);
  if (hole.size() < 4 || hole.front() != '<' || hole.back() != '>')
    return "the hole is not exactly the string of /Contents";
  std::string digits;
  for (const char c : hole.substr(1, hole.size() - 2))
    if (c != '\n' && c != '\r' && c != ' ') digits += c;
  if (digits.size() % 2 != 0) digits += '0';
  auto octets = from_hex(digits);
  if (!octets) return "the hole holds something else than hexadecimal digits";
  if (!value.getKey("/Contents").isString() || !equal(*octets, bytes_of(value.getKey("/Contents").getStringValue())))
    return "the hole is not the /Contents of the signature";
  signature.contents = *std::move(octets);
  return std::nullopt;
}

std::optional<std::string> read_coverage(const std::vector<std::uint64_t>& ends, std::string_view text,
                                         PdfSignature& signature) {
  // A writer may leave out the line end after %%EOF, or sign without it.
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const std::uint64_t bare = text.rfind("%%EOF", ends[i]) + 5;
    if (signature.covered_end >= bare && signature.covered_end <= ends[i]) {
      signature.revision = static_cast<unsigned>(i + 1);
      return std::nullopt;
    }
  }
  return "the signature does not cover a whole revision of the file";
}

// The message says how long it is; the rest of the hole is zeros. Other octets there are signed by nobody.
void cut_padding(PdfSignature& signature) {
  Bytes& contents = signature.contents;
  const std::size_t size = cms::encoded_size(contents).value_or(contents.size());
  signature.junk_in_hole = std::any_of(contents.begin() + static_cast<std::ptrdiff_t>(size), contents.end(),
                                       [](std::uint8_t c) { return c != 0; });
  contents.resize(size);
}

SignatureKind kind_of(const PdfSignature& signature) {
  const std::string& type = signature.type;  // optional; some write /Sig for time-stamps too
  if (signature.sub_filter == "ETSI.RFC3161" && (type.empty() || type == "Sig" || type == "DocTimeStamp"))
    return SignatureKind::timestamp;
  if (signature.sub_filter.empty() || (!type.empty() && type != "Sig")) return SignatureKind::malformed;
  return signature.sub_filter == "ETSI.CAdES.detached" || signature.sub_filter == "adbe.pkcs7.detached"
             ? SignatureKind::detached_cms
             : SignatureKind::unsupported;
}

// The P of an author's signature (ISO 32000-2 table 257): 1 forbids every change but proofs that are added later.
bool forbids_changes(QPDFObjectHandle value) {
  QPDFObjectHandle references = value.getKey("/Reference");
  for (int i = 0; references.isArray() && i < references.getArrayNItems(); ++i) {
    QPDFObjectHandle reference = references.getArrayItem(i);
    if (!reference.isDictionary() || name_of(reference.getKey("/TransformMethod")) != "DocMDP") continue;
    QPDFObjectHandle parameters = reference.getKey("/TransformParams");
    if (parameters.isDictionary() && parameters.getKey("/P").isInteger() && parameters.getKey("/P").getIntValue() == 1)
      return true;
  }
  return false;
}

bool only_space(ByteView octets) {
  return std::all_of(octets.begin(), octets.end(),
                     [](std::uint8_t c) { return c == '\n' || c == '\r' || c == ' ' || c == 0; });
}

PdfSignature read_value(ByteView document, const FoundField& field, const std::vector<std::uint64_t>& ends) {
  PdfSignature signature;
  QPDFObjectHandle value = field.value;
  signature.field = field.name;
  signature.type = name_of(value.getKey("/Type"));
  signature.sub_filter = name_of(value.getKey("/SubFilter"));
  signature.kind = kind_of(signature);
  if (value.getKey("/M").isString()) signature.claimed_time = value.getKey("/M").getUTF8Value();
  signature.range_defect = read_range(document, value, signature);
  if (!signature.range_defect) signature.range_defect = read_hole(document, value, signature);
  if (!signature.range_defect) signature.range_defect = read_coverage(ends, text_of(document), signature);
  cut_padding(signature);
  return signature;
}

// The fields whose signatures begin after `signature` ends. Only what was located in the file counts.
Later later_than(const PdfSignature& signature, const std::vector<FoundField>& fields,
                 const std::vector<PdfSignature>& signatures) {
  Later later;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const PdfSignature& other = signatures[i];
    if (other.range_defect || other.kind == SignatureKind::malformed || other.hole_begin < signature.covered_end)
      continue;
    later.fields[fields[i].id] = other.kind == SignatureKind::timestamp ? LaterValue::timestamp : LaterValue::signature;
  }
  later.fields.erase(ObjectId{0, 0});
  return later;
}

void judge_changes(ByteView document, QPDF& whole, const Later& later, std::uint64_t last_end,
                   PdfSignature& signature) {
  if (only_space(document.subspan(signature.covered_end))) return;
  try {
    const auto revision = open(document.first(signature.covered_end), false);
    Difference difference = compare_revisions(*revision, whole, later);
    // Octets that follow and change nothing are an update all the same.
    signature.changes = std::max(difference.verdict, ChangesAfter::permitted);
    signature.changed = std::move(difference.forbidden);
    signature.covered_by = std::move(difference.visible);
  } catch (const std::exception&) {
    signature.changes = ChangesAfter::forbidden;
    signature.changed = {"the revision that was signed cannot be read by itself"};
  }
  if (only_space(document.subspan(last_end))) return;
  signature.changes = ChangesAfter::forbidden;
  signature.changed.push_back("octets after the last %%EOF");
}

SignedPdf read(ByteView document, QPDF& pdf, bool repaired) {
  SignedPdf found;
  found.repaired = repaired || pdf.anyWarnings();
  const std::vector<std::uint64_t> ends = revision_ends(text_of(document));
  found.revisions = static_cast<unsigned>(ends.size());
  std::vector<FoundField> fields;
  std::set<QPDFObjGen> seen;
  QPDFObjectHandle form = pdf.getRoot().getKey("/AcroForm");
  if (form.isDictionary()) walk_fields(form.getKey("/Fields"), "", "", seen, fields);
  for (const FoundField& field : fields) found.signatures.push_back(read_value(document, field, ends));
  for (std::size_t i = 0; i < fields.size(); ++i) {
    PdfSignature& signature = found.signatures[i];
    if (signature.range_defect) continue;
    Later later = later_than(signature, fields, found.signatures);
    later.proofs_alone = forbids_changes(fields[i].value);
    judge_changes(document, pdf, later, ends.back(), signature);
  }
  std::stable_sort(found.signatures.begin(), found.signatures.end(),
                   [](const auto& a, const auto& b) { return a.covered_end < b.covered_end; });
  return found;
}

}  // namespace

Result<SignedPdf> read_signatures(ByteView document) {
  const MemoryBudget budget(reading_budget(document.size()));
  for (const bool recover : {false, true}) {
    try {
      const auto pdf = open(document, recover);
      SignedPdf found = read(document, *pdf, recover);
      if (budget.exceeded()) return too_much_memory();
      return found;
    } catch (const std::exception& broken) {
      if (budget.exceeded()) return too_much_memory();
      if (recover) return fail(ErrorCode::invalid_argument, std::string("PDF: cannot be read: ") + broken.what());
    }
  }
  return fail(ErrorCode::internal, "PDF: not read");
}

std::pair<ByteView, ByteView> covered_octets(ByteView document, const PdfSignature& signature) {
  return {document.first(signature.hole_begin),
          document.subspan(signature.hole_end, signature.covered_end - signature.hole_end)};
}

}  // namespace antin::pdf
