#include "signer/validation/judge.h"

#include <algorithm>

#include "hsm/public_key.h"
#include "signer/validation/certificate_use.h"

namespace antin::validation {
namespace {

int badness(Indication indication) {
  switch (indication) {
    case Indication::total_passed:
      return 0;
    case Indication::no_signature:
      return 1;
    case Indication::indeterminate:
      return 2;
    case Indication::total_failed:
      return 3;
  }
  return 3;
}

void describe(SignatureReport& report, const x509::Certificate& certificate) {
  report.signer = certificate.subject().rfc4514();
  report.issuer = certificate.issuer().rfc4514();
  report.serial = certificate.serial().hex();
  report.reasons.push_back({"verify.issuer", {report.issuer}});
  report.reasons.push_back(
      {"verify.validity",
       {to_rfc3339(certificate.not_before(), vietnam_offset), to_rfc3339(certificate.not_after(), vietnam_offset)}});
}

// Digest and signature value.
void judge_integrity(SignatureReport& report, const cms::SignerInfo& signer, const ContentDigest& content,
                     OrderRule rule) {
  const std::optional<Bytes> digest = content(signer.digest_algorithm);
  if (!digest) {
    conclude(report, Indication::indeterminate, SubIndication::signed_data_not_found, {"verify.no_data", {}});
    return;
  }
  if (!signer.scheme || !signer.signer) return;  // named elsewhere; nothing can be known of integrity
  if (!signer.message_digest || *signer.message_digest != *digest) {
    report.intact = false;
    conclude(report, Indication::total_failed, SubIndication::hash_failure,
             {"verify.hash", {std::string(to_string(signer.digest_algorithm))}});
    return;
  }
  const auto order = cms::verified_order(signer).value_or(cms::AttributeOrder::neither);
  report.intact = order != cms::AttributeOrder::neither;
  if (!*report.intact)
    conclude(report, Indication::total_failed, SubIndication::sig_crypto_failure, {"verify.crypto", {}});
  else if (rule == OrderRule::der && order != cms::AttributeOrder::der)
    conclude(report, Indication::total_failed, SubIndication::format_failure,
             {"verify.format", {"the signed attributes were not signed in the order of DER"}});
}

// Of the modulus: how long its encoding is says nothing.
std::optional<int> rsa_bits(const x509::Certificate& certificate) {
  const auto algorithm = hsm::key_algorithm_of(certificate.public_key_info());
  if (!algorithm || *algorithm != hsm::KeyAlgorithm::rsa) return std::nullopt;
  const auto key = hsm::read_public_key(certificate.public_key_info());
  return key ? EVP_PKEY_get_bits(key->get()) : 0;
}

void judge_constraints(SignatureReport& report, const cms::SignerInfo& signer) {
  if (!signer.scheme) {
    conclude(report, Indication::indeterminate, SubIndication::crypto_constraints_failure_no_poe,
             {"verify.weak", {"SHA-2, RSA, ECDSA, Ed25519"}});
    return;
  }
  for (const std::string& defect : signer.defects)
    conclude(report, Indication::total_failed, SubIndication::format_failure, {"verify.format", {defect}});
  if (!signer.signing_certificate_matches)
    conclude(report, Indication::indeterminate, SubIndication::sig_constraints_failure, {"verify.no_reference", {}});
  else if (!*signer.signing_certificate_matches)
    conclude(report, Indication::indeterminate, SubIndication::no_signing_certificate_found,
             {"verify.other_signer", {}});
  if (const auto unfit = unfit_to_sign_documents(*signer.signer))
    conclude(report, Indication::indeterminate, SubIndication::chain_constraints_failure,
             {"verify.constraints", {*unfit}});
  if (rsa_bits(*signer.signer).value_or(2048) < 2048)
    conclude(report, Indication::indeterminate, SubIndication::crypto_constraints_failure_no_poe,
             {"verify.weak", {"RSA < 2048"}});
}

void judge_path(SignatureReport& report, const cms::SignerInfo& signer, const cms::SignedData& message,
                const x509::TrustMaterial& trust, Time at) {
  x509::TrustMaterial material = trust;
  const auto known = [&](const x509::Certificate& certificate) {
    return std::ranges::find(trust.anchors, certificate) != trust.anchors.end() ||
           std::ranges::find(trust.intermediates, certificate) != trust.intermediates.end();
  };
  for (const x509::Certificate& certificate : message.certificates)
    if (!known(certificate)) material.intermediates.push_back(certificate);
  const x509::PathResult path =
      x509::validate_path(*signer.signer, material, {.at = at, .any_revocation_counts = true});
  using x509::PathStatus;
  const auto undecided = [&](SubIndication sub, Reason reason) {
    conclude(report, Indication::indeterminate, sub, std::move(reason));
  };
  switch (path.status) {
    case PathStatus::valid:
      break;
    case PathStatus::no_chain:
      undecided(SubIndication::no_certificate_chain_found, {"verify.no_chain", {signer.signer->issuer().rfc4514()}});
      break;
    case PathStatus::expired:
      undecided(SubIndication::out_of_bounds_no_poe, {"verify.expired", {}});
      break;
    case PathStatus::not_yet_valid:
      undecided(SubIndication::not_yet_valid, {"verify.not_yet_valid", {}});
      break;
    case PathStatus::revoked:
      undecided(SubIndication::revoked_no_poe,
                {"verify.revoked",
                 {path.revocation ? to_rfc3339(path.revocation->revoked_at, vietnam_offset) : "?",
                  path.revocation ? std::string(x509::to_string(path.revocation->reason)) : "?"}});
      break;
    case PathStatus::revoked_ca:
      undecided(SubIndication::revoked_ca_no_poe, {"verify.revoked_ca", {}});
      break;
    case PathStatus::on_hold:
      undecided(SubIndication::try_later, {"verify.on_hold", {}});
      break;
    case PathStatus::revocation_unknown:
      undecided(SubIndication::try_later, {"verify.no_status", {path.detail}});
      break;
    case PathStatus::chain_constraints:
      undecided(SubIndication::chain_constraints_failure, {"verify.constraints", {path.detail}});
      break;
    case PathStatus::bad_signature:
      undecided(SubIndication::certificate_chain_general_failure, {"verify.chain", {path.detail}});
      break;
  }
}

}  // namespace

void conclude(SignatureReport& report, Indication indication, SubIndication sub, Reason reason) {
  if (badness(indication) > badness(report.indication)) {
    report.indication = indication;
    report.sub_indication = sub;
    std::erase_if(report.reasons, [](const Reason& said) { return said.id == "verify.good"; });
  }
  report.reasons.push_back(std::move(reason));
}

SignatureReport malformed(const std::string& why) {
  SignatureReport report;
  report.indication = Indication::total_passed;
  report.intact = false;
  conclude(report, Indication::total_failed, SubIndication::format_failure, {"verify.format", {why}});
  return report;
}

SignatureReport judge(const cms::SignerInfo& signer, const cms::SignedData& message, const ContentDigest& content,
                      const x509::TrustMaterial& trust, Time at, OrderRule rule) {
  SignatureReport report;
  report.indication = Indication::total_passed;
  report.signing_time = signer.signing_time;
  if (signer.signer) describe(report, *signer.signer);
  for (const x509::Certificate& certificate : message.certificates)
    for (std::string& url : certificate.crl_urls()) report.crl_urls.push_back(std::move(url));
  judge_integrity(report, signer, content, rule);
  if (!signer.signer) {
    conclude(report, Indication::indeterminate, SubIndication::no_signing_certificate_found, {"verify.no_signer", {}});
    return report;
  }
  judge_constraints(report, signer);
  judge_path(report, signer, message, trust, at);
  if (report.signing_time)
    report.reasons.push_back({"verify.claimed_time", {to_rfc3339(*report.signing_time, vietnam_offset)}});
  if (report.indication == Indication::total_passed) report.reasons.insert(report.reasons.begin(), {"verify.good", {}});
  return report;
}

}  // namespace antin::validation
