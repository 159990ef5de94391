// NameConstraints (RFC 5280 §4.2.1.10): the names that certificates below an authority may and may not have, as the
// three kinds that this program writes: directory names, mail and hosts.
//
// A kind of name that `permitted` does not mention is not restricted by it.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ca/x509/name.h"

namespace antin::x509 {

struct NameSubtrees {
  std::vector<Name> directories;   // this name and all names that begin with it
  std::vector<std::string> mails;  // a mailbox, a host (`a.test`), or a domain with a dot in front (`.a.test`)
  std::vector<std::string> hosts;  // a host and all below it; no dot in front
  bool empty() const noexcept { return directories.empty() && mails.empty() && hosts.empty(); }
  friend bool operator==(const NameSubtrees&, const NameSubtrees&) = default;
};

struct NameConstraints {
  NameSubtrees permitted, excluded;
  bool empty() const noexcept { return permitted.empty() && excluded.empty(); }
  friend bool operator==(const NameConstraints&, const NameConstraints&) = default;
};

// invalid_argument names a subtree that is none of its kind, stands there twice, or would be every name. Host names are
// in lower case.
Status check_name_constraints(const NameConstraints& constraints);
// The extension's DER value; the same constraints always give the same octets. Not for empty ones, which are no value.
Bytes name_constraints_value(const NameConstraints& constraints);

}  // namespace antin::x509
