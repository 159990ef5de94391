#include "ca/authority/roster_json.h"

#include <algorithm>
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

Status known_members(const Json& object, unsigned format, std::size_t line) {
  static constexpr std::string_view known[] = {
      "row",          "code", "kind",     "bloc",   "profile",         "key",        "key_spec", "fields", "csr",
      "requested_by", "act",  "replaces", "reason", "invalidity_date", "followed_by"};
  const auto last = format == 1 ? std::begin(known) + 10 : std::end(known);
  for (const auto& [name, value] : object.items())
    if (std::find(std::begin(known), last, name) == last) return bad(line, "unknown member \"" + name + "\"");
  return {};
}

bool makes_key(policy::Act act) { return act == policy::Act::issue || act == policy::Act::rekey; }
bool has_fields(policy::Act act) { return makes_key(act) || act == policy::Act::change; }

// Which revocations an act may ask for; a changed certificate's key is still good, so the key cannot be the reason.
Status check_reason(const Roster::Row& row, std::size_t line) {
  using enum x509::RevocationReason;
  static constexpr x509::RevocationReason any[] = {affiliation_changed, superseded, cessation_of_operation,
                                                   privilege_withdrawn, key_compromise};
  if (!row.reason) {
    if (row.act == policy::Act::revoke) return bad(line, "\"reason\" is missing: a row that revokes says why");
    if (row.invalidity_date) return bad(line, "\"invalidity_date\" without a \"reason\" to revoke");
    return {};
  }
  if (row.act == policy::Act::issue || row.act == policy::Act::renew)
    return bad(line, "\"reason\" does not fit: nothing is revoked by this act");
  const auto last = row.act == policy::Act::change ? std::begin(any) + 2 : std::end(any);
  if (std::find(std::begin(any), last, *row.reason) == last)
    return bad(line, "\"reason\" does not fit the act: " + std::string(x509::to_string(*row.reason)));
  return {};
}

Status read_act(const Json& object, Roster::Row& row, std::size_t line) {
  ANTIN_TRY(const std::string act, text(object, "act", line, false));
  const auto named = policy::act_named(act.empty() ? "issue" : act);
  if (!named) return bad(line, "\"act\" is none of issue, renew, rekey, change, revoke");
  row.act = *named;
  ANTIN_TRY(row.replaces, text(object, "replaces", line, false));
  ANTIN_TRY(const std::string reason, text(object, "reason", line, false));
  if (!reason.empty()) {
    const auto known = x509::revocation_reason(reason);
    if (!known) return bad(line, "\"reason\" does not fit the act: " + reason);
    row.reason = *known;
  } else if (row.act == policy::Act::change) {
    row.reason = x509::RevocationReason::superseded;
  }
  ANTIN_TRY(const std::string since, text(object, "invalidity_date", line, false));
  if (!since.empty()) {
    const auto time = parse_rfc3339(since);
    if (!time) return bad(line, "\"invalidity_date\" is no time of RFC 3339");
    row.invalidity_date = *time;
  }
  ANTIN_TRY(row.followed_by, text(object, "followed_by", line, false));
  if (row.followed_by.size() > 64) return bad(line, "\"followed_by\" has at most 64 octets");
  if (!row.followed_by.empty() && row.act != policy::Act::revoke)
    return bad(line, "\"followed_by\" goes with a row that revokes: renew, rekey and change make the next certificate");
  if (row.act != policy::Act::issue && row.replaces.empty())
    return bad(line, "\"replaces\" is missing: the id of the certificate that the act is about");
  if (row.act == policy::Act::issue && !row.replaces.empty())
    return bad(line, "\"replaces\" does not fit a row that issues: choose renew, rekey or change");
  return check_reason(row, line);
}

Status read_key(const Json& object, Roster::Row& row, std::size_t line) {
  ANTIN_TRY(row.key, text(object, "key", line, makes_key(row.act)));
  if (row.key.empty()) row.key = "same";
  ANTIN_CHECK(makes_key(row.act) ? one_of(row.key, {"csr", "token"}, "key", line)
                                 : one_of(row.key, {"same"}, "key", line));
  if (!makes_key(row.act) && (object.contains("key_spec") || object.contains("csr")))
    return bad(line, "\"csr\" and \"key_spec\" do not fit: the act keeps the key");
  ANTIN_TRY(const std::string spec, text(object, "key_spec", line, false));
  ANTIN_TRY(row.key_spec, key_spec(spec, line));
  ANTIN_TRY(const std::string csr, text(object, "csr", line, row.key == "csr"));
  if (row.key == "token" && !csr.empty()) return bad(line, "a row with key \"token\" cannot bring a \"csr\"");
  auto request = from_base64(csr);
  if (!request) return bad(line, "\"csr\": " + request.error().message);
  row.request = *std::move(request);
  return {};
}

Result<std::string> read_body(const Json& object, std::size_t line) {
  ANTIN_TRY(std::string body, text(object, "requested_by", line, false));
  if (body.size() > 64) return bad(line, "\"requested_by\" has at most 64 octets");
  return body;
}

Result<Roster::Row> read_row(const Json& object, unsigned format, std::size_t line) {
  if (!object.is_object()) return bad(line, "not a JSON object");
  ANTIN_CHECK(known_members(object, format, line));
  Roster::Row row;
  if (!object.contains("row") || !object["row"].is_number_unsigned())
    return bad(line, "\"row\" is missing or not a number");
  row.row = object["row"].get<std::uint64_t>();
  ANTIN_TRY(row.code, text(object, "code", line));
  ANTIN_TRY(row.kind, text(object, "kind", line));
  ANTIN_TRY(row.bloc, text(object, "bloc", line));
  ANTIN_TRY(row.profile, text(object, "profile", line));
  ANTIN_TRY(row.requested_by, read_body(object, line));
  ANTIN_CHECK(one_of(row.kind, {"organisation", "personal", "device"}, "kind", line));
  ANTIN_CHECK(one_of(row.bloc, {"party", "government"}, "bloc", line));
  if (format > 1) ANTIN_CHECK(read_act(object, row, line));
  ANTIN_CHECK(read_key(object, row, line));
  if (has_fields(row.act)) ANTIN_CHECK(read_fields(object, row, line));
  if (!has_fields(row.act) && object.contains("fields"))
    return bad(line, "\"fields\" does not fit: the act takes the content of the certificate that it is about");
  if (row.code.empty() || row.code.size() > 64) return bad(line, "\"code\" has 1 to 64 octets");
  return row;
}

// A line feed in a name would make one hash of two rosters.
bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Json parse(std::string_view line) { return Json::parse(line, nullptr, false); }

std::string spec_name(const hsm::KeySpec& spec) {
  return spec.algorithm == hsm::KeyAlgorithm::rsa ? "rsa-" + std::to_string(spec.rsa_bits)
                                                  : std::string(hsm::to_string(spec.algorithm));
}

std::string format_name(unsigned format) { return "antin-roster-" + std::to_string(format); }

Result<unsigned> format_of(const Json& header) {
  for (const unsigned format : {1U, 2U})
    if (header.is_object() && header.contains("format") && header["format"] == format_name(format)) return format;
  return bad(1, "want {\"format\":\"antin-roster-1\",\"name\":…} or \"antin-roster-2\"");
}

// What the act adds to a row, in the file and in the canonical form.
void add_act(Json& object, const Roster::Row& row) {
  object["act"] = policy::to_string(row.act);
  if (!row.replaces.empty()) object["replaces"] = row.replaces;
  if (row.reason) object["reason"] = x509::to_string(*row.reason);
  if (row.invalidity_date) object["invalidity_date"] = to_rfc3339(*row.invalidity_date);
  if (!row.followed_by.empty()) object["followed_by"] = row.followed_by;
}

Json row_members(unsigned format, const Roster::Row& row) {
  Json object = {{"row", row.row},   {"code", row.code},       {"kind", row.kind},
                 {"bloc", row.bloc}, {"profile", row.profile}, {"key", row.key}};
  if (!row.requested_by.empty()) object["requested_by"] = row.requested_by;
  if (makes_key(row.act)) object["key_spec"] = spec_name(row.key_spec);
  if (has_fields(row.act)) {
    Json& fields = object["fields"] = Json::object();
    for (const auto& [name, value] : row.fields) fields[name] = value;
  }
  if (format > 1) add_act(object, row);
  return object;
}

}  // namespace

std::string roster_file(const Roster& roster) {
  std::string file = Json{{"format", format_name(roster.format)}, {"name", roster.name}}.dump() + "\n";
  for (const Roster::Row& row : roster.rows) {
    Json object = row_members(roster.format, row);
    if (row.key == "csr") object["csr"] = to_base64(row.request);
    file += object.dump() + "\n";
  }
  return file;
}

Result<Roster> read_roster(ByteView file) {
  Roster roster;
  std::string body;  // that hands the list in: of rows that do not name theirs
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
      ANTIN_TRY(roster.format, format_of(object));
      ANTIN_TRY(roster.name, text(object, "name", line));
      if (!is_one_line(roster.name)) return bad(1, "\"name\" holds a control character");
      ANTIN_TRY(body, read_body(object, line));
      continue;
    }
    ANTIN_TRY(Roster::Row row, read_row(object, roster.format, line));
    if (row.row != roster.rows.size() + 1)
      return bad(line, "\"row\" should be " + std::to_string(roster.rows.size() + 1));
    if (row.requested_by.empty()) row.requested_by = body;
    roster.rows.push_back(std::move(row));
  }
  if (roster.rows.empty()) return fail(ErrorCode::invalid_argument, "roster: has no rows");
  return roster;
}

Bytes canonical_row(unsigned format, const Roster::Row& row, ByteView binding) {
  Json object = row_members(format, row);
  object["binding"] = to_hex(binding);
  return to_bytes(object.dump());
}

Result<Roster::Row> row_from_canonical(unsigned format, ByteView json) {
  Json object = parse(text_of(json));
  if (object.is_discarded() || !object.is_object())
    return fail(ErrorCode::data_loss, "store: a roster row is not JSON");
  object.erase("binding");
  if (object.contains("key") && object["key"] == "csr") object["csr"] = "";
  const bool numbered = object.contains("row") && object["row"].is_number_unsigned();
  return read_row(object, format, (numbered ? object["row"].get<std::size_t>() : 0) + 1);
}

Bytes roster_hash(unsigned format, const std::string& name, const std::vector<Bytes>& canonical_rows) {
  Hasher hasher;
  hasher.update(bytes_of(format_name(format) + "\n")).update(bytes_of(name)).update(bytes_of("\n"));
  for (const Bytes& row : canonical_rows) hasher.update(row).update(bytes_of("\n"));
  return hasher.finish();
}

Status check_unchanged(const store::RosterRecord& roster, const std::vector<Bytes>& canonical_rows) {
  bool same = is_one_line(roster.name) && canonical_rows.size() == roster.rows &&
              equal(roster_hash(roster.format, roster.name, canonical_rows), roster.hash);
  // The members are sorted, so that its number ends each row; the rest is read where the row is used.
  for (std::size_t i = 0; same && i < canonical_rows.size(); ++i)
    same = text_of(canonical_rows[i]).ends_with("\"row\":" + std::to_string(i + 1) + "}");
  if (same) return {};
  return fail(ErrorCode::data_loss, "roster " + to_hex(roster.hash) + " was changed after it was submitted");
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
