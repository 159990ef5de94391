// Updates and signatures of PDFs written by hand, as an attacker or another program would write them.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/bytes.h"
#include "tests/test_authority.h"

namespace antin {

// Object number → its text between `obj` and `endobj`.
using Objects = std::map<int, std::string>;
// `document` and one incremental update after it. The catalogue is the one that the document has.
Bytes with_update(const Bytes& document, const Objects& objects);
// A stream object's text.
std::string stream_object(const std::string& dictionary, const std::string& data);

// `/ByteRange […] /Contents <…>` to be filled in by `with_signature`.
std::string signature_hole();
// Fills the last hole with what `make` gives for the octets that its byte range covers: the whole file but the hole.
Bytes with_signature(Bytes document, const std::function<Bytes(const Bytes& covered)>& make);

// Detached CAdES of the PDF form, over `covered`; with its attributes sent and signed in the order of DER, or
// backwards.
Bytes detached_message(const TestAuthority::Subscriber& signer, const Bytes& covered, bool backwards = false);
// A SET with its members in the other order.
Bytes with_members_reversed(ByteView set);
// An RFC 3161 token by `authority` over `covered`.
Bytes time_stamp_token(const TestAuthority::Subscriber& authority, const Bytes& covered);
// SignedData of `type` that carries `content`; the content-type attribute says `claimed_type`.
Bytes enveloping_message(const TestAuthority::Subscriber& signer, ByteView type, ByteView claimed_type,
                         const Bytes& content);

}  // namespace antin
