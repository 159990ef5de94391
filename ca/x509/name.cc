#include "ca/x509/name.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/x509/der.h"

namespace antin::x509 {
namespace {

struct AttributeType {
  consteval AttributeType(std::string_view name, const char* dotted, std::size_t at_most,
                          std::uint8_t string_tag = der::utf8_string_tag)
      : short_name(name), oid(dotted), encoded(dotted), bound(at_most), tag(string_tag) {}
  std::string_view short_name, oid;
  der::OidLiteral encoded;
  std::size_t bound;  // characters, X.520 and RFC 5280 Appendix A
  std::uint8_t tag;
};

constexpr AttributeType attribute_types[] = {
    {"C", "2.5.4.6", 2, der::printable_string_tag},
    {"ST", "2.5.4.8", 128},
    {"L", "2.5.4.7", 128},
    {"O", "2.5.4.10", 64},
    {"OU", "2.5.4.11", 64},
    {"CN", "2.5.4.3", 64},
    {"E", "1.2.840.113549.1.9.1", 255, der::ia5_string_tag},
    {"UID", "0.9.2342.19200300.100.1.1", 256},
    {"serialNumber", "2.5.4.5", 64, der::printable_string_tag},
    {"T", "2.5.4.12", 64},
    {"GN", "2.5.4.42", 64},
    {"SN", "2.5.4.4", 64},
    {"DC", "0.9.2342.19200300.100.1.25", 63, der::ia5_string_tag},
};
constexpr std::size_t other_bound = 256;

const AttributeType* by_short_name(std::string_view name) {
  const auto* found = std::ranges::find(attribute_types, name, &AttributeType::short_name);
  return found == std::end(attribute_types) ? nullptr : found;
}

const AttributeType* by_oid(std::string_view oid) {
  const auto* found = std::ranges::find(attribute_types, oid, &AttributeType::oid);
  return found == std::end(attribute_types) ? nullptr : found;
}

std::unexpected<Error> bad(const std::string& type, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "name: " + type + ": " + what);
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view(" '()+,-./:=?").contains(c);
  });
}

Status check_characters(std::uint8_t tag, const std::string& label, std::string_view value) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(value, control)) return bad(label, "has a control character");
  if (has_invisible(value))
    return bad(label, "has an invisible character, such as one that turns the direction of writing");
  if (value.front() == ' ' || value.back() == ' ') return bad(label, "begins or ends with a space");
  if (tag == der::ia5_string_tag &&
      std::ranges::any_of(value, [](char c) { return static_cast<unsigned char>(c) > 0x7e; }))
    return bad(label, "only ASCII is allowed here");
  if (tag == der::printable_string_tag && !printable(value))
    return bad(label, "only letters, digits and '()+,-./:=? are allowed here");
  if (label == "C" && (value.size() != 2 || value[0] < 'A' || value[0] > 'Z' || value[1] < 'A' || value[1] > 'Z'))
    return bad(label, "must be two capital letters, such as VN");
  return {};
}

// Checks and normalises `attribute`, and gives its DER AttributeTypeAndValue.
Result<Bytes> encode(NameAttribute& attribute) {
  if (const AttributeType* known = by_oid(attribute.type)) attribute.type = known->short_name;
  const AttributeType* found = by_short_name(attribute.type);
  auto normal = to_nfc(attribute.value);
  if (!normal) return bad(attribute.type, "is not UTF-8");
  attribute.value = *std::move(normal);
  if (attribute.value.empty()) return bad(attribute.type, "is empty");
  const std::size_t characters = count_code_points(attribute.value);
  const std::size_t bound = found != nullptr ? found->bound : other_bound;
  if (characters > bound)
    return bad(attribute.type, "has " + std::to_string(characters) + " characters, " + std::to_string(bound) +
                                   " are allowed: use a shorter name");
  const std::uint8_t tag = found != nullptr ? found->tag : der::utf8_string_tag;
  ANTIN_CHECK(check_characters(tag, attribute.type, attribute.value));
  if (found != nullptr) return der::sequence({der::oid(found->encoded), der::tlv(tag, bytes_of(attribute.value))});
  auto oid = der::oid_from_text(attribute.type);
  if (!oid) return bad(attribute.type, "is neither a known attribute nor an object identifier");
  return der::sequence({*oid, der::tlv(tag, bytes_of(attribute.value))});
}

void push_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out.push_back(static_cast<char>(0x80U | ((point >> shift) & 0x3fU))); };
  if (point < 0x80) {
    out.push_back(static_cast<char>(point));
  } else if (point < 0x800) {
    out.push_back(static_cast<char>(0xc0U | (point >> 6)));
    tail(0);
  } else if (point < 0x10000) {
    out.push_back(static_cast<char>(0xe0U | (point >> 12)));
    tail(6), tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0U | ((point >> 18) & 0x07U)));
    tail(12), tail(6), tail(0);
  }
}

// Code units of `width` octets, big-endian. A surrogate pair of UTF-16 is not allowed in a BMPString.
Result<std::string> from_units(ByteView octets, std::size_t width) {
  if (octets.size() % width != 0)
    return fail(ErrorCode::invalid_argument, "name: a string that ends inside a character");
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += width) {
    std::uint32_t point = 0;
    for (std::size_t j = 0; j < width; ++j) point = (point << 8) | octets[i + j];
    push_utf8(text, point);
  }
  return text;
}

Result<std::string> decode_value(const der::Element& element) {
  std::string text;
  switch (element.tag) {
    case der::utf8_string_tag:
    case der::printable_string_tag:
    case der::ia5_string_tag:
    case der::visible_string_tag:
    case 0x12:
      text = text_of(element.content);
      break;  // NumericString
    case der::teletex_string_tag: {
      ANTIN_TRY(text, from_units(element.content, 1));  // read as Latin-1, as everybody does
      break;
    }
    case der::bmp_string_tag: {
      ANTIN_TRY(text, from_units(element.content, 2));
      break;
    }
    case der::universal_string_tag: {
      ANTIN_TRY(text, from_units(element.content, 4));
      break;
    }
    default:
      return fail(ErrorCode::invalid_argument, "name: a value that is not a string");
  }
  return to_nfc(text);
}

Result<NameAttribute> decode_attribute(ByteView octets) {
  ANTIN_TRY(const der::Element pair, der::only(octets, der::sequence_tag));
  der::Reader reader(pair.content);
  ANTIN_TRY(const der::Element type, reader.expect(der::oid_tag));
  ANTIN_TRY(const der::Element value, reader.next());
  ANTIN_CHECK(reader.end());
  NameAttribute attribute;
  ANTIN_TRY(attribute.type, der::read_oid(type));
  if (const AttributeType* known = by_oid(attribute.type)) attribute.type = known->short_name;
  ANTIN_TRY(attribute.value, decode_value(value));
  return attribute;
}

std::string escaped(std::string_view value) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) {
      out += {'\\', digits[octet >> 4], digits[octet & 15]};
      continue;
    }
    const bool edge_space = c == ' ' && (i == 0 || i + 1 == value.size());
    if (std::string_view("\"+,;<>\\").contains(c) || edge_space || (c == '#' && i == 0)) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// For comparing: ASCII letters small, runs of spaces as one, none at the ends.
std::string comparable(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

std::vector<std::pair<std::string, std::string>> comparable(const RelativeName& rdn) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const NameAttribute& attribute : rdn) out.emplace_back(attribute.type, comparable(attribute.value));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<Name> Name::from_rdns(std::vector<RelativeName> rdns) {
  std::vector<Bytes> sets;
  for (RelativeName& rdn : rdns) {
    if (rdn.empty()) return fail(ErrorCode::invalid_argument, "name: an empty relative name");
    std::vector<Bytes> attributes;
    for (NameAttribute& attribute : rdn) {
      ANTIN_TRY(Bytes encoded, encode(attribute));
      attributes.push_back(std::move(encoded));
    }
    sets.push_back(der::set_of(std::move(attributes)));
  }
  Name name;
  name.der_ = der::sequence_of(sets);
  name.rdns_ = std::move(rdns);
  return name;
}

Result<Name> Name::from_der(ByteView der) {
  Name name;
  name.der_ = to_bytes(der);
  ANTIN_TRY(const der::Element list, der::only(name.der_, der::sequence_tag));
  for (der::Reader sets(list.content); !sets.at_end();) {
    ANTIN_TRY(const der::Element set, sets.expect(der::set_tag));
    RelativeName rdn;
    for (der::Reader attributes(set.content); !attributes.at_end();) {
      ANTIN_TRY(const der::Element pair, attributes.next());
      ANTIN_TRY(NameAttribute attribute, decode_attribute(pair.whole));
      rdn.push_back(std::move(attribute));
    }
    if (rdn.empty()) return fail(ErrorCode::invalid_argument, "name: an empty relative name");
    name.rdns_.push_back(std::move(rdn));
  }
  return name;
}

std::vector<std::string> Name::values(std::string_view type) const {
  if (const AttributeType* known = by_oid(type)) type = known->short_name;
  std::vector<std::string> found;
  for (const RelativeName& rdn : rdns_)
    for (const NameAttribute& attribute : rdn)
      if (attribute.type == type) found.push_back(attribute.value);
  return found;
}

std::string Name::first(std::string_view type) const {
  const auto found = values(type);
  return found.empty() ? std::string() : found.front();
}

std::string Name::rfc4514() const {
  std::string text;
  for (auto rdn = rdns_.rbegin(); rdn != rdns_.rend(); ++rdn) {
    if (!text.empty()) text += ",";
    for (std::size_t i = 0; i < rdn->size(); ++i)
      text += (i > 0 ? "+" : "") + (*rdn)[i].type + "=" + escaped((*rdn)[i].value);
  }
  return text;
}

bool Name::matches(const Name& other) const {
  if (*this == other) return true;
  return std::equal(rdns_.begin(), rdns_.end(), other.rdns_.begin(), other.rdns_.end(),
                    [](const RelativeName& a, const RelativeName& b) { return comparable(a) == comparable(b); });
}

}  // namespace antin::x509
