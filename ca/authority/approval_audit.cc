#include "ca/authority/approval_audit.h"

#include "ca/authority/approval_log.h"
#include "ca/authority/row_audit.h"

namespace antin::authority {

Result<ApprovalAudit> audit_approvals(store::Store& store, unsigned otherwise, unsigned at_least) {
  ApprovalLog log(store, otherwise, at_least);
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& entry) { return log.add(entry); }));
  ANTIN_CHECK(log.check_incidents());
  ANTIN_TRY(const auto rosters, store.rosters());
  ApprovalLog::OfRows of_rows = log.take_rows();
  ApprovalLog::Following following = log.take_following();
  for (const store::RosterRecord& roster : rosters) ANTIN_CHECK(check_rows(store, log, roster, of_rows, following));
  if (!following.empty()) return not_approved_to_follow(following.begin()->second);
  if (of_rows.empty()) return log.audit();
  return fail(ErrorCode::permission_denied, "approvals: the certificate " + of_rows.begin()->second.id +
                                                " is of a row that its roster does not have");
}

}  // namespace antin::authority
