// Reconciliation: the store held against the log, both ways. docs/formats/log.md.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "ca/store/store.h"

namespace antin::authority {

// Every certificate, revocation, suspension, resumption, roster, approval, incident with its outcomes, request at
// another authority, subscriber's token and newest CRL of the store is in the log, and every one in the log is in the
// store, with the same content. data_loss names the first that is not: entries were cut off or rows taken away, or another program wrote.
// Acts that are recorded meanwhile do no harm: the store is read between two readings of the log. Memory: some 200
// octets a certificate. Says nothing of the log's own hashes, which log::verify() recomputes.
Status reconcile(store::Store& store, Time now);

}  // namespace antin::authority
