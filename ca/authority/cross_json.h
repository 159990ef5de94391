// A cross certificate's members in a proposal. Only for ca/authority and for those who print one.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "ca/authority/cross_certificate.h"

namespace antin::authority {

nlohmann::json cross_value(const CrossChange& change);
// data_loss when a member is none of its kind; throws nlohmann's exceptions for one that is missing, which
// read_proposal() catches.
Result<CrossChange> read_cross_value(const nlohmann::json& value);

}  // namespace antin::authority
