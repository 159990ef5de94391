// What the certificates on record say of a row's key: asked when a roster is handed in, and again when it is issued.
// Only for ca/authority.
#pragma once

#include "ca/authority/authority.h"

namespace antin::authority {

// The member of a row that its key comes from.
const char* key_field(const Roster::Row& row);

// A key that another subject has, that is no new one, or that was exposed. `subject` (RFC 4514) is that of the
// certificate that the row makes. Whether a key that is kept was exposed is check_succession()'s part.
Result<std::vector<Finding>> check_known_key(const Context& context, const Roster::Row& row, ByteView public_key_info,
                                             const std::string& subject, Time now);

// Keys that other rosters are about to certify: decided, and not yet on record as certificates.
class OpenKeys {
 public:
  // Of open intents but for those whose request id begins with `prefix`.
  static Result<OpenKeys> read(store::Store& store, const std::string& prefix);
  // A finding when another is about to have the key.
  std::vector<Finding> check(const Roster::Row& row, ByteView public_key_info, const std::string& subject) const;

 private:
  struct Holder {
    std::string request_id, subscriber, subject;
  };
  std::multimap<Bytes, Holder> holders_;  // by SHA-256 of the key
};

}  // namespace antin::authority
