// The parts of an OCSP answer and the rules about each. Only for ca/lint.
#pragma once

#include "ca/lint/findings.h"
#include "ca/lint/view.h"

namespace antin::lint {

// A BasicOCSPResponse that passed its schema.
struct StatusView {
  ByteView tbs;
  ByteView version;  // content octets; empty for version 1
  x509::der::Element responder, produced_at;
  ByteView singles;  // content octets of the responses
  Extensions extensions;
  AlgorithmView signature_algorithm;
  ByteView signature;
  std::optional<ByteView> certificates;  // content octets
  bool by_key() const noexcept { return responder.tag == x509::der::context_constructed(2); }
};

enum class OcspLevel : std::uint8_t { response, single };
// Whether it is known, stands where it may, and is critical.
void lint_ocsp_extension(const Extension& one, OcspLevel level, const Place& place, Findings& findings);

// ocsp_singles.cc
void lint_singles(const StatusView& view, const Place& place, Findings& findings);
// ocsp_responder.cc: who signed it, as far as the answer itself says.
void lint_responder(const StatusView& view, const Place& root, Findings& findings);

}  // namespace antin::lint
