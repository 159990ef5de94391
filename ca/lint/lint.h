// The linter: what RFC 5280 and the texts around it say about a certificate, a list, an OCSP answer or a time-stamp
// token, whoever made it.
//
//   const lint::Findings findings = lint::certificate(der);
//   if (!findings.acceptable()) …            // an error or a fatal one
//
// Any octets may be given; what cannot be read is a finding. No I/O, no clock, no network. Signatures are looked at
// where the key is at hand: a self-issued authority without an authority key identifier must be self-signed, and an
// answer or token that brings its signer's certificate must verify by it. Whether that one is trusted is not said.
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
// An OCSPResponse (RFC 6960, 5019, 9654) with the certificates in it.
Findings ocsp(ByteView der);
// A TimeStampToken (RFC 3161, 5816, EN 319 422) or the TimeStampResp around it, with the certificates in it.
Findings time_stamp(ByteView der);

}  // namespace antin::lint
