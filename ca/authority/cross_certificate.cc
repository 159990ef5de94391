#include "ca/authority/cross_certificate.h"

#include <algorithm>

#include "base/openssl_ptr.h"
#include "ca/authority/issuer_register.h"
#include "ca/issuance/key_gate.h"
#include "ca/x509/csr.h"
#include "ca/x509/der.h"
#include "ca/x509/signature_check.h"

namespace antin::authority {
namespace {

namespace der = x509::der;

constexpr std::string_view prefix = "cross-";
constexpr std::size_t most_policies = 20, most_subtrees = 100;

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::failed_precondition, "cross certificate: " + why);
}

// RFC 5280 §4.2.1.2 method 1.
Result<Bytes> sha1_key_id(ByteView public_key_info) {
  ANTIN_TRY(const der::Element outer, der::only(public_key_info, der::sequence_tag));
  der::Reader reader(outer.content);
  ANTIN_CHECK(reader.expect(der::sequence_tag));
  ANTIN_TRY(const der::Element bits, reader.expect(der::bit_string_tag));
  ANTIN_TRY(const ByteView octets, der::read_bit_string_octets(bits));
  Bytes id(20);
  unsigned size = 0;
  if (EVP_Digest(octets.data(), octets.size(), id.data(), &size, EVP_sha1(), nullptr) != 1 || size != id.size())
    return fail(ErrorCode::internal, "key identifier: SHA-1: " + openssl_error());
  return id;
}

Result<Bytes> key_id_or_sha1(std::optional<Bytes> key_id, ByteView public_key_info) {
  if (key_id && !key_id->empty()) return *std::move(key_id);
  return sha1_key_id(public_key_info);
}

Result<OtherAuthority> read_certificate(ByteView octets) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(octets));
  const auto usage = certificate.key_usage();
  if (!certificate.is_ca() || (usage && !usage->key_cert_sign))
    return refuse("the other certificate is not one of an authority");
  if (certificate.self_issued()) {
    ANTIN_TRY(const bool good, x509::signed_by(certificate, certificate));
    if (!good) return refuse("the other certificate names itself, and its own key did not sign it");
  }
  ANTIN_TRY(Bytes key_id, key_id_or_sha1(certificate.subject_key_id(), certificate.public_key_info()));
  return OtherAuthority{certificate.subject(),   to_bytes(certificate.public_key_info()),
                        std::move(key_id),       certificate.not_before(),
                        certificate.not_after(), certificate.path_length()};
}

Result<OtherAuthority> read_request(ByteView octets) {
  ANTIN_TRY(const x509::CertificationRequest request, x509::CertificationRequest::from_der(octets));
  ANTIN_TRY(const bool good, request.proof_of_possession());
  if (!good) return refuse("the request is not signed with the key that it names");
  ANTIN_TRY(Bytes key_id, key_id_or_sha1(request.subject_key_id(), request.public_key_info()));
  return OtherAuthority{request.subject(), to_bytes(request.public_key_info()), std::move(key_id), {}, {}, {}};
}

Status check_policies(const std::vector<std::string>& policies) {
  if (policies.empty() || policies.size() > most_policies)
    return refuse("it names no policy under which it is trusted, or too many");
  for (auto one = policies.begin(); one != policies.end(); ++one)
    if (!der::oid_from_text(*one) || std::find(std::next(one), policies.end(), *one) != policies.end())
      return refuse("the policy " + *one + " is no object identifier, or is there twice");
  return {};
}

std::size_t count(const x509::NameSubtrees& subtrees) {
  return subtrees.directories.size() + subtrees.mails.size() + subtrees.hosts.size();
}

// Without a limit the other authority could issue in every name, also in ours.
Status check_constraints(const CrossChange& change) {
  if (change.constraints.empty() == change.unconstrained.empty())
    return refuse("either names are constrained, or a sentence says why none is");
  if (count(change.constraints.permitted) + count(change.constraints.excluded) > most_subtrees)
    return refuse("more than 100 subtrees of names");
  return x509::check_name_constraints(change.constraints);
}

}  // namespace

bool is_cross_name(std::string_view name) { return name.starts_with(prefix) && is_issuer_name(name); }

std::string cross_request_id(std::string_view proposal_hash) { return "cross/" + std::string(proposal_hash); }

Result<OtherAuthority> other_authority(const CrossChange& change) {
  if (change.certificate.empty() == change.request.empty())
    return refuse("it is made from one certificate or one request of the other authority");
  ANTIN_TRY(OtherAuthority other,
            change.request.empty() ? read_certificate(change.certificate) : read_request(change.request));
  if (other.subject.empty()) return refuse("the other authority has no name");
  return other;
}

Result<issuance::SubjectContent> cross_content(const CrossChange& change) {
  ANTIN_TRY(OtherAuthority other, other_authority(change));
  issuance::SubjectContent content;
  content.subject = std::move(other.subject);
  content.public_key_info = std::move(other.public_key_info);
  content.cross =
      issuance::CrossLimits{std::move(other.subject_key_id), change.path_length, change.policies, change.constraints};
  return content;
}

Status check_cross_form(const CrossChange& change) {
  if (!is_cross_name(change.name))
    return refuse("its name is cross, a hyphen and a word, as cross-neighbour: not " + change.name);
  ANTIN_CHECK(check_policies(change.policies));
  ANTIN_CHECK(check_constraints(change));
  ANTIN_TRY(const OtherAuthority other, other_authority(change));
  ANTIN_CHECK(in("cross certificate", issuance::check_key(other.public_key_info)));
  if (other.not_after && change.not_after > *other.not_after)
    return refuse("it would outlive the other authority's certificate, which ends at " + to_rfc3339(*other.not_after));
  if (other.path_length && change.path_length > *other.path_length)
    return refuse("it allows a longer path than the other authority's certificate");
  return {};
}

Result<x509::Name> name_of_steps(const std::vector<std::string>& steps) {
  std::vector<x509::RelativeName> rdns;
  for (const std::string& step : steps) {
    const std::size_t equals = step.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == step.size())
      return fail(ErrorCode::invalid_argument, "directory name: " + step + " is not TYPE=value");
    rdns.push_back({{step.substr(0, equals), step.substr(equals + 1)}});
  }
  return in("directory name", x509::Name::from_rdns(std::move(rdns)));
}

std::vector<std::string> steps_of_name(const x509::Name& name) {
  std::vector<std::string> steps;
  for (const x509::RelativeName& rdn : name.rdns()) steps.push_back(rdn.front().type + "=" + rdn.front().value);
  return steps;
}

}  // namespace antin::authority
