#include "signer/validation/verify.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "signer/asic/container.h"
#include "signer/cms/cades.h"
#include "signer/dossier/dossier.h"
#include "signer/pdf/signatures.h"
#include "signer/validation/judge.h"

namespace antin::validation {
namespace {

int badness(Indication indication) {
  return indication == Indication::total_failed    ? 3
         : indication == Indication::indeterminate ? 2
         : indication == Indication::no_signature  ? 1
                                                   : 0;
}

Report finish(Report report) {
  if (report.signatures.empty()) {
    if (report.indication != Indication::total_failed) {
      report.indication = Indication::no_signature;
      report.reasons.push_back({"verify.no_signature", {}});
    }
    return report;
  }
  if (report.indication == Indication::no_signature) report.indication = Indication::total_passed;
  for (const SignatureReport& signature : report.signatures)
    if (badness(signature.indication) > badness(report.indication)) {
      report.indication = signature.indication;
      report.sub_indication = signature.sub_indication;
    }
  return report;
}

SignatureReport malformed(const std::string& why) {
  SignatureReport report;
  report.indication = Indication::total_passed;
  report.intact = false;
  conclude(report, Indication::total_failed, SubIndication::format_failure, {"verify.format", {why}});
  return report;
}

// --- PDF

std::optional<Time> pdf_time(const std::string& text) {
  // D:YYYYMMDDHHmmSS and Z or +07'00'.
  if (text.size() < 16 || !text.starts_with("D:")) return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t n) { return text.substr(2 + at, n); };
  std::string zone = "Z";
  if (text.size() >= 19 && (text[16] == '+' || text[16] == '-'))
    zone = text.substr(16, 3) + ":" + (text.size() >= 22 ? text.substr(20, 2) : "00");
  const auto time = parse_rfc3339(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                                  part(10, 2) + ":" + part(12, 2) + zone);
  return time ? std::optional(*time) : std::nullopt;
}

void judge_changes(SignatureReport& report, const pdf::PdfSignature& signature) {
  switch (signature.changes) {
    case pdf::ChangesAfter::none:
      report.changes = Changes::none;
      return;
    case pdf::ChangesAfter::permitted:
      report.changes = Changes::permitted;
      report.reasons.push_back({"verify.added", {}});
      return;
    case pdf::ChangesAfter::forbidden:
      break;
  }
  report.changes = Changes::forbidden;
  std::string where;
  for (const std::string& path : signature.changed) where += (where.empty() ? "" : ", ") + path;
  conclude(report, Indication::total_failed, SubIndication::format_failure, {"verify.changed", {where}});
  std::erase_if(report.reasons, [](const Reason& reason) { return reason.id == "verify.good"; });
}

SignatureReport judge_pdf_signature(const pdf::PdfSignature& signature, const Question& question) {
  if (signature.range_defect) return malformed(*signature.range_defect);
  const auto message = cms::parse(signature.contents);
  if (!message) return malformed(message.error().message);
  if (message->signers.size() != 1) return malformed("a PDF signature has exactly one signer");
  if (message->content && signature.sub_filter != "adbe.pkcs7.sha1")
    return malformed("a PDF signature holds no content of its own");
  const auto content = [&](DigestAlgorithm algorithm) -> std::optional<Bytes> {
    const auto [before, after] = pdf::covered_octets(question.document, signature);
    return Hasher(algorithm).update(before).update(after).finish();
  };
  SignatureReport report = judge(message->signers.front(), *message, content, question.trust, question.at);
  if (!report.signing_time) {
    report.signing_time = pdf_time(signature.claimed_time);
    if (report.signing_time)
      report.reasons.push_back({"verify.claimed_time", {to_rfc3339(*report.signing_time, vietnam_offset)}});
  }
  judge_changes(report, signature);
  report.scope = signature.field + ": revision " + std::to_string(signature.revision) + ", " +
                 std::to_string(signature.covered_end) + " octets";
  return report;
}

Result<Report> verify_pdf(const Question& question) {
  ANTIN_TRY(const pdf::SignedPdf found, pdf::read_signatures(question.document));
  Report report{.format = "pades", .validation_time = question.at, .signatures = {}, .reasons = {}};
  for (const pdf::PdfSignature& signature : found.signatures) {
    report.signatures.push_back(judge_pdf_signature(signature, question));
    if (found.repaired)
      conclude(report.signatures.back(), Indication::indeterminate, SubIndication::format_failure,
               {"verify.repaired", {}});
  }
  return finish(std::move(report));
}

// --- CMS

Result<Report> verify_cms(const Question& question, ByteView message_octets) {
  ANTIN_TRY(const cms::SignedData message, cms::parse(message_octets));
  Report report{.format = "cades", .validation_time = question.at, .signatures = {}, .reasons = {}};
  const auto content = [&](DigestAlgorithm algorithm) -> std::optional<Bytes> {
    if (message.content) return digest(algorithm, *message.content);
    if (question.detached) return digest(algorithm, *question.detached);
    return std::nullopt;
  };
  for (const cms::SignerInfo& signer : message.signers)
    report.signatures.push_back(judge(signer, message, content, question.trust, question.at));
  return finish(std::move(report));
}

// --- ASiC-E

void check_references(SignatureReport& report, const asic::Container& container, const asic::Manifest& manifest) {
  for (const asic::DataReference& reference : manifest.references) {
    report.scope += (report.scope.empty() ? "" : ", ") + reference.name;
    const auto file = container.files.find(reference.name);
    if (file == container.files.end()) {
      report.intact = false;
      conclude(report, Indication::total_failed, SubIndication::signed_data_not_found,
               {"verify.missing_file", {reference.name}});
    } else if (!reference.algorithm) {
      conclude(report, Indication::indeterminate, SubIndication::crypto_constraints_failure_no_poe,
               {"verify.weak", {reference.name}});
    } else if (digest(*reference.algorithm, file->second) != reference.digest) {
      report.intact = false;
      conclude(report, Indication::total_failed, SubIndication::hash_failure, {"verify.hash", {reference.name}});
    }
  }
  if (report.indication != Indication::total_passed)
    std::erase_if(report.reasons, [](const Reason& reason) { return reason.id == "verify.good"; });
}

SignatureReport judge_manifest(const asic::Container& container, const asic::Manifest& manifest,
                               const Question& question) {
  const auto signature = container.files.find(manifest.signature_name);
  if (signature == container.files.end()) return malformed(manifest.name + " names a signature that is not there");
  const auto message = cms::parse(signature->second);
  if (!message) return malformed(message.error().message);
  if (message->signers.size() != 1 || message->content)
    return malformed("the signature of a manifest is detached and has exactly one signer");
  const Bytes& xml = container.files.at(manifest.name);
  SignatureReport report = judge(
      message->signers.front(), *message,
      [&](DigestAlgorithm algorithm) { return std::optional(digest(algorithm, xml)); }, question.trust, question.at);
  check_references(report, container, manifest);
  report.changes = Changes::none;
  return report;
}

// Every file must be named by a manifest, every signature by a manifest that is there.
void check_whole(Report& report, const asic::Container& container) {
  std::set<std::string> named;
  for (const asic::Manifest& manifest : container.manifests) {
    named.insert(manifest.signature_name);
    named.insert(manifest.name);
    for (const asic::DataReference& reference : manifest.references) named.insert(reference.name);
  }
  const auto refuse = [&](Reason reason) {
    report.indication = Indication::total_failed;
    report.sub_indication = SubIndication::format_failure;
    report.reasons.push_back(std::move(reason));
  };
  for (const std::string& defect : container.defects) refuse({"verify.format", {defect}});
  for (const auto& [name, content] : container.files)
    if (!named.contains(name) && name != "META-INF/manifest.xml") refuse({"verify.unsigned_file", {name}});
}

Result<Report> verify_container(const Question& question) {
  ANTIN_TRY(const asic::Container container, asic::read_container(question.document));
  Report report{.format = "asic-e", .validation_time = question.at, .signatures = {}, .reasons = {}};
  for (const asic::Manifest& manifest : container.manifests)
    report.signatures.push_back(judge_manifest(container, manifest, question));
  if (!report.signatures.empty()) check_whole(report, container);
  if (const auto manifest = container.files.find(std::string(dossier::manifest_name));
      manifest != container.files.end() && !report.signatures.empty()) {
    for (const std::string& difference : dossier::check_manifest(manifest->second, container.files)) {
      if (report.indication != Indication::total_failed) {
        report.indication = Indication::total_failed;
        report.sub_indication = SubIndication::hash_failure;
      }
      report.reasons.push_back({"verify.dossier", {difference}});
    }
  }
  return finish(std::move(report));
}

}  // namespace

Result<Report> verify(const Question& question) {
  const std::string_view text = text_of(question.document);
  if (text.substr(0, 1024).contains("%PDF-")) return verify_pdf(question);
  if (asic::looks_like_container(question.document)) return verify_container(question);
  for (const char* label : {"CMS", "PKCS7"})
    if (const auto der = from_pem(label, text.substr(0, 64u << 20)); der) return verify_cms(question, *der);
  if (!question.document.empty() && question.document.front() == 0x30) return verify_cms(question, question.document);
  return fail(ErrorCode::invalid_argument, "not a PDF, a CMS signature or an ASiC-E container");
}

}  // namespace antin::validation
