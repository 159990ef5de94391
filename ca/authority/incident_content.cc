#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "ca/authority/incident_steps.h"

namespace antin::authority {
namespace {

using Json = nlohmann::json;

constexpr const char* format = "antin-incident-1";
constexpr std::size_t largest = 1U << 20;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::data_loss, "incident: its content is none of antin-incident-1");
}

void put(Json& object, const char* name, const std::vector<std::string>& values) {
  if (!values.empty()) object[name] = values;
}

void put(Json& object, const char* name, const std::vector<Bytes>& values) {
  for (const Bytes& value : values) object[name].push_back(to_hex(value));
}

void put(Json& object, const char* name, const std::optional<Time>& value) {
  if (value) object[name] = to_rfc3339(*value);
}

Json selection_value(const IncidentSelection& selection) {
  Json value = Json::object();
  put(value, "issuer", selection.issuers);
  put(value, "kind", selection.kinds);
  put(value, "profile", selection.profiles);
  put(value, "key", selection.keys);
  put(value, "key_hash", selection.key_hashes);
  put(value, "unit", selection.units);
  put(value, "roster", selection.rosters);
  put(value, "issued_from", selection.issued_from);
  put(value, "issued_until", selection.issued_until);
  return value;
}

Json list_value(const FrozenList& list) { return {{"count", list.count}, {"sha256", list.sha256}}; }

std::vector<std::string> texts(const Json& object, const char* name) {
  return object.contains(name) ? object.at(name).get<std::vector<std::string>>() : std::vector<std::string>();
}

Result<std::vector<Bytes>> hashes(const Json& object, const char* name) {
  std::vector<Bytes> all;
  for (const std::string& text : texts(object, name)) {
    ANTIN_TRY(Bytes hash, from_hex(text));
    all.push_back(std::move(hash));
  }
  return all;
}

Result<std::optional<Time>> time(const Json& object, const char* name) {
  if (!object.contains(name)) return std::nullopt;
  ANTIN_TRY(const Time at, parse_rfc3339(object.at(name).get<std::string>()));
  return at;
}

Result<Time> required_time(const Json& object, const char* name) {
  return parse_rfc3339(object.at(name).get<std::string>());
}

Result<IncidentSelection> read_selection(const Json& value) {
  IncidentSelection selection;
  selection.issuers = texts(value, "issuer");
  selection.kinds = texts(value, "kind");
  selection.profiles = texts(value, "profile");
  selection.keys = texts(value, "key");
  selection.units = texts(value, "unit");
  ANTIN_TRY(selection.key_hashes, hashes(value, "key_hash"));
  ANTIN_TRY(selection.rosters, hashes(value, "roster"));
  ANTIN_TRY(selection.issued_from, time(value, "issued_from"));
  ANTIN_TRY(selection.issued_until, time(value, "issued_until"));
  return selection;
}

FrozenList read_list(const Json& value) {
  return {value.at("count").get<std::uint64_t>(), value.at("sha256").get<std::string>()};
}

Result<IncidentAct> read_act(const std::string& name) {
  for (const IncidentAct act : {IncidentAct::suspend, IncidentAct::revoke, IncidentAct::resume})
    if (to_string(act) == name) return act;
  return unreadable();
}

Result<Incident> read_members(const Json& value) {
  if (value.at("format").get<std::string>() != format) return unreadable();
  Incident incident;
  incident.number = value.at("number").get<std::uint64_t>();
  incident.name = value.at("name").get<std::string>();
  incident.description = value.at("description").get<std::string>();
  ANTIN_TRY(incident.selection, read_selection(value.at("selection")));
  ANTIN_TRY(incident.act, read_act(value.at("act").get<std::string>()));
  ANTIN_TRY(incident.reason, x509::revocation_reason(value.at("reason").get<std::string>()));
  ANTIN_TRY(incident.invalidity_date, time(value, "invalidity_date"));
  incident.reissue = value.at("reissue").get<bool>();
  ANTIN_TRY(incident.found_at, required_time(value, "found_at"));
  ANTIN_TRY(incident.created_at, required_time(value, "created_at"));
  ANTIN_TRY(incident.deadline, required_time(value, "deadline"));
  incident.certificates = read_list(value.at("certificates"));
  incident.left_out = read_list(value.at("left_out"));
  incident.revoked_before = value.at("revoked_before").get<std::uint64_t>();
  incident.expired_before = value.at("expired_before").get<std::uint64_t>();
  if (value.contains("supersedes")) incident.supersedes = value.at("supersedes").get<std::string>();
  return incident;
}

}  // namespace

std::string_view to_string(IncidentAct act) noexcept {
  if (act == IncidentAct::resume) return "resume";
  return act == IncidentAct::suspend ? "suspend" : "revoke";
}

Bytes incident_content(const Incident& incident) {
  Json value = {{"format", format},
                {"number", incident.number},
                {"name", incident.name},
                {"description", incident.description},
                {"selection", selection_value(incident.selection)},
                {"act", to_string(incident.act)},
                {"reason", x509::to_string(incident.reason)},
                {"reissue", incident.reissue},
                {"certificates", list_value(incident.certificates)},
                {"left_out", list_value(incident.left_out)},
                {"revoked_before", incident.revoked_before},
                {"expired_before", incident.expired_before}};
  put(value, "found_at", incident.found_at);
  put(value, "created_at", incident.created_at);
  put(value, "deadline", incident.deadline);
  put(value, "invalidity_date", incident.invalidity_date);
  if (!incident.supersedes.empty()) value["supersedes"] = incident.supersedes;
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return to_bytes(to_nfc(text).value_or(text));
}

Result<Incident> read_incident(ByteView content) {
  if (content.size() > largest) return unreadable();
  try {
    ANTIN_TRY(Incident incident, read_members(Json::parse(text_of(content))));
    if (!equal(incident_content(incident), content)) return unreadable();
    return incident;
  } catch (const Json::exception&) {
    return unreadable();
  }
}

Bytes incident_statement(ByteView hash, const std::string& officer_id) {
  return to_bytes("antin-approval-1\nincident " + to_hex(hash) + "\nofficer " + officer_id + "\n");
}

void ListHasher::add(const std::string& id, const std::string& obstacle) {
  const bool out = !obstacle.empty();
  ++(out ? left_out_ : certificates_);
  (out ? left_out_hasher_ : certificates_hasher_).update(bytes_of(out ? id + " " + obstacle + "\n" : id + "\n"));
}

FrozenList ListHasher::certificates() { return {certificates_, to_hex(certificates_hasher_.finish())}; }
FrozenList ListHasher::left_out() { return {left_out_, to_hex(left_out_hasher_.finish())}; }

Status for_each_certificate(store::Store& store, std::uint64_t incident, bool open,
                            const std::function<Status(const store::IncidentCertificate&)>& visit) {
  constexpr std::size_t page = 1000;
  std::string after;
  while (true) {
    ANTIN_TRY(const auto certificates, store.incident_certificates(incident, after, page, open));
    for (const store::IncidentCertificate& one : certificates) ANTIN_CHECK(visit(one));
    if (certificates.size() < page) return {};
    after = certificates.back().id;
  }
}

Status check_frozen(store::Store& store, const Incident& incident) {
  ListHasher lists;
  ANTIN_CHECK(for_each_certificate(store, incident.number, false, [&](const store::IncidentCertificate& one) -> Status {
    lists.add(one.id, one.obstacle);
    return {};
  }));
  const FrozenList certificates = lists.certificates(), left_out = lists.left_out();
  if (certificates.count == incident.certificates.count && certificates.sha256 == incident.certificates.sha256 &&
      left_out.count == incident.left_out.count && left_out.sha256 == incident.left_out.sha256)
    return {};
  return fail(ErrorCode::data_loss, "incident " + std::to_string(incident.number) +
                                        ": its certificates in the store are not those that officers approved");
}

}  // namespace antin::authority
