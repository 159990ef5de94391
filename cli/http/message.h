// Request and Response: HTTP as the handlers see it, without a network.
#pragma once

#include <map>
#include <string>

#include "base/bytes.h"
#include "base/message.h"
#include "base/result.h"

namespace antin::http {

struct Request {
  std::string method, target;                  // target without query
  std::map<std::string, std::string> headers;  // names in lower case
  Bytes body;
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
  }
};

struct Response {
  unsigned status = 200;
  std::string content_type;
  std::map<std::string, std::string> headers;
  Bytes body;
};

// application/problem+json (RFC 9457). `internal` errors do not show their message.
Response problem(const Error& error, Language language);
// For statuses that no Error has: `code` has a title in the table, `detail` is English as in an Error.
Response problem(unsigned status, const std::string& code, const std::string& detail, Language language);
// The first language of Accept-Language that we have; Vietnamese by default.
Language language_of(const Request& request);

}  // namespace antin::http
