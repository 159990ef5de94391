// The parts of a time-stamp token and the rules about each. Only for ca/lint.
#pragma once

#include "ca/lint/findings.h"
#include "ca/lint/signer_certificate.h"
#include "ca/lint/view.h"

namespace antin::lint {

// A SignerInfo that passed its schema.
struct SignerView {
  ByteView version;
  x509::der::Element id;
  AlgorithmView digest_algorithm, signature_algorithm;
  std::optional<x509::der::Element> signed_attributes, unsigned_attributes;
  ByteView signature;
};

// The SignedData of a token that passed its schema.
struct TokenView {
  ByteView version, digest_algorithms;
  ByteView info;  // the octets of the TSTInfo
  std::optional<ByteView> certificates;
  std::vector<SignerView> signers;
};
TokenView read_token(ByteView signed_data);

// token_info.cc: TSTInfo (RFC 3161 §2.4.2); its time, when it has one.
std::optional<Time> lint_token_info(ByteView info, const Place& place, Findings& findings);
// The name that the token gives to its authority is one of the certificate.
void lint_authority_name(ByteView info, const CertificateView& certificate, const Place& place, Findings& findings);

// token_attributes.cc
void lint_signed_attributes(const TokenView& token, const SignerView& signer, const Place& place, Findings& findings);
// Whether the signing certificate attribute names this one; nothing when it cannot be said.
std::optional<bool> names_certificate(const SignerView& signer, ByteView certificate);

// token_signer.cc
void lint_token_signer(const TokenView& token, const SignerView& signer, const Place& root, Findings& findings);

}  // namespace antin::lint
