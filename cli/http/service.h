// Service: what antind does for document systems, request by request. No network here.
//
// Safe for several threads. It reaches the store read-only, the tokens of HOME/service and the published files; no PIN
// of a root or issuing token is within its reach.
#pragma once

#include <memory>

#include "base/clock.h"
#include "cli/http/message.h"
#include "cli/http/service_store.h"
#include "cli/wiring/config.h"
#include "cli/wiring/home.h"

namespace antin::http {

class Service {
 public:
  // Opens tokens and stores; errors as those of wiring.
  static Result<std::unique_ptr<Service>> open(const wiring::Home& home, const wiring::Config& config,
                                               const Clock& clock);
  ~Service();
  // Every request has an answer; errors are problems.
  Response answer(const Request& request);

 private:
  struct State;
  explicit Service(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace antin::http
