#include "ca/issuance/issuer.h"

#include "ca/x509/der.h"
#include "ca/x509/tbs.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;

std::unexpected<Error> mismatch(const std::string& what) {
  return fail(ErrorCode::invalid_argument, "issuer: " + what);
}

// Fills what is empty from the certificate; what is there must be the same.
Status complete(IssuerIdentity& identity, const x509::Certificate& certificate) {
  if (identity.name.empty()) identity.name = certificate.subject();
  if (!(identity.name == certificate.subject()))
    return mismatch("its name is not the subject of its certificate, octet for octet");
  const auto key_id = certificate.subject_key_id();
  if (!key_id) return mismatch("its certificate has no subjectKeyIdentifier");
  if (identity.key_id.empty()) identity.key_id = *key_id;
  if (identity.key_id != *key_id) return mismatch("its key id is not the one of its certificate");
  if (!identity.not_after) identity.not_after = certificate.not_after();
  if (*identity.not_after > certificate.not_after())
    return mismatch("its validity is longer than the one of its certificate");
  return {};
}

// Generations of an issuer share their name: what is signed must name this one's key too.
Status check_key_id(const x509::TbsView& view, const Bytes& key_id) {
  const x509::ExtensionView* extension = view.find("2.5.29.35");
  if (extension == nullptr) return {};
  ANTIN_TRY(const der::Element content, der::only(extension->value, der::sequence_tag));
  der::Reader parts(content.content);
  ANTIN_TRY(const auto named, parts.optional(der::context(0)));
  if (named && !equal(named->content, key_id)) return mismatch("the bytes name another issuer's key");
  return {};
}

}  // namespace

Issuer::Issuer(std::shared_ptr<const hsm::SigningKey> key, std::optional<x509::Certificate> certificate,
               IssuerIdentity identity, x509::SignatureJudge judge)
    : key_(std::move(key)),
      certificate_(std::move(certificate)),
      identity_(std::move(identity)),
      judge_(std::make_shared<const x509::SignatureJudge>(std::move(judge))) {}

Result<Issuer> Issuer::make(std::shared_ptr<const hsm::SigningKey> key, x509::Certificate certificate,
                            IssuerIdentity identity, x509::SecondOpinion how) {
  if (!equal(key->public_key_info(), certificate.public_key_info()))
    return mismatch("the key " + key->uri() + " is not the one of the certificate " + certificate.subject().rfc4514());
  const auto usage = certificate.key_usage();
  if (!certificate.is_ca() || (usage && !usage->key_cert_sign))
    return mismatch("its certificate is not one of an authority");
  if (!hsm::fits(identity.scheme, key->algorithm()))
    return mismatch("the scheme " + std::string(to_string(identity.scheme)) + " does not fit its key");
  ANTIN_CHECK(complete(identity, certificate));
  ANTIN_TRY(x509::SignatureJudge judge, x509::SignatureJudge::make(key->public_key_info(), how));
  return Issuer(std::move(key), std::move(certificate), std::move(identity), std::move(judge));
}

Result<Issuer> Issuer::make_root(std::shared_ptr<const hsm::SigningKey> key, x509::Name name) {
  IssuerIdentity identity;
  identity.name = std::move(name);
  identity.key_id = issuance::key_id(key->public_key_info());
  identity.scheme = hsm::default_scheme(key->algorithm());
  ANTIN_TRY(x509::SignatureJudge judge, x509::SignatureJudge::make(key->public_key_info(), x509::SecondOpinion::full));
  return Issuer(std::move(key), std::nullopt, std::move(identity), std::move(judge));
}

Result<x509::Certificate> Issuer::sign(LintedTbs&& tbs) const {
  const Bytes octets = std::move(tbs.der_);
  tbs.der_.clear();
  if (octets.empty()) return fail(ErrorCode::failed_precondition, "issuer: these bytes were signed before");
  ANTIN_TRY(const x509::TbsView view, x509::parse_tbs(octets));
  const Bytes algorithm = hsm::algorithm_identifier(identity_.scheme);
  if (!equal(view.issuer, identity_.name.der())) return mismatch("the bytes name another issuer");
  ANTIN_CHECK(check_key_id(view, identity_.key_id));
  if (!equal(view.signature_algorithm, algorithm)) return mismatch("the bytes name another signature algorithm");
  ANTIN_TRY(const Bytes signature, in("issuer", key_->sign(identity_.scheme, octets)));
  return judge_->agree_on_certificate(der::sequence({octets, algorithm, der::bit_string(signature)}));
}

Result<hsm::SchemeHasher> Issuer::crl_hasher() const {
  return in("issuer", hsm::SchemeHasher::begin(identity_.scheme, key_->public_key_info()));
}

Result<Bytes> Issuer::sign_crl_digest(ByteView digest) const {
  ANTIN_TRY(Bytes signature, in("issuer", key_->sign_digest(identity_.scheme, digest)));
  ANTIN_TRY(const bool good, hsm::verify_digest(key_->public_key_info(), identity_.scheme, digest, signature));
  if (!good)
    return fail(ErrorCode::internal,
                "issuer: the token's signature does not hold under its own public key: " + key_->uri());
  return signature;
}

}  // namespace antin::issuance
