// The types of RFC 5280 and its kin as tables, and which extension or algorithm has which. Only for ca/lint.
#pragma once

#include "ca/lint/schema.h"
#include "ca/x509/der.h"

namespace antin::lint {

extern const Type certificate_type, tbs_certificate_type, crl_type, crl_entry_type;
extern const Type general_names_type, directory_string_type, user_notice_type, cps_uri_type, utf8_any_type;
extern const Type name_type, extensions_type, general_name_type, reason_type;
extern const Type ocsp_response_type, basic_response_type;
extern const Type time_stamp_answer_type, content_info_type, signed_data_type, token_info_type;
extern const Type signing_certificate_type, signing_certificate_2_type;

// The value of an extension of a certificate, a list or an entry; null when its type is not known here.
const Type* extension_type(ByteView oid) noexcept;
// A name's attribute. Types that are not known are DirectoryString (RFC 5280 §4.1.2.4).
const Type& attribute_type(ByteView oid) noexcept;

}  // namespace antin::lint
