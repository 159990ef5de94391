// The attributes of names with their string types and upper bounds in characters (RFC 5280 appendix A.1, X.520, RFC
// 2985, RFC 3739, RFC 4519).
#include "ca/lint/base_types.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

using namespace types;

// A DirectoryString of 1 to `Most` characters.
template <std::size_t Most>
struct Directory {
  static constexpr Type teletex = text(Form::teletex_string, 1, Most),
                        printable = text(Form::printable_string, 1, Most),
                        universal = text(Form::universal_string, 1, Most), utf8 = text(Form::utf8_string, 1, Most),
                        bmp = text(Form::bmp_string, 1, Most);
  static constexpr Field fields[] = {{"teletexString", teletex},
                                     {"printableString", printable},
                                     {"universalString", universal},
                                     {"utf8String", utf8},
                                     {"bmpString", bmp}};
  static constexpr Type type = choice(fields);
};

constexpr Type country = text(Form::printable_string, 2, 2), number = text(Form::printable_string, 1, 64),
               qualifier{Form::printable_string}, gender = text(Form::printable_string, 1, 1),
               mail = text(Form::ia5_string, 1, 255);
constexpr Type unstructured_ia5 = text(Form::ia5_string, 1, 255);
constexpr Field unstructured_fields[] = {{"ia5String", unstructured_ia5}, {"directoryString", Directory<255>::type}};
constexpr Type unstructured = choice(unstructured_fields);

struct KnownAttribute {
  x509::der::OidLiteral oid;
  const Type* type;
};
constexpr KnownAttribute known_attributes[] = {
    {"2.5.4.3", &Directory<64>::type},      // commonName
    {"2.5.4.10", &Directory<64>::type},     // organizationName
    {"2.5.4.11", &Directory<64>::type},     // organizationalUnitName
    {"2.5.4.6", &country},                  // countryName
    {"2.5.4.7", &Directory<128>::type},     // localityName
    {"2.5.4.8", &Directory<128>::type},     // stateOrProvinceName
    {"2.5.4.5", &number},                   // serialNumber
    {"2.5.4.4", &Directory<32768>::type},   // surname
    {"2.5.4.41", &Directory<32768>::type},  // name
    {"2.5.4.42", &Directory<32768>::type},  // givenName
    {"2.5.4.43", &Directory<32768>::type},  // initials
    {"2.5.4.44", &Directory<32768>::type},  // generationQualifier
    {"2.5.4.12", &Directory<64>::type},     // title
    {"2.5.4.65", &Directory<128>::type},    // pseudonym
    {"2.5.4.46", &qualifier},               // dnQualifier
    {"2.5.4.9", &Directory<128>::type},     // streetAddress
    {"2.5.4.15", &Directory<128>::type},    // businessCategory
    {"2.5.4.17", &Directory<40>::type},     // postalCode
    {"0.9.2342.19200300.100.1.25", &ia5_string},
    {"1.2.840.113549.1.9.1", &mail},
    {"1.2.840.113549.1.9.2", &unstructured},
    {"1.3.6.1.5.5.7.9.1", &generalized_time},  // dateOfBirth
    {"1.3.6.1.5.5.7.9.3", &gender},
    {"1.3.6.1.5.5.7.9.4", &country},  // countryOfCitizenship
    {"1.3.6.1.5.5.7.9.5", &country},  // countryOfResidence
};

}  // namespace

constexpr Type directory_string_type = Directory<SIZE_MAX>::type;

const Type& attribute_type(ByteView id) noexcept {
  for (const KnownAttribute& one : known_attributes)
    if (same_oid(one.oid.content(), id)) return *one.type;
  return directory_string_type;
}

}  // namespace antin::lint
