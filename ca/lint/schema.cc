#include "ca/lint/schema.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/x509/der.h"

namespace antin::lint {
namespace {

namespace der = x509::der;
using Result = std::optional<Fault>;

Fault fault(std::string_view what) { return {{}, what}; }

std::uint8_t natural_tag(Form form) {
  switch (form) {
    case Form::any:
    case Form::choice:
      return 0;
    case Form::boolean:
      return der::boolean_tag;
    case Form::integer:
    case Form::natural:
      return der::integer_tag;
    case Form::enumerated:
      return der::enumerated_tag;
    case Form::oid:
      return der::oid_tag;
    case Form::null:
      return der::null_tag;
    case Form::bit_string:
    case Form::named_bits:
      return der::bit_string_tag;
    case Form::octet_string:
      return der::octet_string_tag;
    case Form::utf8_string:
      return der::utf8_string_tag;
    case Form::printable_string:
      return der::printable_string_tag;
    case Form::teletex_string:
      return der::teletex_string_tag;
    case Form::ia5_string:
      return der::ia5_string_tag;
    case Form::visible_string:
      return der::visible_string_tag;
    case Form::universal_string:
      return der::universal_string_tag;
    case Form::bmp_string:
      return der::bmp_string_tag;
    case Form::utc_time:
      return der::utc_time_tag;
    case Form::generalized_time:
      return der::generalized_time_tag;
    case Form::sequence:
    case Form::sequence_of:
      return der::sequence_tag;
    case Form::set_of:
      return der::set_tag;
  }
  return 0;
}

bool field_matches(const Field& field, std::uint8_t tag);

bool type_matches(const Type& type, std::uint8_t tag) {
  if (type.form == Form::any) return true;
  if (type.form != Form::choice) return tag == natural_tag(type.form);
  return std::ranges::any_of(type.fields, [tag](const Field& field) { return field_matches(field, tag); });
}

bool field_matches(const Field& field, std::uint8_t tag) {
  if (field.tagging == Tagging::none) return type_matches(field.type, tag);
  const bool constructed = field.tagging == Tagging::explicitly || (natural_tag(field.type.form) & 0x20U) != 0;
  return tag == (constructed ? der::context_constructed(field.number) : der::context(field.number));
}

Result check_size(const Type& type, std::size_t size, std::string_view what) {
  if (size < type.least || size > type.most) return fault(what);
  return {};
}

Result check_integer(ByteView c, bool natural) {
  if (c.empty()) return fault("an INTEGER without octets");
  if (c.size() > 1 && ((c[0] == 0 && (c[1] & 0x80U) == 0) || (c[0] == 0xff && (c[1] & 0x80U) != 0)))
    return fault("an INTEGER that is not in its shortest form");
  if (natural && (c[0] & 0x80U) != 0) return fault("a negative INTEGER");
  return {};
}

Result check_enumerated(const Type& type, ByteView c) {
  if (c.size() != 1 || c[0] < type.least || c[0] > type.most) return fault("an ENUMERATED of another value");
  return {};
}

Result check_oid(ByteView c) {
  if (c.empty() || (c.back() & 0x80U) != 0) return fault("an OBJECT IDENTIFIER that ends early");
  bool fresh = true;
  for (const std::uint8_t octet : c) {
    if (fresh && octet == 0x80) return fault("an OBJECT IDENTIFIER with padding");
    fresh = (octet & 0x80U) == 0;
  }
  return {};
}

Result check_bits(const Type& type, ByteView c) {
  if (c.empty() || c[0] > 7 || (c.size() == 1 && c[0] != 0)) return fault("a BIT STRING with wrong unused bits");
  if (c.size() > 1 && (c.back() & ((1U << c[0]) - 1)) != 0) return fault("a BIT STRING with unused bits that are set");
  // X.690 §11.2.2: a list of named bits ends with a one.
  if (type.form == Form::named_bits && c.size() > 1 && (c.back() & (1U << c[0])) == 0)
    return fault("a list of named bits with trailing zeroes");
  return check_size(type, c.size() - 1, "a BIT STRING of another size");
}

bool printable(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view(" '()+,-./:=?").contains(static_cast<char>(c));
}

Result check_text(const Type& type, ByteView c) {
  std::size_t count = c.size();
  bool good = true;
  switch (type.form) {
    case Form::utf8_string:
      good = is_utf8(text_of(c));
      if (good) count = count_code_points(text_of(c));
      break;
    case Form::printable_string:
      good = std::ranges::all_of(c, printable);
      break;
    case Form::ia5_string:
      good = std::ranges::all_of(c, [](std::uint8_t o) { return o < 0x80; });
      break;
    case Form::visible_string:
      good = std::ranges::all_of(c, [](std::uint8_t o) { return o >= 0x20 && o < 0x7f; });
      break;
    case Form::bmp_string:
      good = c.size() % 2 == 0;
      count /= 2;
      break;
    case Form::universal_string:
      good = c.size() % 4 == 0;
      count /= 4;
      break;
    default:
      break;
  }
  if (!good) return fault("a character that this string type does not have");
  return check_size(type, count, "a string of another length than allowed");
}

Result check_content(const Type& type, ByteView content);

// X.690 §8: an element's octets are read by the strict reader; here only what it means.
Result check_field(const Field& field, const der::Element& element) {
  Result found;
  if (field.tagging == Tagging::explicitly)
    found = check(field.type, element.content);
  else if (field.type.form == Form::choice || field.type.form == Form::any)
    found = check(field.type, element.whole);
  else
    found = check_content(field.type, element.content);
  if (!found && field.presence == Presence::defaulted) {
    ByteView content = element.content;
    if (field.tagging == Tagging::explicitly) content = der::Reader(content).next()->content;
    if (equal(content, field.default_content)) found = fault("a default value that is written out");
  }
  if (found && found->field.empty()) found->field = field.name;
  return found;
}

Result check_sequence(const Type& type, ByteView content) {
  der::Reader reader(content);
  for (const Field& field : type.fields) {
    if (reader.at_end() || !field_matches(field, reader.rest()[0])) {
      if (field.presence == Presence::required) return Fault{field.name, "is missing or has another tag"};
      continue;
    }
    const auto element = reader.next();
    if (!element) return Fault{field.name, "is not DER"};
    if (const Result found = check_field(field, *element)) return found;
  }
  if (!reader.at_end()) return fault("octets after the last element");
  return {};
}

Result check_list(const Type& type, ByteView content) {
  std::size_t count = 0;
  for (der::Reader reader(content); !reader.at_end(); ++count) {
    if (!type_matches(*type.element, reader.rest()[0])) return fault("an element with another tag");
    const auto element = reader.next();
    if (!element) return fault("an element that is not DER");
    const bool open = type.element->form == Form::choice || type.element->form == Form::any;
    const Result found = open ? check(*type.element, element->whole) : check_content(*type.element, element->content);
    if (found) return found;
  }
  return check_size(type, count, "a list of another size than allowed");
}

Result check_content(const Type& type, ByteView content) {
  switch (type.form) {
    case Form::any:
    case Form::choice:
      return {};
    case Form::boolean:
      if (content.size() != 1 || (content[0] != 0 && content[0] != 0xff))
        return fault("a BOOLEAN that is not 00 or FF");
      return {};
    case Form::integer:
    case Form::natural:
      return check_integer(content, type.form == Form::natural);
    case Form::enumerated:
      return check_enumerated(type, content);
    case Form::oid:
      return check_oid(content);
    case Form::null:
      if (!content.empty()) return fault("a NULL with octets");
      return {};
    case Form::bit_string:
    case Form::named_bits:
      return check_bits(type, content);
    case Form::octet_string:
      return check_size(type, content.size(), "an OCTET STRING of another size");
    case Form::sequence:
      return check_sequence(type, content);
    case Form::sequence_of:
    case Form::set_of:
      return check_list(type, content);
    case Form::utc_time:
    case Form::generalized_time:
      return {};  // its digits are a rule of their own
    default:
      return check_text(type, content);
  }
}

}  // namespace

std::optional<Fault> check(const Type& type, ByteView octets) {
  der::Reader reader(octets);
  if (reader.at_end()) return fault("no octets");
  const std::uint8_t tag = octets[0];
  if (!type_matches(type, tag)) return fault("an element with another tag");
  const auto element = reader.next();
  if (!element) return fault("not DER");
  if (!reader.at_end()) return fault("octets after the last element");
  if (type.form != Form::choice) return check_content(type, element->content);
  const auto chosen =
      std::ranges::find_if(type.fields, [tag](const Field& field) { return field_matches(field, tag); });
  return check_field(*chosen, *element);
}

bool ascends(ByteView content) {
  ByteView before;
  for (der::Reader reader(content); !reader.at_end();) {
    const auto element = reader.next();
    if (!element) return true;
    if (std::ranges::lexicographical_compare(element->whole, before)) return false;
    before = element->whole;
  }
  return true;
}

}  // namespace antin::lint
