#include "cli/words/report_words.h"

#include <algorithm>

#include "cli/words/words.h"

namespace antin::words {
namespace {

// Reasons whose argument is a message; others name files, persons and times, which stay as they are.
constexpr std::string_view with_message[] = {"verify.format", "verify.no_status", "verify.constraints",
                                             "verify.chain",  "verify.no_chain",  "verify.dossier"};

void translate(std::vector<validation::Reason>& reasons, Language language) {
  for (validation::Reason& reason : reasons) {
    if (std::ranges::find(with_message, reason.id) == std::end(with_message)) continue;
    for (std::string& argument : reason.arguments) argument = error_text(argument, language);
  }
}

}  // namespace

validation::Report in_language(validation::Report report, Language language) {
  translate(report.reasons, language);
  for (validation::SignatureReport& signature : report.signatures) {
    signature.scope = scope_text(signature.scope, language);
    translate(signature.reasons, language);
  }
  return report;
}

}  // namespace antin::words
