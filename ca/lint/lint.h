// The linter: what RFC 5280 and the texts around it say about a certificate or a list, whoever issued it.
//
//   const lint::Findings findings = lint::certificate(der);
//   if (!findings.acceptable()) …            // an error or a fatal one
//
// Any octets may be given; what cannot be read is a finding. No I/O, no clock, no network. Nothing is said about the
// signature, but for a self-issued authority without an authority key identifier, which must be self-signed.
// A certificate costs some 10 µs. Safe for several threads at once.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "ca/lint/findings.h"

namespace antin::lint {

Findings certificate(ByteView der);
// What is about to be signed: the rules that need a signature are left out.
Findings tbs_certificate(ByteView tbs);
// A list of any size in one pass that keeps nothing; whether a serial number is there twice is looked at only up to
// `whole_list` entries.
inline constexpr std::size_t whole_list = 10'000;
Findings crl(ByteView der);

}  // namespace antin::lint
