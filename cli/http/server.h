// Server: HTTP/1.1 over TCP with Boost.Beast: limits, time-outs, keep-alive and a shutdown that finishes what it started.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "cli/http/message.h"

namespace antin::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8686;          // 0: any free one
  unsigned threads = 4;
  unsigned max_connections = 256;
  std::uint64_t max_body = 64u << 20;  // octets
  unsigned request_seconds = 30;       // to receive a request, and to send its answer
  unsigned idle_seconds = 5;           // between two requests
};

// Serves until SIGTERM or SIGINT. permission_denied for an address that is not loopback: such a one needs TLS, which this version
// leaves to a proxy on the same machine. `listening` is told the port.
Status serve(const ServerOptions& options, const std::function<Response(const Request&)>& answer, const std::function<Status(std::uint16_t port)>& listening);

}  // namespace antin::http
