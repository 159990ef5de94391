#include "signer/validation/verify.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "signer/asic/container.h"
#include "signer/cms/ber.h"
#include "signer/cms/cades.h"
#include "signer/dossier/dossier.h"
#include "signer/validation/judge.h"
#include "signer/validation/pdf_report.h"
#include "signer/validation/timestamp_reason.h"

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

// --- CMS

Result<Report> verify_cms(const Question& question, ByteView message_octets) {
  ANTIN_TRY(const cms::SignedData message, cms::parse(message_octets));
  Report report{.format = "cades", .validation_time = question.at, .signatures = {}, .reasons = {}};
  // Whoever hands over a file asks about that file, also when the message carries one of its own.
  const bool is_other_file = message.content && question.detached && !equal(*message.content, *question.detached);
  const auto content = [&](DigestAlgorithm algorithm) -> std::optional<Bytes> {
    if (message.content) return digest(algorithm, *message.content);
    if (question.detached) return digest(algorithm, *question.detached);
    return std::nullopt;
  };
  for (const cms::SignerInfo& signer : message.signers) {
    report.signatures.push_back(judge(signer, message, content, question.trust, question.at));
    if (!is_other_file) continue;
    report.signatures.back().intact = false;
    conclude(report.signatures.back(), Indication::total_failed, SubIndication::hash_failure,
             {"verify.other_file", {}});
  }
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
}

constexpr const char* timestamp_content = "1.2.840.113549.1.9.16.1.4";  // id-ct-TSTInfo

// A manifest under a time-stamp signs nothing (EN 319 162-1 §5.4): it is told, as a PDF's time-stamp is.
bool tell_timestamp(Report& report, const asic::Container& container, const asic::Manifest& manifest) {
  const auto token = container.files.find(manifest.signature_name);
  if (token == container.files.end()) return false;
  const auto message = cms::parse(token->second);
  if (!message || message->content_type != timestamp_content) return false;
  const Bytes& xml = container.files.at(manifest.name);
  report.reasons.push_back(about_timestamp(manifest.signature_name, *message,
                                           [&](DigestAlgorithm algorithm) { return digest(algorithm, xml); }));
  return true;
}

// Signatures that no manifest names: XAdES, ASiC-S. There is something signed, and no verdict on it.
void tell_unsupported(Report& report, const asic::Container& container) {
  for (const auto& [name, content] : container.files) {
    if (!name.starts_with("META-INF/") || !name.contains("signature")) continue;
    if (!name.ends_with(".xml") && !name.ends_with(".p7s")) continue;
    if (std::ranges::find(container.manifests, name, &asic::Manifest::signature_name) != container.manifests.end())
      continue;
    SignatureReport signature;
    signature.indication = Indication::total_passed;
    signature.scope = name;
    conclude(signature, Indication::indeterminate, SubIndication::generic, {"verify.kind", {name}});
    report.signatures.push_back(std::move(signature));
  }
}

SignatureReport judge_manifest(const asic::Container& container, const asic::Manifest& manifest,
                               const Question& question) {
  const auto signature = container.files.find(manifest.signature_name);
  if (signature == container.files.end()) return malformed(manifest.name + " names a signature that is not there");
  const auto message = cms::parse(signature->second);
  if (!message) return malformed(message.error().message);
  const Bytes& xml = container.files.at(manifest.name);
  if (message->signers.size() != 1 || (message->content && *message->content != xml))
    return malformed("the signature of a manifest has exactly one signer, and no content but that manifest");
  SignatureReport report = judge(
      message->signers.front(), *message,
      [&](DigestAlgorithm algorithm) { return std::optional(digest(algorithm, xml)); }, question.trust, question.at);
  check_references(report, container, manifest);
  report.changes = Changes::none;
  return report;
}

// What is added to a container later to prove its age (EN 319 162-1 annex A): time-stamps, evidence records, and their
// manifests. Nothing in it is for readers.
bool is_proof(std::string_view name) {
  if (!name.starts_with("META-INF/")) return false;
  name.remove_prefix(9);
  return name.ends_with(".tst") || name.starts_with("ASiCArchiveManifest") ||
         name.starts_with("ASiCEvidenceRecordManifest") ||
         (name.contains("evidencerecord") && (name.ends_with(".ers") || name.ends_with(".xml")));
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
    if (!named.contains(name) && name != "META-INF/manifest.xml" && !is_proof(name))
      refuse({"verify.unsigned_file", {name}});
}

Result<Report> verify_container(const Question& question) {
  ANTIN_TRY(const asic::Container container, asic::read_container(question.document));
  Report report{.format = "asic-e", .validation_time = question.at, .signatures = {}, .reasons = {}};
  for (const asic::Manifest& manifest : container.manifests)
    if (!tell_timestamp(report, container, manifest))
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
  tell_unsupported(report, container);
  return finish(std::move(report));
}

// A PDF or a container carries what it signs. Whether the file that was handed over is that, nobody can say.
Report without_use_of_file(Report report, const Question& question) {
  if (!question.detached) return report;
  if (report.indication == Indication::total_passed) {
    report.indication = Indication::indeterminate;
    report.sub_indication = SubIndication::signed_data_not_found;
  }
  report.reasons.push_back({"verify.file_unused", {}});
  return report;
}

// The message and nothing but white space after it: a PDF may be the content of a CMS, and have its mark near the
// front.
bool is_whole_cms(ByteView document) {
  if (document.empty() || document.front() != 0x30) return false;
  const auto size = cms::encoded_size(document);
  return size && std::ranges::all_of(document.subspan(*size), [](std::uint8_t c) { return c == '\n' || c == '\r'; }) &&
         cms::parse(document).has_value();
}

}  // namespace

Result<Report> verify(const Question& question) {
  const std::string_view text = text_of(question.document);
  if (text.substr(0, 1024).contains("%PDF-") && !is_whole_cms(question.document)) {
    ANTIN_TRY(Report report, report_on_pdf(question));
    return without_use_of_file(finish(std::move(report)), question);
  }
  if (asic::looks_like_container(question.document)) {
    ANTIN_TRY(Report report, verify_container(question));
    return without_use_of_file(std::move(report), question);
  }
  for (const char* label : {"CMS", "PKCS7"})
    if (const auto der = from_pem(label, text.substr(0, 64u << 20)); der) return verify_cms(question, *der);
  if (!question.document.empty() && question.document.front() == 0x30) return verify_cms(question, question.document);
  return fail(ErrorCode::invalid_argument, "not a PDF, a CMS signature or an ASiC-E container");
}

}  // namespace antin::validation
