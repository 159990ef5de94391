#include "signer/dossier/dossier.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "base/digest.h"
#include "base/encoding.h"

namespace antin::dossier {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Error> bad(std::string why) { return fail(ErrorCode::invalid_argument, "dossier: " + std::move(why)); }

bool known(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), value) != words.end();
}

Status check_component(Component& component, std::set<std::string>& names) {
  ANTIN_TRY(component.document.name, to_nfc(component.document.name));
  const std::string& name = component.document.name;
  if (name.empty() || name.size() > 200 || name.find_first_of("/\\:") != std::string::npos || name.starts_with(".") ||
      name == manifest_name || name == "mimetype")
    return bad("a component cannot be called \"" + name + "\"");
  if (!names.insert(name).second) return bad("two components are called \"" + name + "\"");
  if (!known(component.role, {"application", "component", "receipt", "opinion", "result"}))
    return bad(name + ": the role is none of application, component, receipt, opinion, result");
  if (!known(component.origin, {"citizen", "counter", "agency"}))
    return bad(name + ": the origin is none of citizen, counter, agency");
  return {};
}

}  // namespace

Result<DossierCode> parse_code(std::string_view code) {
  static const std::regex form("([0-9A-Z.]{3,35})-([0-9]{2})([0-9]{2})([0-9]{2})-([0-9]{4,9})");
  std::match_results<std::string_view::const_iterator> m;
  if (code.size() > 64 || !std::regex_match(code.begin(), code.end(), m, form))
    return bad("the code has another form than 000.00.99.H36-221228-0001");
  const std::string date = "20" + m[2].str() + "-" + m[3].str() + "-" + m[4].str();
  if (!parse_rfc3339(date + "T00:00:00Z")) return bad("the code's date " + date + " does not exist");
  return DossierCode{m[1].str(), date, static_cast<unsigned>(std::stoul(m[5].str()))};
}

Result<std::vector<pipeline::NamedDocument>> make_documents(Dossier dossier, Time created) {
  ANTIN_TRY(const DossierCode code, parse_code(dossier.code));
  if (dossier.components.empty()) return bad("has no components");
  std::set<std::string> names;
  Json list = Json::array();
  std::vector<pipeline::NamedDocument> documents(1);
  for (Component& component : dossier.components) {
    ANTIN_CHECK(check_component(component, names));
    list.push_back({{"id", list.size() + 1},
                    {"name", component.document.name},
                    {"role", component.role},
                    {"origin", component.origin},
                    {"required", component.required},
                    {"media_type", component.document.media_type},
                    {"size", component.document.content.size()},
                    {"sha256", to_hex(sha256(component.document.content))}});
    documents.push_back(std::move(component.document));
  }
  const Json manifest = {
      {"format", "antin-dossier-1"},
      {"code", dossier.code},
      {"agency", code.agency},
      {"version", dossier.version},
      {"previous_sha256", dossier.previous_sha256.empty() ? Json(nullptr) : Json(dossier.previous_sha256)},
      {"created", to_rfc3339(created, vietnam_offset)},
      {"components", std::move(list)}};
  documents.front() = {std::string(manifest_name), "application/json", to_bytes(manifest.dump(1) + "\n")};
  return documents;
}

std::vector<std::string> check_manifest(ByteView manifest, const std::map<std::string, Bytes>& files) {
  const Json object = Json::parse(text_of(manifest), nullptr, false);
  if (object.is_discarded() || !object.is_object() || !object.contains("format") ||
      object["format"] != "antin-dossier-1")
    return {};  // some other program's manifest
  std::vector<std::string> differences;
  if (!object.contains("code") || !object["code"].is_string() || !parse_code(object["code"].get<std::string>()))
    differences.push_back("code");
  if (!object.contains("components") || !object["components"].is_array()) return {"components"};
  std::set<std::string> listed{std::string(manifest_name)};
  for (const Json& component : object["components"]) {
    if (!component.is_object() || !component.contains("name") || !component["name"].is_string()) return {"components"};
    const std::string name = component["name"].get<std::string>();
    listed.insert(name);
    const auto file = files.find(name);
    if (file == files.end())
      differences.push_back(name + " (missing)");
    else if (!component.contains("sha256") || component["sha256"] != to_hex(sha256(file->second)))
      differences.push_back(name + " (sha256)");
  }
  for (const auto& [name, content] : files)
    if (!name.starts_with("META-INF/") && !listed.contains(name)) differences.push_back(name + " (not listed)");
  return differences;
}

}  // namespace antin::dossier
