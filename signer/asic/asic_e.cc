#include "signer/asic/asic_e.h"

#include "signer/asic/container.h"
#include "signer/cms/cades.h"

namespace antin::asic {
namespace {

constexpr std::string_view manifest_name = "META-INF/ASiCManifest001.xml";
constexpr std::string_view signature_name = "META-INF/signature001.p7s";

class AsicDraft final : public pipeline::Draft {
 public:
  AsicDraft(std::vector<Entry> entries, cms::SignedAttributes about, Bytes to_be_signed,
            std::vector<x509::Certificate> chain)
      : entries_(std::move(entries)),
        about_(std::move(about)),
        to_be_signed_(std::move(to_be_signed)),
        chain_(std::move(chain)) {}
  ByteView to_be_signed() const noexcept override { return to_be_signed_; }
  Result<Bytes> assemble(ByteView signature) && override {
    ANTIN_TRY(Bytes message, cms::assemble_detached(to_be_signed_, about_, signature, chain_));
    entries_.push_back({std::string(signature_name), "application/pkcs7-signature", std::move(message)});
    return write_container(entries_, about_.signing_time);
  }

 private:
  std::vector<Entry> entries_;
  cms::SignedAttributes about_;
  Bytes to_be_signed_;
  std::vector<x509::Certificate> chain_;
};

class AsicFormat final : public pipeline::DocumentFormat {
 public:
  std::string_view name() const noexcept override { return "asic-e"; }
  std::string_view media_type() const noexcept override { return asic_e_media_type; }
  Result<std::unique_ptr<pipeline::Draft>> prepare(std::vector<pipeline::NamedDocument> documents,
                                                   const pipeline::SignatureRequest& request) const override {
    if (documents.empty()) return fail(ErrorCode::invalid_argument, "container: no files to sign");
    std::vector<Entry> entries;
    for (pipeline::NamedDocument& document : documents) {
      if (document.name == "mimetype" || document.name.starts_with("META-INF/"))
        return fail(ErrorCode::invalid_argument, "container: a file cannot be called " + document.name);
      entries.push_back({std::move(document.name), std::move(document.media_type), std::move(document.content)});
    }
    Bytes manifest = to_bytes(manifest_xml(signature_name, entries));
    cms::SignedAttributes about{cms::Form::cades, request.scheme,
                                digest(cms::content_digest_algorithm(request.scheme), manifest), request.signing_time,
                                request.signer};
    ANTIN_TRY(Bytes attributes, cms::encode_signed_attributes(about));
    entries.push_back({std::string(manifest_name), "text/xml", std::move(manifest)});
    return std::make_unique<AsicDraft>(std::move(entries), std::move(about), std::move(attributes), request.chain);
  }
};

}  // namespace

const pipeline::DocumentFormat& asic_e_format() {
  static const AsicFormat format;
  return format;
}

}  // namespace antin::asic
