// DocumentFormat: how one format of signed document is prepared and assembled. One implementation a folder.
//
//   ANTIN_TRY(auto draft, format.prepare(document, request));
//   signature = token signs draft.to_be_signed()
//   ANTIN_TRY(Bytes signed_document, std::move(draft)->assemble(signature));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"
#include "ca/x509/certificate.h"
#include "hsm/signing_key.h"

namespace antin::pipeline {

// What is the same for every format; decided once, before prepare.
struct SignatureRequest {
  x509::Certificate signer;
  std::vector<x509::Certificate> chain;  // issuing CA first, root last
  hsm::SignatureScheme scheme;
  Time signing_time;                      // read once from the clock
  std::string reason, location, contact;  // UTF-8; PDF alone
  std::string field_name;                 // PDF: empty chooses the next free `Signature<N>`
};

// Draft: a document with a hole, owning every offset and attribute that was decided. Redeemed once.
class Draft {
 public:
  virtual ~Draft() = default;
  virtual ByteView to_be_signed() const noexcept = 0;  // the message for SigningKey::sign
  // The finished document. resource_exhausted when the signature does not fit its hole.
  virtual Result<Bytes> assemble(ByteView signature) && = 0;
};

struct NamedDocument {
  std::string name;  // file name, NFC; used by detached and container formats
  std::string media_type;
  Bytes content;
};

class DocumentFormat {
 public:
  virtual ~DocumentFormat() = default;
  virtual std::string_view name() const noexcept = 0;        // `pades`, `cades`, `asic-e`
  virtual std::string_view media_type() const noexcept = 0;  // of the result
  // invalid_argument for a document that cannot be signed (broken, encrypted, forbids the change), with the reason.
  virtual Result<std::unique_ptr<Draft>> prepare(std::vector<NamedDocument> documents,
                                                 const SignatureRequest& request) const = 0;
};

}  // namespace antin::pipeline
