#include "signer/pdf/revision_diff.h"

#include <algorithm>
#include <deque>
#include <qpdf/QPDF.hh>
#include <set>

namespace antin::pdf {
namespace {

bool is_name(QPDFObjectHandle object, const char* name) { return object.isName() && object.getName() == name; }
bool is_true(QPDFObjectHandle object) { return object.isBool() && object.getBoolValue(); }

// Compares breadth first, so that a change is named by its shortest path and a chain of any length (outline entries,
// say) needs no stack.
class Comparison {
 public:
  explicit Comparison(const Later& later) : later_(later) {}

  Difference run(QPDF& before, QPDF& after) {
    collect_layers(before);
    collect_layers(after);
    if (before.getTrailer().getKey("/Encrypt").unparseResolved() !=
        after.getTrailer().getKey("/Encrypt").unparseResolved())
      forbidden(step(none, "Encrypt"));
    catalogue(before.getRoot(), after.getRoot(), step(none, "Root"));
    for (; !tasks_.empty(); tasks_.pop_front()) {
      Task& task = tasks_.front();
      if (steps_.size() > max_steps) {
        forbidden(task.at);
        break;
      }
      compare(task.before, task.after, task.at);
    }
    return std::move(result_);
  }

 private:
  static constexpr std::size_t max_listed = 20, max_steps = 3'000'000, none = ~std::size_t{0};
  struct Step {
    std::size_t parent;
    std::string key;
  };
  struct Task {
    QPDFObjectHandle before, after;
    std::size_t at;
  };

  std::size_t step(std::size_t parent, std::string key) {
    steps_.push_back({parent, std::move(key)});
    return steps_.size() - 1;
  }
  std::string path(std::size_t at) const {
    std::vector<const std::string*> keys;
    for (; at != none && keys.size() < 500; at = steps_[at].parent) keys.push_back(&steps_[at].key);
    std::string text;
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) text += **key;
    return text;
  }

  void permitted() { result_.verdict = std::max(result_.verdict, ChangesAfter::permitted); }
  void forbidden(std::size_t at, const std::string& key = {}) {
    result_.verdict = ChangesAfter::forbidden;
    if (result_.forbidden.size() < max_listed) result_.forbidden.push_back(path(at) + key);
  }
  // Numbers, names and strings at once, what holds others when its turn comes.
  void compare_soon(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at, const std::string& key) {
    if (!a.isScalar() || !b.isScalar()) return tasks_.push_back({a, b, step(at, key)});
    if (a.getTypeCode() != b.getTypeCode() || a.unparseResolved() != b.unparseResolved()) forbidden(at, key);
  }

  // Optional content is switched by the identity of its groups (ISO 32000-2 §8.11), so these keep their numbers.
  void collect_layers(QPDF& pdf) {
    QPDFObjectHandle properties = pdf.getRoot().getKey("/OCProperties");
    QPDFObjectHandle groups = properties.isDictionary() ? properties.getKey("/OCGs") : QPDFObjectHandle::newNull();
    for (int i = 0; groups.isArray() && i < groups.getArrayNItems(); ++i) layers_.insert(id_of(groups.getArrayItem(i)));
    layers_.erase(ObjectId{0, 0});
  }
  bool is_layer(QPDFObjectHandle object) const {
    return layers_.contains(id_of(object)) || (object.isDictionary() && (is_name(object.getKey("/Type"), "/OCG") ||
                                                                         is_name(object.getKey("/Type"), "/OCMD")));
  }

  void catalogue(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    if (!a.isDictionary() || !b.isDictionary()) return forbidden(at);
    visited_.emplace(id_of(a), id_of(b));
    for (const std::string& key : keys_of(a, b)) {
      QPDFObjectHandle before = a.getKey(key), after = b.getKey(key);
      if (key == "/DSS" || key == "/Extensions") {  // read by verifiers alone, never shown
        if (before.unparseResolved() != after.unparseResolved()) permitted();
      } else if (key == "/Version" && after.isName()) {  // goes up with what an update adds; viewers draw alike
        if (before.unparse() != after.unparse()) permitted();
      } else if (key == "/Metadata" && after.isStream() && is_name(after.getDict().getKey("/Type"), "/Metadata")) {
        // XMP: a writer notes when and with what it wrote; no page shows it.
        later_.proofs_alone ? compare_soon(before, after, at, key) : permitted();
      } else if (key == "/AcroForm") {
        form(before, after, step(at, key));
      } else {
        compare_soon(before, after, at, key);
      }
    }
  }

  void form(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    if (!b.isDictionary()) return a.isNull() && b.isNull() ? void() : forbidden(at);
    if (!a.isDictionary()) a = QPDFObjectHandle::newDictionary();
    // Fields are drawn anew from /DA and /DR when the form says so: what is added there would then be seen.
    const bool drawn_anew = is_true(a.getKey("/NeedAppearances")) || is_true(b.getKey("/NeedAppearances"));
    for (const std::string& key : keys_of(a, b)) {
      QPDFObjectHandle before = a.getKey(key), after = b.getKey(key);
      if (key == "/Fields")
        superset(before, after, step(at, key));
      else if (key == "/SigFlags")
        before.unparse() != after.unparse() ? permitted() : void();
      else if (key == "/DA" && before.isNull() && !drawn_anew)
        permitted();
      else if (key == "/DR" && !drawn_anew)
        resources(before, after, step(at, key));
      else
        compare_soon(before, after, at, key);
    }
  }

  // The form's resources serve default appearances, which set fonts and nothing else (ISO 32000-2 §12.7.4.3). Fonts may
  // be added, never replaced: another font shows other words. /XObject holds the image of the last signature (an old
  // habit of several programs, /FRM); nothing paints it from here.
  void resources(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    if (a.isNull() || (a.isDictionary() && a.getKeys().empty())) return permitted();
    if (!a.isDictionary() || !b.isDictionary()) return compare_soon(a, b, at, "");
    for (const std::string& category : keys_of(a, b)) {
      QPDFObjectHandle before = a.getKey(category), after = b.getKey(category);
      if (before.isNull() || category == "/XObject") {
        permitted();
      } else if (before.isDictionary() && after.isDictionary()) {
        for (const std::string& name : keys_of(before, after))
          if (before.getKey(name).isNull())
            permitted();
          else
            compare_soon(before.getKey(name), after.getKey(name), at, category + name);
      } else {
        compare_soon(before, after, at, category);
      }
    }
  }

  // Fields and annotations: all that were there, in their order, and then signature fields alone.
  void superset(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    const int before = a.isArray() ? a.getArrayNItems() : 0, after = b.isArray() ? b.getArrayNItems() : 0;
    if (after < before) return forbidden(at);
    for (int i = 0; i < before; ++i) compare_soon(a.getArrayItem(i), b.getArrayItem(i), at, item(i));
    for (int i = before; i < after; ++i) new_field(b.getArrayItem(i), step(at, item(i)));
  }

  LaterValue value_of(QPDFObjectHandle field) const {
    const auto found = later_.fields.find(id_of(field));
    return found == later_.fields.end() ? LaterValue::none : found->second;
  }

  void new_field(QPDFObjectHandle field, std::size_t at) {
    const LaterValue value = value_of(field);
    if (const auto defect = defect_of_new_field(field, value)) return forbidden(at, *defect);
    if (later_.proofs_alone && value != LaterValue::timestamp) return forbidden(at);
    permitted();
    note_visible(field, field);
  }

  void note_visible(QPDFObjectHandle widget, QPDFObjectHandle field) {
    if (!shows_something(widget)) return;
    const std::string name = field.getKey("/T").isString() ? field.getKey("/T").getUTF8Value() : "";
    if (std::ranges::find(result_.visible, name) == result_.visible.end()) result_.visible.push_back(name);
  }

  // A signature field that was empty and has a value now, or a widget of it; wherever it is met.
  bool was_filled(QPDFObjectHandle a, QPDFObjectHandle b) const {
    if (!a.isDictionary() || !b.isDictionary()) return false;
    QPDFObjectHandle before = field_of(a), after = field_of(b);
    return before.getKey("/V").isNull() && !after.getKey("/V").isNull() && is_signature_field(before) &&
           is_signature_field(after);
  }

  void filled(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    const LaterValue value = value_of(field_of(b));
    if (const auto defect = defect_of_filled_field(a, b, value)) return forbidden(at, *defect);
    if (later_.proofs_alone && value != LaterValue::timestamp) return forbidden(at);
    permitted();
    note_visible(b, field_of(b));
    for (const std::string& key : keys_of(a, b))
      if (!changes_when_filled(key)) compare_soon(a.getKey(key), b.getKey(key), at, key);
  }

  // A pair of objects is compared once. Another number is as good when the content is the same, but for layers.
  void compare(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    if ((a.isIndirect() || b.isIndirect()) && !visited_.emplace(id_of(a), id_of(b)).second &&
        a.isIndirect() == b.isIndirect())
      return;
    if (a.getTypeCode() != b.getTypeCode()) return forbidden(at);
    if (id_of(a) != id_of(b) && (is_layer(a) || is_layer(b))) return forbidden(at);
    if (was_filled(a, b)) return filled(a, b, at);
    if (a.isStream()) return streams(a, b, at);
    if (a.isDictionary()) return dictionaries(a, b, at);
    if (a.isArray()) return arrays(a, b, at);
    if (a.unparseResolved() != b.unparseResolved()) forbidden(at);
  }

  void streams(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    dictionaries(a.getDict(), b.getDict(), at);
    const auto left = a.getRawStreamData(), right = b.getRawStreamData();
    if (left->getSize() != right->getSize() ||
        !std::equal(left->getBuffer(), left->getBuffer() + left->getSize(), right->getBuffer()))
      forbidden(at);
  }

  void dictionaries(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    const bool page = is_name(a.getKey("/Type"), "/Page");
    for (const std::string& key : keys_of(a, b)) {
      if (page && key == "/Annots")
        superset(a.getKey(key), b.getKey(key), step(at, key));
      else
        compare_soon(a.getKey(key), b.getKey(key), at, key);
    }
  }

  void arrays(QPDFObjectHandle a, QPDFObjectHandle b, std::size_t at) {
    if (a.getArrayNItems() != b.getArrayNItems()) return forbidden(at);
    for (int i = 0; i < a.getArrayNItems(); ++i) compare_soon(a.getArrayItem(i), b.getArrayItem(i), at, item(i));
  }

  static std::string item(int i) { return "[" + std::to_string(i) + "]"; }
  static std::set<std::string> keys_of(QPDFObjectHandle a, QPDFObjectHandle b) {
    std::set<std::string> keys = a.getKeys();
    keys.merge(b.getKeys());
    return keys;
  }

  const Later& later_;
  std::set<ObjectId> layers_;
  std::set<std::pair<ObjectId, ObjectId>> visited_;
  std::deque<Step> steps_;
  std::deque<Task> tasks_;
  Difference result_;
};

}  // namespace

Difference compare_revisions(QPDF& signed_revision, QPDF& whole, const Later& later) {
  return Comparison(later).run(signed_revision, whole);
}

}  // namespace antin::pdf
