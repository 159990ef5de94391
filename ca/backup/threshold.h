// Threshold sharing of a secret (Botan's RTSS, draft-mcgrew-tss-03). Private to this folder.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/secret.h"

namespace antin::backup {

// `shares` pieces, any `threshold` of which give the secret back.
Result<std::vector<Secret>> split(const Secret& secret, unsigned threshold, unsigned shares, ByteView identifier);
// data_loss when they are too few, of different secrets, or damaged: the secret's digest is split with it.
Result<Secret> reconstruct(const std::vector<Secret>& shares);

}  // namespace antin::backup
