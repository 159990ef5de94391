// Fetch: one GET over plain HTTP, for CRLs named in certificates. CRLs are signed, so that HTTP is what RFC 5280 §8
// wants.
//
// A certificate is a stranger's text: what it names is fetched only from public addresses, or from hosts that the
// caller trusts by name. No redirect is followed.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace antin::http {

struct FetchLimits {
  std::size_t octets = 64u << 20;
  unsigned seconds = 10;                 // for the whole of it
  std::vector<std::string> known_hosts;  // may have private and loopback addresses
};

// invalid_argument for what is no http:// URL; permission_denied for a host that resolves to an address that is not
// public (RFC 6890); unavailable for everything that goes wrong on the way, another status than 200 among it;
// resource_exhausted beyond the limit.
Result<Bytes> fetch(const std::string& url, const FetchLimits& limits);
// The host of an http:// URL; invalid_argument for others.
Result<std::string> host_of(const std::string& url);

}  // namespace antin::http
