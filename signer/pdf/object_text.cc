#include "signer/pdf/object_text.h"

#include <algorithm>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QUtil.hh>

#include "base/bytes.h"
#include "base/encoding.h"

namespace antin::pdf {

std::string dictionary_with(QPDFObjectHandle dictionary, const std::map<std::string, std::string>& changes) {
  std::string out = "<<";
  if (dictionary.isDictionary())
    for (const std::string& key : dictionary.getKeys())
      if (!changes.contains(key))
        out += " " + QPDFObjectHandle::newName(key).unparse() + " " + dictionary.getKey(key).unparse();
  for (const auto& [key, value] : changes) out += " " + key + " " + value;
  return out + " >>";
}

std::string array_with(QPDFObjectHandle array, const std::string& extra) {
  std::string out = "[";
  if (array.isArray())
    for (int i = 0; i < array.getArrayNItems(); ++i) out += " " + array.getArrayItem(i).unparse();
  return out + " " + extra + " ]";
}

std::string text_string(std::string_view utf8) {
  const bool ascii = std::all_of(utf8.begin(), utf8.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  if (!ascii) return "<" + to_hex_upper(bytes_of(QUtil::utf8_to_utf16(std::string(utf8)))) + ">";
  std::string out = "(";
  for (const char c : utf8) {
    if (c == '(' || c == ')' || c == '\\') out += '\\';
    out += c;
  }
  return out + ")";
}

}  // namespace antin::pdf
