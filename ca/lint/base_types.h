// Types that the tables of this folder share. Only for ca/lint.
#pragma once

#include <array>

#include "ca/lint/schema.h"

namespace antin::lint::types {

inline constexpr Type any{Form::any}, boolean{Form::boolean}, integer{Form::integer}, natural{Form::natural},
    oid{Form::oid}, null{Form::null}, bit_string{Form::bit_string}, named_bits{Form::named_bits},
    octets{Form::octet_string}, generalized_time{Form::generalized_time}, utc_time{Form::utc_time},
    utf8_string{Form::utf8_string}, ia5_string{Form::ia5_string};

inline constexpr std::array<std::uint8_t, 1> zero_octet{0};
// The content octets of FALSE and of 0 alike.
inline constexpr ByteView zero{zero_octet};

constexpr Type list_of(const Type& element, std::size_t least = 1, std::size_t most = SIZE_MAX) {
  return {Form::sequence_of, {}, &element, least, most};
}
constexpr Type text(Form form, std::size_t least, std::size_t most) { return {form, {}, nullptr, least, most}; }
constexpr Type record(std::span<const Field> fields) { return {Form::sequence, fields}; }
constexpr Type choice(std::span<const Field> fields) { return {Form::choice, fields}; }

constexpr Field implicit(std::string_view name, const Type& type, std::uint8_t number,
                         Presence presence = Presence::optional) {
  return {name, type, Tagging::implicitly, number, presence};
}
constexpr Field explicitly(std::string_view name, const Type& type, std::uint8_t number,
                           Presence presence = Presence::optional) {
  return {name, type, Tagging::explicitly, number, presence};
}
constexpr Field optional(std::string_view name, const Type& type) {
  return {name, type, Tagging::none, 0, Presence::optional};
}
constexpr Field false_by_default(std::string_view name, const Type& type) {
  return {name, type, Tagging::none, 0, Presence::defaulted, zero};
}
constexpr Field false_by_default(std::string_view name, const Type& type, std::uint8_t number) {
  return {name, type, Tagging::implicitly, number, Presence::defaulted, zero};
}

inline constexpr Field algorithm_fields[] = {{"algorithm", oid}, optional("parameters", any)};
inline constexpr Type algorithm = record(algorithm_fields);

}  // namespace antin::lint::types
