// Publish gate: what a new list must satisfy beside the one that is published. There is no way around it.
#pragma once

#include <optional>

#include "ca/status/crl.h"
#include "ca/x509/second_opinion.h"

namespace antin::status {

// `before` is the published list, when there is one. failed_precondition names the first rule that is broken: issuer,
// authority key and distribution point are those of the plan; the number grew; thisUpdate did not go back; nextUpdate
// is after thisUpdate and did not go back before now; no entry vanished that the store still has; both libraries verify
// the signature; the linter finds no error in it.
Status check_publishable(const authority::Context& context, const CrlPlan& plan, ByteView list,
                         const std::optional<x509::Crl>& before);

// That what stands at `file` is `list`, read back after it was put there: data_loss when it is another one, unavailable
// or not_found when it cannot be read.
Status check_published(const Path& file, ByteView list);

// Whether an entry still belongs on a list: until it stood on one that was issued after its certificate's end (RFC 5280
// §3.3).
bool still_listed(Time not_after, std::optional<Time> last_update);

}  // namespace antin::status
