#include "signer/pipeline/signing_service.h"

#include <chrono>

#include "signer/asic/asic_e.h"
#include "signer/cms/cades_format.h"
#include "signer/pdf/pades.h"
#include "signer/validation/certificate_use.h"
#include "signer/validation/verify.h"

namespace antin::pipeline {
namespace {

class Stopwatch {
 public:
  explicit Stopwatch(std::uint64_t* into) : into_(into), start_(std::chrono::steady_clock::now()) {}
  ~Stopwatch() {
    if (into_ != nullptr)
      *into_ += static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start_).count());
  }

 private:
  std::uint64_t* into_;
  std::chrono::steady_clock::time_point start_;
};

Status check_certificate(const Signer& signer, const x509::TrustMaterial& trust, Time now) {
  const std::string who = signer.certificate.subject().rfc4514();
  if (const auto unfit = validation::unfit_to_sign_documents(signer.certificate))
    return fail(ErrorCode::permission_denied,
                "signer " + who + ": the certificate may not be used to sign documents (" + *unfit + ")");
  if (!equal(signer.key->public_key_info(), signer.certificate.public_key_info()))
    return fail(ErrorCode::failed_precondition, "signer " + who + ": key and certificate do not belong together");
  const x509::PathResult path = x509::validate_path(signer.certificate, trust, {.at = now});
  if (path.status != x509::PathStatus::valid)
    return fail(ErrorCode::permission_denied,
                "signer " + who + ": the certificate is not good now: " + std::string(x509::to_string(path.status)) +
                    (path.detail.empty() ? "" : ": " + path.detail));
  return {};
}

// What leaves is read again by the verifier that everybody else uses. Older signatures of the document are not ours to
// judge.
Status check_result(const Bytes& finished, ByteView detached, bool is_detached, const Signer& signer,
                    const x509::TrustMaterial& trust, Time now) {
  validation::Question question{finished, std::nullopt, trust, now};
  if (is_detached) question.detached = detached;
  ANTIN_TRY(const validation::Report report, in("self-check", validation::verify(question)));
  const std::string serial = signer.certificate.serial().hex();
  for (auto signature = report.signatures.rbegin(); signature != report.signatures.rend(); ++signature)
    if (signature->serial == serial && signature->indication == validation::Indication::total_passed) return {};
  return fail(ErrorCode::internal, "self-check: the finished signature does not verify");
}

}  // namespace

Result<Bytes> sign_document(const DocumentFormat& format, std::vector<NamedDocument> documents, const Signer& signer,
                            const SigningOptions& options, const x509::TrustMaterial& trust, const Clock& clock,
                            SigningCost* cost) {
  SigningCost unused;
  SigningCost& spent = cost != nullptr ? *cost : unused;
  const Time now = clock.now();
  {
    const Stopwatch watch(&spent.check_certificate);
    ANTIN_CHECK(check_certificate(signer, trust, now));
  }
  const auto scheme = options.scheme.value_or(hsm::default_scheme(signer.key->algorithm()));
  const SignatureRequest request{signer.certificate, signer.chain,     scheme,          now,
                                 options.reason,     options.location, options.contact, options.field_name};
  const bool is_detached = format.name() == "cades" && !documents.empty();
  const Bytes original = is_detached ? documents.front().content : Bytes();
  std::unique_ptr<Draft> draft;
  {
    const Stopwatch watch(&spent.prepare);
    ANTIN_TRY(draft, format.prepare(std::move(documents), request));
  }
  Bytes signature;
  {
    const Stopwatch watch(&spent.token);
    ANTIN_TRY(signature, signer.key->sign(scheme, draft->to_be_signed()));
  }
  ANTIN_TRY(const bool good,
            hsm::verify_signature(signer.certificate.public_key_info(), scheme, draft->to_be_signed(), signature));
  if (!good) return fail(ErrorCode::internal, signer.key->uri() + ": the token's signature does not verify");
  Bytes finished;
  {
    const Stopwatch watch(&spent.assemble);
    ANTIN_TRY(finished, std::move(*draft).assemble(signature));
  }
  const Stopwatch watch(&spent.self_check);
  ANTIN_CHECK(check_result(finished, original, is_detached, signer, trust, now));
  return finished;
}

Result<std::shared_ptr<const DocumentFormat>> document_format(std::string_view name) {
  for (const DocumentFormat* format : {&pdf::pades_format(), &cms::cades_format(), &asic::asic_e_format()})
    if (format->name() == name)
      return std::shared_ptr<const DocumentFormat>(std::shared_ptr<const DocumentFormat>(), format);
  return fail(ErrorCode::not_found, "no format called \"" + std::string(name) + "\": choose pades, cades or asic-e");
}

}  // namespace antin::pipeline
