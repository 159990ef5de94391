#include "signer/pdf/revision_diff.h"

#include <algorithm>
#include <qpdf/QPDF.hh>
#include <set>

namespace antin::pdf {
namespace {

bool is_signature_field(QPDFObjectHandle field) {
  return field.isDictionary() && field.getKey("/FT").isName() && field.getKey("/FT").getName() == "/Sig" &&
         field.getKey("/Kids").isNull();
}

bool is_indirect(QPDFObjectHandle object) { return object.isIndirect(); }

class Comparison {
 public:
  Difference run(QPDF& before, QPDF& after) {
    catalogue(before.getRoot(), after.getRoot());
    return std::move(result_);
  }

 private:
  static constexpr std::size_t max_listed = 20;
  static constexpr unsigned max_depth = 500;

  void permitted() { result_.verdict = std::max(result_.verdict, ChangesAfter::permitted); }
  void forbidden(const std::string& path) {
    result_.verdict = ChangesAfter::forbidden;
    if (result_.forbidden.size() < max_listed) result_.forbidden.push_back(path);
  }

  // A pair of indirect objects is compared once.
  bool seen(QPDFObjectHandle a, QPDFObjectHandle b) {
    if (!is_indirect(a) || !is_indirect(b)) return false;
    return !visited_.emplace(a.getObjGen(), b.getObjGen()).second;
  }

  void catalogue(QPDFObjectHandle a, QPDFObjectHandle b) {
    if (!a.isDictionary() || !b.isDictionary()) return forbidden("Root");
    visited_.emplace(a.getObjGen(), b.getObjGen());
    for (const std::string& key : keys_of(a, b)) {
      if (key == "/DSS" || key == "/Extensions") {
        if (a.getKey(key).unparseResolved() != b.getKey(key).unparseResolved()) permitted();
      } else if (key == "/AcroForm") {
        form(a.getKey(key), b.getKey(key));
      } else {
        compare(a.getKey(key), b.getKey(key), "Root" + key, 1);
      }
    }
  }

  void form(QPDFObjectHandle a, QPDFObjectHandle b) {
    if (!b.isDictionary()) return a.isNull() ? void() : forbidden("Root/AcroForm");
    if (!a.isDictionary()) a = QPDFObjectHandle::newDictionary();
    for (const std::string& key : keys_of(a, b)) {
      if (key == "/Fields")
        superset(a.getKey(key), b.getKey(key), "Root/AcroForm/Fields", 2);
      else if (key == "/SigFlags") {
        if (a.getKey(key).unparse() != b.getKey(key).unparse()) permitted();
      } else
        compare(a.getKey(key), b.getKey(key), "Root/AcroForm" + key, 2);
    }
  }

  // Fields and annotations: all that were there, in their order, and then signature fields alone.
  void superset(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    const int before = a.isArray() ? a.getArrayNItems() : 0, after = b.isArray() ? b.getArrayNItems() : 0;
    if (after < before) return forbidden(path);
    for (int i = 0; i < before; ++i)
      field(a.getArrayItem(i), b.getArrayItem(i), path + "[" + std::to_string(i) + "]", depth + 1);
    for (int i = before; i < after; ++i) {
      if (is_signature_field(b.getArrayItem(i)))
        permitted();
      else
        forbidden(path + "[" + std::to_string(i) + "]");
    }
  }

  // A signature field that was empty may have got its value and appearance.
  void field(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    if (!is_signature_field(a) || !a.getKey("/V").isNull() || b.getKey("/V").isNull())
      return compare(a, b, path, depth);
    if (!is_signature_field(b)) return forbidden(path);
    permitted();
    if (seen(a, b)) return;
    for (const std::string& key : keys_of(a, b))
      if (key != "/V" && key != "/AP" && key != "/F" && key != "/M")
        compare(a.getKey(key), b.getKey(key), path + key, depth + 1);
  }

  void compare(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    if (depth > max_depth) return forbidden(path);
    if (seen(a, b)) return;
    if (a.getTypeCode() != b.getTypeCode()) return forbidden(path);
    if (is_indirect(a) != is_indirect(b) || (is_indirect(a) && a.getObjGen() != b.getObjGen())) return forbidden(path);
    if (a.isStream()) return streams(a, b, path, depth);
    if (a.isDictionary()) return dictionaries(a, b, path, depth);
    if (a.isArray()) return arrays(a, b, path, depth);
    if (a.unparseResolved() != b.unparseResolved()) forbidden(path);
  }

  void streams(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    dictionaries(a.getDict(), b.getDict(), path, depth);
    const auto left = a.getRawStreamData(), right = b.getRawStreamData();
    if (left->getSize() != right->getSize() ||
        !std::equal(left->getBuffer(), left->getBuffer() + left->getSize(), right->getBuffer()))
      forbidden(path);
  }

  void dictionaries(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    const bool page = a.getKey("/Type").isName() && a.getKey("/Type").getName() == "/Page";
    for (const std::string& key : keys_of(a, b)) {
      if (page && key == "/Annots")
        superset(a.getKey(key), b.getKey(key), path + key, depth + 1);
      else
        compare(a.getKey(key), b.getKey(key), path + key, depth + 1);
    }
  }

  void arrays(QPDFObjectHandle a, QPDFObjectHandle b, const std::string& path, unsigned depth) {
    if (a.getArrayNItems() != b.getArrayNItems()) return forbidden(path);
    for (int i = 0; i < a.getArrayNItems(); ++i)
      compare(a.getArrayItem(i), b.getArrayItem(i), path + "[" + std::to_string(i) + "]", depth + 1);
  }

  static std::set<std::string> keys_of(QPDFObjectHandle a, QPDFObjectHandle b) {
    std::set<std::string> keys = a.getKeys();
    keys.merge(b.getKeys());
    return keys;
  }

  std::set<std::pair<QPDFObjGen, QPDFObjGen>> visited_;
  Difference result_;
};

}  // namespace

Difference compare_revisions(QPDF& signed_revision, QPDF& whole) { return Comparison().run(signed_revision, whole); }

}  // namespace antin::pdf
