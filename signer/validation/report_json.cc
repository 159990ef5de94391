#include <nlohmann/json.hpp>

#include "signer/validation/verify.h"

namespace antin::validation {
namespace {

using Json = nlohmann::ordered_json;

Json sentences(const std::vector<Reason>& reasons, std::string_view language) {
  Json list = Json::array();
  for (const Reason& reason : reasons) list.push_back(sentence(reason, language));
  return list;
}

Json changes(const std::optional<Changes>& value) {
  if (!value) return nullptr;
  switch (*value) {
    case Changes::none:
      return "none";
    case Changes::permitted:
      return "permitted";
    case Changes::forbidden:
      return "forbidden";
  }
  return nullptr;
}

Json name_or_null(std::string_view name) { return name.empty() ? Json(nullptr) : Json(std::string(name)); }

}  // namespace

std::string to_json(const Report& report, std::string_view language) {
  Json signatures = Json::array();
  for (const SignatureReport& signature : report.signatures)
    signatures.push_back(
        {{"indication", to_string(signature.indication)},
         {"sub_indication", name_or_null(to_string(signature.sub_indication))},
         {"intact", signature.intact ? Json(*signature.intact) : Json(nullptr)},
         {"changes", changes(signature.changes)},
         {"signer", name_or_null(signature.signer)},
         {"issuer", name_or_null(signature.issuer)},
         {"serial", name_or_null(signature.serial)},
         {"signing_time", signature.signing_time ? Json(to_rfc3339(*signature.signing_time)) : Json(nullptr)},
         {"scope", signature.scope},
         {"reasons", sentences(signature.reasons, language)}});
  const Json whole = {{"indication", to_string(report.indication)},
                      {"sub_indication", name_or_null(to_string(report.sub_indication))},
                      {"format", report.format},
                      {"validation_time", to_rfc3339(report.validation_time)},
                      {"signatures", std::move(signatures)},
                      {"reasons", sentences(report.reasons, language)}};
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace antin::validation
