#include "tests/json_schema.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace antin::tests {

std::string misfit(const std::string& schema, std::string_view json) {
  using Adapter = valijson::adapters::NlohmannJsonAdapter;
  std::ifstream file(std::string(ANTIN_SCHEMAS) + "/" + schema);
  const auto rules = nlohmann::json::parse(file, nullptr, false), value = nlohmann::json::parse(json, nullptr, false);
  if (rules.is_discarded()) return schema + " is not JSON";
  if (value.is_discarded()) return "not JSON";
  valijson::Schema compiled;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(rules), compiled);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(compiled, Adapter(value), &results)) return {};
  std::string why = "does not fit";
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    why += "\n";
    for (const std::string& step : error.context) why += step;
    why += ": " + error.description;
  }
  return why;
}

}  // namespace antin::tests
