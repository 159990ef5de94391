// CrossCertificate: a certificate of ours for the CA of another authority (RFC 5280 §3.2), as officers decide on it:
// for whom, by which issuer of ours, until when, and within which names, policies and length of path.
//
// Subject, key and key identifier are the other authority's, octet for octet. It is no issuer of ours: it has a list of
// its own here (RoleRegister::crosses), and nothing that looks for an issuer sees it. docs/formats/proposal.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/issuance/issuer.h"

namespace antin::authority {

struct CrossChange {
  std::string name;       // `cross-` and what tells it from others: its file and address
  std::string issued_by;  // the issuer of ours that signs it
  Bytes certificate;      // DER: the other CA's own certificate; or
  Bytes request;          // DER PKCS#10, signed with the other CA's key
  Time not_after;
  unsigned path_length = 0;           // how many CAs may follow it
  std::vector<std::string> policies;  // dotted OIDs under which it is trusted
  x509::NameConstraints constraints;
  std::string unconstrained;  // why no name is constrained; empty when one is
  std::string remark;
  friend bool operator==(const CrossChange&, const CrossChange&) = default;
};

// One that officers put in force.
struct RegisteredCross {
  CrossChange change;
  std::uint64_t proposal = 0;  // its number
  std::string proposal_hash;   // hex
  std::string certificate_id;  // in the store; empty before it is made
};

// `cross-` and parts of lower-case letters and digits with single hyphens between them, 40 characters at most.
bool is_cross_name(std::string_view name);
std::string cross_request_id(std::string_view proposal_hash);

// Who is certified, as its own certificate or request says it.
struct OtherAuthority {
  x509::Name subject;
  Bytes public_key_info;
  // Of the certificate, or what the request asks for; SHA-1 of the key (RFC 5280 §4.2.1.2) where neither says one, as
  // most programs put it into what such a CA issues.
  Bytes subject_key_id;
  std::optional<Time> not_before, not_after;  // of a certificate
  std::optional<unsigned> path_length;
};
// failed_precondition for a certificate that is no CA's, a self-issued one whose own key did not sign it, and a request
// that its key did not sign.
Result<OtherAuthority> other_authority(const CrossChange& change);
// What goes into the certificate beside the profile `cross`.
Result<issuance::SubjectContent> cross_content(const CrossChange& change);

// What holds whenever it is looked at: one of certificate and request, policies, names that are constrained or the
// sentence why none is, and what other_authority() asks. failed_precondition or invalid_argument.
Status check_cross_form(const CrossChange& change);

// A name by its steps, the greatest first, each `TYPE=value`: {"C=VN", "O=TỈNH BẠN"}. A value may hold any character.
// invalid_argument names the step.
Result<x509::Name> name_of_steps(const std::vector<std::string>& steps);
std::vector<std::string> steps_of_name(const x509::Name& name);  // of one attribute a step, as name_of_steps makes it

}  // namespace antin::authority
