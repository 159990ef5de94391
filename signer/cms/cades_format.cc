#include "signer/cms/cades_format.h"

#include "signer/cms/cades.h"

namespace antin::cms {
namespace {

class CadesDraft final : public pipeline::Draft {
 public:
  CadesDraft(SignedAttributes about, Bytes to_be_signed, std::vector<x509::Certificate> chain)
      : about_(std::move(about)), to_be_signed_(std::move(to_be_signed)), chain_(std::move(chain)) {}
  ByteView to_be_signed() const noexcept override { return to_be_signed_; }
  Result<Bytes> assemble(ByteView signature) && override {
    return assemble_detached(to_be_signed_, about_, signature, chain_);
  }

 private:
  SignedAttributes about_;
  Bytes to_be_signed_;
  std::vector<x509::Certificate> chain_;
};

class CadesFormat final : public pipeline::DocumentFormat {
 public:
  std::string_view name() const noexcept override { return "cades"; }
  std::string_view media_type() const noexcept override { return "application/pkcs7-signature"; }
  Result<std::unique_ptr<pipeline::Draft>> prepare(std::vector<pipeline::NamedDocument> documents,
                                                   const pipeline::SignatureRequest& request) const override {
    if (documents.size() != 1) return fail(ErrorCode::invalid_argument, "CAdES: exactly one file is signed at a time");
    SignedAttributes about{Form::cades, request.scheme,
                           digest(content_digest_algorithm(request.scheme), documents.front().content),
                           request.signing_time, request.signer};
    ANTIN_TRY(Bytes attributes, encode_signed_attributes(about));
    return std::make_unique<CadesDraft>(std::move(about), std::move(attributes), request.chain);
  }
};

}  // namespace

const pipeline::DocumentFormat& cades_format() {
  static const CadesFormat format;
  return format;
}

}  // namespace antin::cms
