// LoggedAct: an entry of the log as its readers see it: members by name. Only for ca/authority.
#pragma once

#include <map>
#include <string>

#include "ca/store/store.h"

namespace antin::authority {

class LoggedAct {
 public:
  // data_loss names the entry that is no JSON object. Members that are no strings are left out: nobody writes any.
  static Result<LoggedAct> read(const store::LogEntry& logged);

  // Empty when the entry does not have it.
  std::string text(const std::string& member) const;
  std::string type() const { return text("type"); }

 private:
  std::map<std::string, std::string> members_;
};

}  // namespace antin::authority
