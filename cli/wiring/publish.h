// Publish: builds one CA's CRL where everybody fetches it, `HOME/out/crl/NAME.crl`.
#pragma once

#include <string_view>

#include "ca/status/crl.h"
#include "cli/wiring/config.h"

namespace antin::wiring {

Result<store::CrlRecord> publish_crl(const authority::Context& context, const Home& home, const Config& config,
                                     std::string_view name, const issuance::Issuer& issuer);

}  // namespace antin::wiring
