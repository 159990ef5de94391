// Signature fields that came after a signature: which of them may stand in the document, and whether they show
// anything.
#pragma once

#include <optional>
#include <string>
#include <utility>

class QPDFObjectHandle;

namespace antin::pdf {

using ObjectId = std::pair<int, int>;  // number and generation; {0, 0} for what is no indirect object
ObjectId id_of(QPDFObjectHandle object);

// What the value of a field is, when it was made after the signature that is judged.
enum class LaterValue { none, signature, timestamp };

// The field that a widget belongs to: itself, or its parent when it has no name of its own.
QPDFObjectHandle field_of(QPDFObjectHandle widget);
// /FT /Sig, its own or a parent's.
bool is_signature_field(QPDFObjectHandle field);
// It is painted on a page: a rectangle that is not empty, an appearance, and no Hidden flag.
bool shows_something(QPDFObjectHandle widget);
// The key for which a field that was not there before may not be added; none when it may.
std::optional<std::string> defect_of_new_field(QPDFObjectHandle field, LaterValue value);
// The key for which a field that was empty may not get this value; none when it may.
std::optional<std::string> defect_of_filled_field(QPDFObjectHandle before, QPDFObjectHandle after, LaterValue value);
// A key that changes when an empty field is filled.
bool changes_when_filled(const std::string& key);

}  // namespace antin::pdf
