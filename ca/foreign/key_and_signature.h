// What speaks against a certificate of another authority by itself: its key, its signature, its time.
#pragma once

#include <span>
#include <vector>

#include "ca/authority/key_block.h"
#include "ca/store/store.h"
#include "ca/x509/certificate.h"

namespace antin::foreign {

// Whether `issuer` has the name and made the signature of `certificate`.
bool is_issued_by(const x509::Certificate& certificate, const x509::Certificate& issuer);

// Not valid at `now`, a weak or blocked key, a signature over SHA-1 or MD5, a signature that none of `issuers` of that
// name made, a key that is in a certificate of ours.
Result<std::vector<store::Doubt>> doubts_of(const x509::Certificate& certificate,
                                            std::span<const x509::Certificate> issuers,
                                            const authority::Context& context, const authority::BlockedKeys& blocked,
                                            Time now);

}  // namespace antin::foreign
