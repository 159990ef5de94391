#include "ca/x509/second_opinion.h"

#include <optional>

#include "ca/x509/opinion.h"
#include "ca/x509/signature_check.h"
#include "hsm/public_key.h"

namespace antin::x509 {
namespace {

constexpr std::size_t parsed_whole_up_to = 10000;  // entries

std::unexpected<Error> disagree(const std::string& what) {
  return fail(ErrorCode::internal,
              "second opinion: OpenSSL and Botan disagree: " + what + ": stop this profile and look at both libraries");
}

}  // namespace

std::string difference(const CertificateOpinion& a, const CertificateOpinion& b) {
  if (a.serial != b.serial) return "serial number";
  if (a.issuer != b.issuer) return "issuer";
  if (a.subject != b.subject) return "subject";
  if (a.not_before != b.not_before) return "notBefore";
  if (a.not_after != b.not_after) return "notAfter";
  if (a.public_key_info != b.public_key_info) return "public key";
  if (a.signature_algorithm != b.signature_algorithm) return "signature algorithm";
  if (a.signature != b.signature) return "signature";
  if (a.extensions != b.extensions) return "extensions";
  return {};
}

std::string difference(const CrlOpinion& a, const CrlOpinion& b) {
  if (a.issuer_text != b.issuer_text) return "issuer";
  if (a.this_update != b.this_update) return "thisUpdate";
  if (a.next_update != b.next_update) return "nextUpdate";
  if (a.entries.size() != b.entries.size()) return "number of entries";
  for (std::size_t i = 0; i < a.entries.size(); ++i)
    if (!(a.entries[i] == b.entries[i])) return "entry " + std::to_string(i + 1);
  return {};
}

struct SignatureJudge::State {
  SecondOpinion how;
  EvpPkeyPtr openssl;
  std::unique_ptr<BotanKey> botan;  // none for `fields`
};

SignatureJudge::SignatureJudge(std::unique_ptr<State> state) : state_(std::move(state)) {}
SignatureJudge::SignatureJudge(SignatureJudge&&) noexcept = default;
SignatureJudge& SignatureJudge::operator=(SignatureJudge&&) noexcept = default;
SignatureJudge::~SignatureJudge() = default;

Result<SignatureJudge> SignatureJudge::make(ByteView issuer_public_key_info, SecondOpinion how) {
  auto state = std::make_unique<State>();
  state->how = how;
  ANTIN_TRY(state->openssl, hsm::read_public_key(issuer_public_key_info));
  if (how == SecondOpinion::full) {
    ANTIN_TRY(state->botan, BotanKey::read(issuer_public_key_info));
  }
  return SignatureJudge(std::move(state));
}

Status SignatureJudge::verify(ByteView algorithm_identifier, ByteView message, ByteView signature) const {
  ANTIN_TRY(const bool first, check_signature(state_->openssl.get(), algorithm_identifier, message, signature));
  if (!first) return fail(ErrorCode::internal, "second opinion: OpenSSL: the signature does not hold");
  if (state_->how == SecondOpinion::fields) return {};
  const auto scheme = hsm::scheme_of(algorithm_identifier);
  if (!scheme) return fail(ErrorCode::internal, "second opinion: a signature algorithm that we do not issue with");
  ANTIN_TRY(const bool second, state_->botan->check(*scheme, message, signature));
  if (!second) return disagree("the signature");
  return {};
}

Result<Certificate> SignatureJudge::agree_on_certificate(ByteView der) const {
  ANTIN_TRY(Certificate certificate, Certificate::from_der(der));
  ANTIN_TRY(const CertificateOpinion first, openssl_opinion(certificate.native_keyless()));
  ANTIN_TRY(const CertificateOpinion second, botan_opinion(der));
  if (const std::string field = difference(first, second); !field.empty()) return disagree(field);
  if (!equal(first.serial, certificate.serial().magnitude()) ||
      !equal(first.public_key_info, certificate.public_key_info()))
    return disagree("our own reader");
  ANTIN_CHECK(verify(certificate.signature_algorithm(), certificate.tbs(), certificate.signature()));
  return certificate;
}

Result<Certificate> agree_on_certificate(ByteView der, ByteView issuer_public_key_info, SecondOpinion how) {
  ANTIN_TRY(const SignatureJudge judge, SignatureJudge::make(issuer_public_key_info, how));
  return judge.agree_on_certificate(der);
}

Result<Crl> agree_on_crl(ByteView der, const Certificate& issuer) {
  ANTIN_TRY(Crl crl, Crl::from_der(der));
  if (!(crl.issuer() == issuer.subject()))
    return fail(ErrorCode::internal, "second opinion: the list's issuer is not the given certificate's subject");
  ANTIN_TRY(const SignatureJudge judge, SignatureJudge::make(issuer.public_key_info(), SecondOpinion::full));
  ANTIN_CHECK(judge.verify(crl.signature_algorithm(), crl.tbs(), crl.signature()));
  if (crl.size() > parsed_whole_up_to) return crl;
  ANTIN_TRY(const CrlOpinion first, openssl_crl_opinion(der));
  ANTIN_TRY(const CrlOpinion second, botan_crl_opinion(der));
  if (const std::string field = difference(first, second); !field.empty()) return disagree("crl: " + field);
  return crl;
}

}  // namespace antin::x509
