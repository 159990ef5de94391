#include <nlohmann/json.hpp>

#include "ca/forms/form.h"

namespace antin::forms {
namespace {

using Json = nlohmann::json;

// Midnight in Vietnam, where the law is in force.
Result<Time> day(const std::string& text) { return parse_rfc3339(text + "T00:00:00+07:00"); }

Column column_of(const Json& json) {
  return {.heading = json.at("heading").get<std::string>(),
          .value = json.value("value", ""),
          .share = json.at("share").get<double>(),
          .centred = json.value("centred", false)};
}

Result<Form> form_of(const std::string& name, const Json& json) {
  Form form;
  form.name = name;
  form.number = json.value("number", "");
  form.kind = json.value("kind", "");
  ANTIN_TRY(form.act, policy::act_named(json.at("act").get<std::string>()));
  json.at("title").get_to(form.title);
  json.at("before").get_to(form.before);
  json.at("after").get_to(form.after);
  for (const Json& column : json.at("columns")) form.columns.push_back(column_of(column));
  return form;
}

void read_letter(const Json& json, FormSet& set) {
  json.at("nation").get_to(set.nation);
  json.at("motto").get_to(set.motto);
  json.at("party").get_to(set.party);
  json.at("party_names").get_to(set.party_names);
  json.at("number").get_to(set.number_line);
  json.at("date").get_to(set.date_line);
  json.at("addressee").get_to(set.addressee_line);
  json.at("unknown_addressee").get_to(set.unknown_addressee);
  json.at("recipients").get_to(set.recipients);
  json.at("signer").get_to(set.signer);
}

}  // namespace

Result<FormSet> FormSet::from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    FormSet set;
    json.at("name").get_to(set.name);
    json.at("title").get_to(set.title);
    ANTIN_TRY(set.from, day(json.at("from").get<std::string>()));
    if (json.contains("until")) {
      ANTIN_TRY(set.until, day(json.at("until").get<std::string>()));
    }
    read_letter(json.at("letter"), set);
    json.at("reasons").get_to(set.reasons);
    for (const auto& [name, form] : json.at("forms").items()) {
      ANTIN_TRY(Form read, form_of(name, form));
      set.forms.push_back(std::move(read));
    }
    json.at("unverified").get_to(set.unverified);
    return set;
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::invalid_argument, "form: " + std::string(error.what()));
  }
}

}  // namespace antin::forms
