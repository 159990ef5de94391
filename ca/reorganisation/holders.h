// Holders: who has a certificate in force, and what the row that made it said. Only for ca/reorganisation.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::reorganisation {

using Fields = std::vector<std::pair<std::string, std::string>>;

// A certificate that is valid or suspended.
struct Held {
  std::string id, code, kind, bloc, profile;
  std::string cn, o, ou, l;  // of its subject
  std::string subject, mail;
  Time not_after;
  bool suspended = false, followed = false;  // followed: another certificate of the subscriber follows it
};

class Holders {
 public:
  static Result<Holders> read(const authority::Context& context);

  const std::vector<Held>& all() const noexcept { return all_; }  // in the order of their ids
  // Of one subscriber, the one that ends last first.
  std::vector<const Held*> of(const std::string& code) const;
  bool knows(const std::string& code) const;  // a subscriber of any time
  // The fields of the row whose certificate this is; none when no row says exactly that.
  std::optional<Fields> fields(const Held& held) const;

 private:
  // What a row that makes a certificate says, and the subject that its profile makes of it.
  struct Said {
    Fields fields;
    std::string subject, mail;
  };
  std::vector<Held> all_;
  std::map<std::string, std::vector<std::size_t>> by_code_;  // into all_
  std::map<std::string, std::vector<Said>> said_;            // by code
};

}  // namespace antin::reorganisation
