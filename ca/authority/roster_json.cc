#include "ca/authority/roster_json.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/x509/csr.h"

namespace antin::authority {
namespace {

using Json = nlohmann::json;

std::unexpected<Error> bad(std::size_t line, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "roster line " + std::to_string(line) + ": " + what);
}

Result<std::string> text(const Json& object, const char* name, std::size_t line, bool required = true) {
  const auto found = object.find(name);
  if (found == object.end()) {
    if (!required) return std::string();
    return bad(line, std::string("\"") + name + "\" is missing");
  }
  if (!found->is_string()) return bad(line, std::string("\"") + name + "\" is not a string");
  return found->get<std::string>();
}

Result<hsm::KeySpec> key_spec(const std::string& name, std::size_t line) {
  if (name.empty() || name == "ec-p256") return hsm::KeySpec{hsm::KeyAlgorithm::ec_p256, 0};
  if (name == "ec-p384") return hsm::KeySpec{hsm::KeyAlgorithm::ec_p384, 0};
  if (name == "ed25519") return hsm::KeySpec{hsm::KeyAlgorithm::ed25519, 0};
  if (name == "rsa-2048") return hsm::KeySpec{hsm::KeyAlgorithm::rsa, 2048};
  if (name == "rsa-3072") return hsm::KeySpec{hsm::KeyAlgorithm::rsa, 3072};
  if (name == "rsa-4096") return hsm::KeySpec{hsm::KeyAlgorithm::rsa, 4096};
  return bad(line, "\"key_spec\" is none of ec-p256, ec-p384, ed25519, rsa-2048, rsa-3072, rsa-4096");
}

Status read_fields(const Json& object, Roster::Row& row, std::size_t line) {
  const auto fields = object.find("fields");
  if (fields == object.end() || !fields->is_object()) return bad(line, "\"fields\" is missing or not an object");
  for (const auto& [name, value] : fields->items()) {
    if (!value.is_string()) return bad(line, "field \"" + name + "\" is not a string");
    auto nfc = to_nfc(value.get_ref<const std::string&>());
    if (!nfc) return bad(line, "field \"" + name + "\" is not UTF-8");
    row.fields.emplace_back(name, *std::move(nfc));
  }
  return {};
}

Status one_of(const std::string& value, std::initializer_list<std::string_view> allowed, const char* name,
              std::size_t line) {
  for (const std::string_view candidate : allowed)
    if (value == candidate) return {};
  return bad(line, std::string("\"") + name + "\" has a value that is not known");
}

Result<Roster::Row> read_row(const Json& object, std::size_t line) {
  static constexpr std::string_view known[] = {"row", "code",     "kind",   "bloc", "profile",
                                               "key", "key_spec", "fields", "csr"};
  if (!object.is_object()) return bad(line, "not a JSON object");
  for (const auto& [name, value] : object.items())
    if (std::find(std::begin(known), std::end(known), name) == std::end(known))
      return bad(line, "unknown member \"" + name + "\"");
  Roster::Row row;
  if (!object.contains("row") || !object["row"].is_number_unsigned())
    return bad(line, "\"row\" is missing or not a number");
  row.row = object["row"].get<std::uint64_t>();
  ANTIN_TRY(row.code, text(object, "code", line));
  ANTIN_TRY(row.kind, text(object, "kind", line));
  ANTIN_TRY(row.bloc, text(object, "bloc", line));
  ANTIN_TRY(row.profile, text(object, "profile", line));
  ANTIN_TRY(row.key, text(object, "key", line));
  ANTIN_CHECK(one_of(row.kind, {"organisation", "personal", "device"}, "kind", line));
  ANTIN_CHECK(one_of(row.bloc, {"party", "government"}, "bloc", line));
  ANTIN_CHECK(one_of(row.key, {"csr", "token"}, "key", line));
  ANTIN_TRY(const std::string spec, text(object, "key_spec", line, false));
  ANTIN_TRY(row.key_spec, key_spec(spec, line));
  ANTIN_CHECK(read_fields(object, row, line));
  ANTIN_TRY(const std::string csr, text(object, "csr", line, row.key == "csr"));
  if (row.key == "token" && !csr.empty()) return bad(line, "a row with key \"token\" cannot bring a \"csr\"");
  auto request = from_base64(csr);
  if (!request) return bad(line, "\"csr\": " + request.error().message);
  row.request = *std::move(request);
  if (row.code.empty() || row.code.size() > 64) return bad(line, "\"code\" has 1 to 64 octets");
  return row;
}

Json parse(std::string_view line) { return Json::parse(line, nullptr, false); }

std::string spec_name(const hsm::KeySpec& spec) {
  return spec.algorithm == hsm::KeyAlgorithm::rsa ? "rsa-" + std::to_string(spec.rsa_bits)
                                                  : std::string(hsm::to_string(spec.algorithm));
}

}  // namespace

Result<Roster> read_roster(ByteView file) {
  Roster roster;
  roster.file_hash = sha256(file);
  std::string_view rest = text_of(file);
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view content = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (content.empty()) return bad(line, "is empty");
    const Json object = parse(content);
    if (object.is_discarded()) return bad(line, "is not JSON");
    if (line == 1) {
      if (!object.is_object() || !object.contains("format") || object["format"] != "antin-roster-1")
        return bad(1, "want {\"format\":\"antin-roster-1\",\"name\":…}");
      ANTIN_TRY(roster.name, text(object, "name", line));
      continue;
    }
    ANTIN_TRY(Roster::Row row, read_row(object, line));
    if (row.row != roster.rows.size() + 1)
      return bad(line, "\"row\" should be " + std::to_string(roster.rows.size() + 1));
    roster.rows.push_back(std::move(row));
  }
  if (roster.rows.empty()) return fail(ErrorCode::invalid_argument, "roster: has no rows");
  return roster;
}

Bytes canonical_row(const Roster::Row& row, ByteView binding) {
  Json fields = Json::object();
  for (const auto& [name, value] : row.fields) fields[name] = value;
  const Json object = {{"row", row.row},
                       {"code", row.code},
                       {"kind", row.kind},
                       {"bloc", row.bloc},
                       {"profile", row.profile},
                       {"key", row.key},
                       {"key_spec", spec_name(row.key_spec)},
                       {"fields", std::move(fields)},
                       {"binding", to_hex(binding)}};
  return to_bytes(object.dump());
}

Result<Roster::Row> row_from_canonical(ByteView json) {
  Json object = parse(text_of(json));
  if (object.is_discarded() || !object.is_object())
    return fail(ErrorCode::data_loss, "store: a roster row is not JSON");
  object.erase("binding");
  if (object.contains("key") && object["key"] == "csr") object["csr"] = "";
  const bool numbered = object.contains("row") && object["row"].is_number_unsigned();
  return read_row(object, (numbered ? object["row"].get<std::size_t>() : 0) + 1);
}

Bytes roster_hash(const std::string& name, const std::vector<Bytes>& canonical_rows) {
  Hasher hasher;
  hasher.update(bytes_of("antin-roster-1\n")).update(bytes_of(name)).update(bytes_of("\n"));
  for (const Bytes& row : canonical_rows) hasher.update(row).update(bytes_of("\n"));
  return hasher.finish();
}

Bytes request_binding(const Roster::Row& row, ByteView public_key_info) {
  const Sha256 hash = sha256(row.key == "csr" ? ByteView(row.request) : public_key_info);
  return {hash.begin(), hash.end()};
}

Result<Bytes> public_key_of(ByteView request) {
  ANTIN_TRY(const x509::CertificationRequest parsed, x509::CertificationRequest::from_der(request));
  return to_bytes(parsed.public_key_info());
}

}  // namespace antin::authority
