#include "signer/validation/pdf_report.h"

#include <algorithm>

#include "signer/pdf/signatures.h"
#include "signer/validation/judge.h"
#include "signer/validation/timestamp_reason.h"

namespace antin::validation {
namespace {

using pdf::PdfSignature;
using pdf::SignatureKind;

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

Bytes covered_digest(const Question& question, const PdfSignature& signature, DigestAlgorithm algorithm) {
  const auto [before, after] = pdf::covered_octets(question.document, signature);
  return Hasher(algorithm).update(before).update(after).finish();
}

// ISO 32000-2 §12.8.3.3: one SignerInfo over the octets of the file, without content of its own.
SignatureReport judge_message(const PdfSignature& signature, const Question& question) {
  const auto message = cms::parse(signature.contents);
  if (!message) return malformed(message.error().message);
  if (message->signers.size() != 1) return malformed("a PDF signature has exactly one signer");
  if (message->content) return malformed("a PDF signature holds no content of its own");
  if (message->content_type != "1.2.840.113549.1.7.1") return malformed("the content of a PDF signature is id-data");
  const auto content = [&](DigestAlgorithm algorithm) -> std::optional<Bytes> {
    return covered_digest(question, signature, algorithm);
  };
  const cms::SignerInfo& signer = message->signers.front();
  // CAdES holds to RFC 5652 §5.4 to the letter, as other verifiers of it do; adbe.pkcs7.detached was never held to it.
  const OrderRule rule = signature.sub_filter == "ETSI.CAdES.detached" ? OrderRule::der : OrderRule::either;
  return judge(signer, *message, content, question.trust, question.at, rule);
}

// Of a kind that is not ours, what holds is said; what does not may have been made by rules that we do not know.
SignatureReport judge_unsupported(const PdfSignature& signature, const Question& question) {
  SignatureReport report = judge_message(signature, question);
  if (report.intact != true) {
    report = SignatureReport{};
    report.indication = Indication::total_passed;
  }
  conclude(report, Indication::indeterminate, SubIndication::generic, {"verify.kind", {signature.sub_filter}});
  return report;
}

SignatureReport judge_by_kind(const PdfSignature& signature, const Question& question) {
  if (signature.range_defect) return malformed(*signature.range_defect);
  switch (signature.kind) {
    case SignatureKind::detached_cms:
      return judge_message(signature, question);
    case SignatureKind::unsupported:
      return judge_unsupported(signature, question);
    case SignatureKind::timestamp:
    case SignatureKind::malformed:
      break;
  }
  return malformed(signature.sub_filter.empty() ? "there is no /SubFilter"
                                                : "/Type " + signature.type + " and /SubFilter " +
                                                      signature.sub_filter + " contradict each other");
}

void forbid(SignatureReport& report, const std::string& where) {
  report.changes = Changes::forbidden;
  conclude(report, Indication::total_failed, SubIndication::format_failure, {"verify.changed", {where}});
}

void judge_changes(SignatureReport& report, const PdfSignature& signature) {
  const auto list = [](const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
  };
  if (!signature.covered_by.empty()) report.reasons.push_back({"verify.covered", {list(signature.covered_by)}});
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
  forbid(report, list(signature.changed));
}

SignatureReport judge_signature(const PdfSignature& signature, const Question& question, bool repaired) {
  SignatureReport report = judge_by_kind(signature, question);
  if (!report.signing_time) {
    report.signing_time = pdf_time(signature.claimed_time);
    if (report.signing_time)
      report.reasons.push_back({"verify.claimed_time", {to_rfc3339(*report.signing_time, vietnam_offset)}});
  }
  if (!signature.range_defect) {
    judge_changes(report, signature);
    report.scope = signature.field + ": revision " + std::to_string(signature.revision) + ", " +
                   std::to_string(signature.covered_end) + " octets";
  }
  if (signature.junk_in_hole)
    conclude(report, Indication::indeterminate, SubIndication::format_failure, {"verify.padding", {}});
  if (repaired) conclude(report, Indication::indeterminate, SubIndication::format_failure, {"verify.repaired", {}});
  return report;
}

// A document time-stamp is nobody's signature. Until its authority is judged it proves nothing: it is told, and makes
// no verdict better or worse. Nor can it change what is seen (signature_field.cc).
Reason tell_timestamp(const PdfSignature& signature, const Question& question) {
  if (signature.range_defect) return {"verify.timestamp_broken", {signature.field}};
  const auto message = cms::parse(signature.contents);
  if (!message) return {"verify.timestamp_broken", {signature.field}};
  return about_timestamp(signature.field, *message,
                         [&](DigestAlgorithm algorithm) { return covered_digest(question, signature, algorithm); });
}

}  // namespace

Result<Report> report_on_pdf(const Question& question) {
  ANTIN_TRY(const pdf::SignedPdf found, pdf::read_signatures(question.document));
  Report report{.format = "pades", .validation_time = question.at, .signatures = {}, .reasons = {}};
  std::vector<const PdfSignature*> judged, broken;
  for (const PdfSignature& signature : found.signatures) {
    if (signature.kind == SignatureKind::timestamp) {
      report.reasons.push_back(tell_timestamp(signature, question));
      continue;
    }
    report.signatures.push_back(judge_signature(signature, question, found.repaired));
    judged.push_back(&signature);
    if (report.signatures.back().intact == false) broken.push_back(&signature);
  }
  // What was permitted because it is a signature is not when that does not hold.
  for (std::size_t i = 0; i < judged.size(); ++i)
    for (const PdfSignature* later : broken)
      if (!later->range_defect && later->hole_begin >= judged[i]->covered_end &&
          report.signatures[i].changes == Changes::permitted)
        forbid(report.signatures[i], later->field);
  return report;
}

}  // namespace antin::validation
