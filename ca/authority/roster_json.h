// The roster's JSON, read and written in one place. docs/formats/roster.md.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

// The row as it is stored and hashed: sorted keys, no white space, NFC; the request by the hash that binds it.
Bytes canonical_row(unsigned format, const Roster::Row& row, ByteView binding);
// Back from the stored form; `request` and `key_uri` come from beside it.
Result<Roster::Row> row_from_canonical(unsigned format, ByteView json);
// SHA-256 over name and canonical rows: what officers approve.
Bytes roster_hash(unsigned format, const std::string& name, const std::vector<Bytes>& canonical_rows);
// The stored rows are those of the hash, all of them and in their order: data_loss.
Status check_unchanged(const store::RosterRecord& roster, const std::vector<Bytes>& canonical_rows);
// What binds the key in the canonical row: SHA-256 of the PKCS#10 that came with the roster, else of the public key:
// that of the certificate that is replaced, or the one that was made in the token (whose request we sign ourselves,
// differently each time).
Bytes request_binding(const Roster::Row& row, ByteView public_key_info);
// The key in a PKCS#10.
Result<Bytes> public_key_of(ByteView request);

}  // namespace antin::authority
