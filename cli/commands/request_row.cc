#include "cli/commands/request_row.h"

#include <nlohmann/json.hpp>

#include "ca/authority/row_tbs.h"
#include "ca/foreign/requests.h"

namespace antin::commands {

Result<std::vector<RequestRow>> request_rows(store::Store& store, Time now, const std::string& state,
                                             const std::string& authority) {
  ANTIN_TRY(auto requests, store.outside_requests());
  std::vector<RequestRow> rows;
  for (store::OutsideRequest& request : requests) {
    if (!authority.empty() && request.authority != authority) continue;
    const store::RequestState is = state_at(request, now);
    if ((!state.empty() && to_string(is) != state) || request.collected_at > now) continue;
    ANTIN_TRY(authority::Roster::Row row, foreign::row_of(request));
    rows.push_back({std::move(request), std::move(row), is});
  }
  return rows;
}

Json request_value(const RequestRow& row, Time now) {
  Json value = {{"id", row.request.id},
                {"state", to_string(row.state)},
                {"authority", row.request.authority},
                {"code", row.row.code},
                {"kind", row.row.kind},
                {"name", authority::field_of(row.row, "cn")},
                {"mail", authority::field_of(row.row, "mail")},
                {"collected_at", to_rfc3339(row.request.collected_at)},
                {"until", to_rfc3339(row.request.until)}};
  for (const store::OutsideRequest::Event& event : row.request.events) {
    if (event.at > now) continue;
    value[std::string(to_string(event.state)) + "_at"] = to_rfc3339(event.at);
    if (event.state == store::RequestState::issued) value["certificate"] = event.certificate;
    if (event.state == store::RequestState::refused) value["remark"] = event.remark;
  }
  return value;
}

}  // namespace antin::commands
