// What certificates of approved rows must be: subject, key, addresses, purposes and length of life, by the rows and the
// profiles in force when they were decided. Only for ca/authority.
#pragma once

#include "ca/authority/approval_log.h"

namespace antin::authority {

// Holds what the log says of a roster's rows against the rows, and takes it out of `of_rows` and `following`: what is
// left after the last roster is of no row. permission_denied for bytes that were not decided and for a successor whom
// no row names, data_loss for a certificate or roster that is not what was approved.
Status check_rows(store::Store& store, const ApprovalLog& log, const store::RosterRecord& roster,
                  ApprovalLog::OfRows& of_rows, ApprovalLog::Following& following);

}  // namespace antin::authority
