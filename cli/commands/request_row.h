// A request at another authority as `antin request` tells it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ca/authority/authority.h"
#include "cli/commands/session.h"

namespace antin::commands {

struct RequestRow {
  store::OutsideRequest request;
  authority::Roster::Row row;
  store::RequestState state = store::RequestState::collected;
};
// As of `now`, in the order in which they were collected; empty `state` or `authority`: all.
Result<std::vector<RequestRow>> request_rows(store::Store& store, Time now, const std::string& state,
                                             const std::string& authority);
// The members of `request list --json` (docs/cli.md).
Json request_value(const RequestRow& row, Time now);

}  // namespace antin::commands
