// What the columns of a certificate's row must say: what the certificate itself says, and what its decision and its
// approved row bind. Only for ca/authority.
#pragma once

#include "ca/store/store.h"
#include "ca/x509/certificate.h"

namespace antin::authority {

// A decision that binds nothing: it says of every column what the record says. Whoever checks puts in what is bound.
store::Intent as_recorded(const store::CertificateRecord& record);
// data_loss names the certificate and the first column that is not as `decided` and the certificate say.
Status check_columns(const store::CertificateRecord& record, const store::Intent& decided,
                     const x509::Certificate& certificate);

}  // namespace antin::authority
