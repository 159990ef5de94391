#include "signer/pdf/pades.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <set>

#include "base/encoding.h"
#include "base/memory_budget.h"
#include "signer/cms/cades.h"
#include "signer/pdf/incremental_update.h"
#include "signer/pdf/object_text.h"
#include "signer/pdf/reading_limit.h"

namespace antin::pdf {
namespace {

constexpr std::size_t max_document = 1u << 30;
constexpr std::size_t byte_range_width = 4 * 11;  // four numbers of up to ten digits

std::unexpected<Error> refuse(const std::string& why) { return fail(ErrorCode::invalid_argument, "PDF: " + why); }

std::string reference(int number) { return std::to_string(number) + " 0 R"; }
std::string reference(QPDFObjectHandle object) {
  return std::to_string(object.getObjectID()) + " " + std::to_string(object.getGeneration()) + " R";
}

// D:20221228023015Z (ISO 32000-2 §7.9.4).
std::string pdf_date(Time time) {
  const std::string t = to_rfc3339(time);
  return "(D:" + t.substr(0, 4) + t.substr(5, 2) + t.substr(8, 2) + t.substr(11, 2) + t.substr(14, 2) +
         t.substr(17, 2) + "Z)";
}

void collect_field_names(QPDFObjectHandle fields, std::set<std::string>& names) {
  if (!fields.isArray()) return;
  for (int i = 0; i < fields.getArrayNItems(); ++i) {
    QPDFObjectHandle field = fields.getArrayItem(i);
    if (field.isDictionary() && field.getKey("/T").isString()) names.insert(field.getKey("/T").getUTF8Value());
  }
}

Result<std::string> choose_field_name(QPDFObjectHandle form, const std::string& wanted) {
  std::set<std::string> names;
  if (form.isDictionary()) collect_field_names(form.getKey("/Fields"), names);
  if (!wanted.empty()) {
    if (names.contains(wanted))
      return refuse("a field called \"" + wanted + "\" is there already; choose another field_name");
    if (wanted.find('.') != std::string::npos) return refuse("a field's name cannot hold a full stop");
    return wanted;
  }
  for (int n = 1;; ++n)
    if (const std::string name = "Signature" + std::to_string(n); !names.contains(name)) return name;
}

// An author's signature with P=1 allows nothing after it (ISO 32000-2 §12.8.2.2).
Status check_author_permission(QPDFObjectHandle root) {
  QPDFObjectHandle permissions = root.getKey("/Perms");
  if (!permissions.isDictionary() || !permissions.getKey("/DocMDP").isDictionary()) return {};
  QPDFObjectHandle references = permissions.getKey("/DocMDP").getKey("/Reference");
  if (!references.isArray()) return {};
  for (int i = 0; i < references.getArrayNItems(); ++i) {
    QPDFObjectHandle parameters = references.getArrayItem(i).getKey("/TransformParams");
    if (parameters.isDictionary() && parameters.getKey("/P").isInteger() && parameters.getKey("/P").getIntValue() == 1)
      return fail(ErrorCode::permission_denied,
                  "PDF: the author's signature forbids every change (DocMDP P=1), so it cannot be signed again");
  }
  return {};
}

class PadesDraft final : public pipeline::Draft {
 public:
  PadesDraft(Bytes document, std::size_t hole, std::size_t hole_size, cms::SignedAttributes about, Bytes to_be_signed,
             std::vector<x509::Certificate> chain)
      : document_(std::move(document)),
        hole_(hole),
        hole_size_(hole_size),
        about_(std::move(about)),
        to_be_signed_(std::move(to_be_signed)),
        chain_(std::move(chain)) {}
  ByteView to_be_signed() const noexcept override { return to_be_signed_; }
  Result<Bytes> assemble(ByteView signature) && override {
    ANTIN_TRY(const Bytes message, cms::assemble_detached(to_be_signed_, about_, signature, chain_));
    const std::string hex = to_hex(message);
    if (hex.size() > hole_size_)
      return fail(ErrorCode::resource_exhausted, "PDF: the signature of " + std::to_string(message.size()) +
                                                     " octets does not fit its hole of " +
                                                     std::to_string(hole_size_ / 2));
    std::copy(hex.begin(), hex.end(), document_.begin() + static_cast<std::ptrdiff_t>(hole_));
    return std::move(document_);
  }

 private:
  Bytes document_;
  std::size_t hole_, hole_size_;  // of the hexadecimal digits
  cms::SignedAttributes about_;
  Bytes to_be_signed_;
  std::vector<x509::Certificate> chain_;
};

// The signature dictionary with its two holes, and where they are in it.
struct SignatureValue {
  std::string text;
  std::size_t byte_range, contents;  // offsets of `[` and `<`
  std::size_t hex_digits;
};

SignatureValue signature_value(const pipeline::SignatureRequest& request) {
  SignatureValue value{};
  value.hex_digits = 2 * cms::size_bound(request.signer, request.chain);
  value.text =
      "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M " + pdf_date(request.signing_time);
  for (const auto& [key, text] : {std::pair{"/Reason", &request.reason}, std::pair{"/Location", &request.location},
                                  std::pair{"/ContactInfo", &request.contact}})
    if (!text->empty()) value.text += std::string(" ") + key + " " + text_string(*text);
  value.text += " /ByteRange ";
  value.byte_range = value.text.size();
  value.text += "[" + std::string(byte_range_width, ' ') + "] /Contents ";
  value.contents = value.text.size();
  value.text += "<" + std::string(value.hex_digits, '0') + "> >>";
  return value;
}

// One signing: reads the document, lays out the update.
class Layout {
 public:
  Layout(const Bytes& document, const pipeline::SignatureRequest& request) : document_(document), request_(request) {}

  Result<std::unique_ptr<pipeline::Draft>> run() {
    ANTIN_TRY(const LastSection last, find_last_section(document_));
    ANTIN_CHECK(open());
    ANTIN_CHECK(check_author_permission(pdf_.getRoot()));
    QPDFObjectHandle form = pdf_.getRoot().getKey("/AcroForm");
    if (form.isDictionary() && form.getKey("/XFA").isInitialized() && !form.getKey("/XFA").isNull())
      return refuse("holds an XFA form, which this program does not sign");
    ANTIN_TRY(const std::string name, choose_field_name(form, request_.field_name));
    const SignatureValue value = signature_value(request_);
    IncrementalUpdate update(document_.size(),
                             !document_.empty() && (document_.back() == '\n' || document_.back() == '\r'), last);
    const int value_number = next_number();
    const int field_number = value_number + 1;
    const std::uint64_t value_at = update.add(value_number, 0, value.text);
    add_field(update, name, value_number, field_number);
    add_to_form(update, form, field_number);
    return draft(std::move(update).finish(trailer(), field_number + 1), value, value_at);
  }

 private:
  Status open() {
    pdf_.setSuppressWarnings(true);
    pdf_.setAttemptRecovery(false);
    pdf_.processMemoryFile("document", reinterpret_cast<const char*>(document_.data()), document_.size());
    if (pdf_.isEncrypted()) return refuse("is encrypted; remove the encryption before signing");
    if (!pdf_.getRoot().isDictionary() || !pdf_.getRoot().isIndirect()) return refuse("has no document catalogue");
    pages_ = pdf_.getAllPages();
    if (pages_.empty()) return refuse("has no pages");
    if (pdf_.anyWarnings()) return refuse("is damaged; save it anew with the program that made it");
    return {};
  }

  int next_number() {
    int number =
        pdf_.getTrailer().getKey("/Size").isInteger() ? pdf_.getTrailer().getKey("/Size").getIntValueAsInt() : 1;
    for (QPDFObjectHandle& object : pdf_.getAllObjects()) number = std::max(number, object.getObjectID() + 1);
    return number;
  }

  void add_field(IncrementalUpdate& update, const std::string& name, int value_number, int field_number) {
    QPDFObjectHandle page = pages_.front();
    update.add(field_number, 0,
               "<< /Type /Annot /Subtype /Widget /FT /Sig /T " + text_string(name) + " /V " + reference(value_number) +
                   " /F 132 /Rect [0 0 0 0] /P " + reference(page) + " >>");
    QPDFObjectHandle annotations = page.getKey("/Annots");
    const std::string list = array_with(annotations, reference(field_number));
    if (annotations.isArray() && annotations.isIndirect())
      update.add(annotations.getObjectID(), annotations.getGeneration(), list);
    else
      update.add(page.getObjectID(), page.getGeneration(), dictionary_with(page, {{"/Annots", list}}));
  }

  void add_to_form(IncrementalUpdate& update, QPDFObjectHandle form, int field_number) {
    QPDFObjectHandle root = pdf_.getRoot();
    const std::string fields =
        array_with(form.isDictionary() ? form.getKey("/Fields") : QPDFObjectHandle::newNull(), reference(field_number));
    const std::string text = dictionary_with(form, {{"/Fields", fields}, {"/SigFlags", "3"}});
    if (form.isDictionary() && form.isIndirect())
      update.add(form.getObjectID(), form.getGeneration(), text);
    else
      update.add(root.getObjectID(), root.getGeneration(), dictionary_with(root, {{"/AcroForm", text}}));
  }

  std::string trailer() {
    std::string out;
    for (const char* key : {"/Root", "/Info", "/ID"})
      if (QPDFObjectHandle value = pdf_.getTrailer().getKey(key); !value.isNull())
        out += std::string(key) + " " + value.unparse() + " ";
    return out;
  }

  Result<std::unique_ptr<pipeline::Draft>> draft(const std::string& increment, const SignatureValue& value,
                                                 std::uint64_t value_at) {
    Bytes whole;
    whole.reserve(document_.size() + increment.size());
    append(whole, document_);
    append(whole, bytes_of(increment));
    const std::size_t open = value_at + value.contents, close = open + value.hex_digits + 2;
    std::array<char, 96> range{};
    std::snprintf(range.data(), range.size(), "[0 %zu %zu %zu", open, close, whole.size() - close);
    std::memcpy(whole.data() + value_at + value.byte_range, range.data(), std::strlen(range.data()));
    if (!std::equal(document_.begin(), document_.end(), whole.begin()))
      return fail(ErrorCode::internal, "PDF: the earlier octets would change");

    cms::SignedAttributes about{cms::Form::pdf, request_.scheme, {}, request_.signing_time, request_.signer};
    about.content_digest = Hasher(cms::content_digest_algorithm(request_.scheme))
                               .update(ByteView(whole).first(open))
                               .update(ByteView(whole).subspan(close))
                               .finish();
    ANTIN_TRY(Bytes attributes, cms::encode_signed_attributes(about));
    return std::make_unique<PadesDraft>(std::move(whole), open + 1, value.hex_digits, std::move(about),
                                        std::move(attributes), request_.chain);
  }

  const Bytes& document_;
  const pipeline::SignatureRequest& request_;
  QPDF pdf_;
  std::vector<QPDFObjectHandle> pages_;
};

class PadesFormat final : public pipeline::DocumentFormat {
 public:
  std::string_view name() const noexcept override { return "pades"; }
  std::string_view media_type() const noexcept override { return "application/pdf"; }
  Result<std::unique_ptr<pipeline::Draft>> prepare(std::vector<pipeline::NamedDocument> documents,
                                                   const pipeline::SignatureRequest& request) const override {
    if (documents.size() != 1) return refuse("exactly one document is signed at a time");
    const Bytes& document = documents.front().content;
    if (document.size() > max_document) return fail(ErrorCode::resource_exhausted, "PDF: larger than 1 GiB");
    if (!text_of(document).substr(0, 1024).contains("%PDF-")) return refuse("the file does not begin as a PDF");
    const MemoryBudget budget(reading_budget(document.size()));
    try {
      auto draft = Layout(document, request).run();
      if (budget.exceeded()) return too_much_memory();
      return draft;
    } catch (const std::exception& broken) {
      if (budget.exceeded()) return too_much_memory();
      return refuse(std::string("cannot be read: ") + broken.what());
    }
  }
};

}  // namespace

const pipeline::DocumentFormat& pades_format() {
  static const PadesFormat format;
  return format;
}

}  // namespace antin::pdf
