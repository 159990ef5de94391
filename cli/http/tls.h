// The TLS side of the server: a context made from PEM files.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "cli/http/server.h"

namespace antin::http {

// Errors as serve() tells them.
Result<std::unique_ptr<boost::asio::ssl::context>> tls_context(const TlsFiles& files);

}  // namespace antin::http
