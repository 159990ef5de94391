// Server: HTTP/1.1 with Boost.Beast, over TLS 1.2 and 1.3 or plain on loopback: limits, time-outs, keep-alive, and a
// shutdown that finishes what it started. One thread moves octets; requests are answered by others, so that a slow
// token holds up nobody's upload.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/file.h"
#include "base/result.h"
#include "cli/http/message.h"

namespace antin::http {

// PEM files. TLS 1.2 with ECDHE and AEAD ciphers, and TLS 1.3; no renegotiation, no compression (RFC 9325).
struct TlsFiles {
  Path certificate;  // the server's certificate first, then those of its issuers
  Path key;          // readable by its owner alone
  Path client_ca;    // when given, a client must show a certificate that one of these issued (mTLS)
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8686;  // 0: any free one
  std::optional<TlsFiles> tls;
  unsigned threads = 4;       // that answer requests
  unsigned max_waiting = 64;  // requests that wait for one of them; more are told 503
  unsigned max_connections = 256;
  std::uint64_t max_body = 64u << 20;  // octets
  unsigned request_seconds = 30;       // to receive a request, and to send its answer
  unsigned idle_seconds = 5;           // between two requests, and for a TLS handshake
};

// Serves until SIGTERM or SIGINT. permission_denied for an address that is not loopback without TLS, and for a key file
// that others can read; invalid_argument for files that are no certificate or key or do not belong together.
// `listening` is told the port.
Status serve(const ServerOptions& options, const std::function<Response(const Request&)>& answer,
             const std::function<Status(std::uint16_t port)>& listening);

}  // namespace antin::http
