// The TLS side of the server: OpenSSL's context set up from PEM files.
#pragma once

#include "cli/http/server.h"

struct ssl_ctx_st;

namespace antin::http {

// Errors as serve() tells them. `context` is one for servers, not yet in use.
Status set_up_tls(ssl_ctx_st* context, const TlsFiles& files);

}  // namespace antin::http
