// Schema: the ASN.1 types of PKIX as tables, and one strict DER check against them. Only for ca/lint.
//
//   constexpr Field fields[] = {{"cA", boolean_type, .presence = Presence::defaulted, .default_content = no}, …};
//   constexpr Type basic_constraints{Form::sequence, fields};
//   if (const auto fault = check(basic_constraints, extension.value)) …
//
// What passed `check` can be read without looking at errors again: every element is there, whole and in its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace antin::lint {

enum class Form : std::uint8_t {
  any,
  boolean,
  integer,
  natural,  // INTEGER (0..MAX)
  enumerated,
  oid,
  null,
  bit_string,
  named_bits,
  octet_string,
  utf8_string,
  printable_string,
  teletex_string,
  ia5_string,
  visible_string,
  universal_string,
  bmp_string,
  utc_time,
  generalized_time,
  sequence,
  sequence_of,
  set_of,
  choice,
};

enum class Tagging : std::uint8_t { none, implicitly, explicitly };
enum class Presence : std::uint8_t { required, optional, defaulted };

struct Field;

struct Type {
  Form form;
  std::span<const Field> fields = {};  // sequence, choice
  const Type* element = nullptr;       // sequence_of, set_of
  // Elements of a list, characters of a string, octets of an OCTET or BIT STRING, value of an ENUMERATED.
  std::size_t least = 0;
  std::size_t most = SIZE_MAX;
};

struct Field {
  std::string_view name;
  const Type& type;
  Tagging tagging = Tagging::none;
  std::uint8_t number = 0;
  Presence presence = Presence::required;
  ByteView default_content = {};  // the content octets that X.690 §11.5 wants left out
};

// Most object identifiers that are compared differ in their last octet.
inline bool same_oid(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && !a.empty() && a.back() == b.back() && equal(a, b);
}

struct Fault {
  std::string_view field;  // where, the innermost name; may be empty
  std::string_view what;
};

// Whether `der` is exactly one element of this type, in DER but for the order within a SET OF.
std::optional<Fault> check(const Type& type, ByteView der);
// Whether a SET OF's elements ascend (X.690 §11.6).
bool ascends(ByteView content);

}  // namespace antin::lint
