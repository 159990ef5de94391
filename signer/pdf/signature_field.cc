#include "signer/pdf/signature_field.h"

#include <algorithm>
#include <array>
#include <qpdf/QPDF.hh>

namespace antin::pdf {
namespace {

constexpr unsigned max_parents = 64;
constexpr long long hidden_flag = 2;  // ISO 32000-2 table 167

// What a widget of a signature field needs. Whatever is not here acts or shows something of its own: /A and /AA run
// actions and scripts, /Kids and /Parent reach other fields, /OC lets it appear later.
constexpr std::array<std::string_view, 28> usual_keys{
    "/AP",      "/AS",           "/BS",       "/Border", "/DA",   "/DR", "/F",  "/FT", "/Ff", "/H",    "/Lang", "/M",
    "/MK",      "/NM",           "/P",        "/Q",      "/Rect", "/T",  "/TM", "/TU", "/V",  "/Type", "/SV",   "/Lock",
    "/Subtype", "/StructParent", "/Contents", "/C"};

bool is_name(QPDFObjectHandle object, const char* name) { return object.isName() && object.getName() == name; }

bool has_area(QPDFObjectHandle rectangle) {
  if (!rectangle.isRectangle()) return !rectangle.isNull();
  const auto r = rectangle.getArrayAsRectangle();
  return r.llx != r.urx && r.lly != r.ury;
}

}  // namespace

ObjectId id_of(QPDFObjectHandle object) { return {object.getObjectID(), object.getGeneration()}; }

QPDFObjectHandle field_of(QPDFObjectHandle widget) {
  return widget.getKey("/T").isNull() && widget.getKey("/Parent").isDictionary() ? widget.getKey("/Parent") : widget;
}

bool is_signature_field(QPDFObjectHandle field) {
  for (unsigned i = 0; i < max_parents && field.isDictionary(); ++i) {
    if (!field.getKey("/FT").isNull()) return is_name(field.getKey("/FT"), "/Sig");
    field = field.getKey("/Parent");
  }
  return false;
}

bool shows_something(QPDFObjectHandle widget) {
  const bool painted = !widget.getKey("/AP").isNull() || !widget.getKey("/MK").isNull();
  QPDFObjectHandle flags = widget.getKey("/F");
  const bool hidden = flags.isInteger() && (flags.getIntValue() & hidden_flag) != 0;
  return painted && !hidden && has_area(widget.getKey("/Rect"));
}

std::optional<std::string> defect_of_new_field(QPDFObjectHandle field, LaterValue value) {
  if (!field.isDictionary() || !is_name(field.getKey("/FT"), "/Sig")) return "";
  if (!is_name(field.getKey("/Subtype"), "/Widget")) return "/Subtype";
  for (const std::string& key : field.getKeys())
    if (std::ranges::find(usual_keys, key) == usual_keys.end()) return key;
  // A value that is not a signature which the reader found and located could be anything.
  if (value == LaterValue::none && !field.getKey("/V").isNull()) return "/V";
  // Anybody can have a time-stamp, and an empty field is nobody's: neither may lay an image over what was signed.
  if (value != LaterValue::signature && shows_something(field)) return "/AP";
  return std::nullopt;
}

std::optional<std::string> defect_of_filled_field(QPDFObjectHandle before, QPDFObjectHandle after, LaterValue value) {
  if (value == LaterValue::none) return "/V";
  if (value == LaterValue::timestamp && shows_something(after)) return "/AP";
  // /F of a widget is a number; in an action it would be a file.
  for (QPDFObjectHandle flags : {before.getKey("/F"), after.getKey("/F")})
    if (!flags.isNull() && !flags.isInteger()) return "/F";
  return std::nullopt;
}

bool changes_when_filled(const std::string& key) {
  return key == "/V" || key == "/AP" || key == "/F" || key == "/M" || key == "/AS";
}

}  // namespace antin::pdf
