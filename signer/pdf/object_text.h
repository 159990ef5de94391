// PDF objects as text: new dictionaries made of old ones, without going through a writer that would renumber them.
#pragma once

#include <map>
#include <string>
#include <string_view>

class QPDFObjectHandle;

namespace antin::pdf {

// `<< /Key value … >>` of `dictionary` with some keys replaced or added; references stay what they are.
std::string dictionary_with(QPDFObjectHandle dictionary, const std::map<std::string, std::string>& changes);
// `[ … extra ]`; an array that is not there is empty.
std::string array_with(QPDFObjectHandle array, const std::string& extra);
// A text string: ASCII as a literal, all else as hexadecimal UTF-16BE (ISO 32000-2 §7.9.2.2).
std::string text_string(std::string_view utf8);

}  // namespace antin::pdf
