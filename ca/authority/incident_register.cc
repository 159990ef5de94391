#include "ca/authority/incident_register.h"

#include "base/encoding.h"
#include "ca/authority/incident_steps.h"

namespace antin::authority {
namespace {

std::unexpected<Error> unreadable(std::uint64_t number, const std::string& why) {
  return fail(ErrorCode::data_loss, "incident " + std::to_string(number) + ": " + why);
}

// What the log must say of a certificate that the incident ended or resumed.
bool is_as_approved(const Incident& incident, const LoggedAct& entry) {
  if (entry.type() == "incident.omit") return true;
  const std::string since = incident.invalidity_date ? to_rfc3339(*incident.invalidity_date) : std::string();
  return entry.type() == "certificate." + std::string(to_string(incident.act)) &&
         entry.text("reason") == x509::to_string(incident.reason) && entry.text("invalidity_date") == since;
}

}  // namespace

Status IncidentRegister::add(const LoggedAct& entry) {
  const std::uint64_t next = states_.size() + 1;
  const std::string content = entry.text("content"), hash = entry.text("incident");
  if (to_hex(sha256(bytes_of(content))) != hash) return unreadable(next, "its content has another hash");
  ANTIN_TRY(Incident incident, read_incident(bytes_of(content)));
  if (incident.number != next)
    return unreadable(next, "the one that follows calls itself " + std::to_string(incident.number));
  if (const auto before = states_.find(incident.supersedes); before != states_.end()) before->second.superseded = true;
  states_[hash].incident = std::move(incident);
  return {};
}

Status IncidentRegister::approve(const LoggedAct& entry, const RoleRegister& roles) {
  const auto state = states_.find(entry.text("incident"));
  if (state == states_.end()) return {};
  ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
  const std::string id = entry.text("officer");
  const auto hash = from_hex(state->first), signature = from_hex(entry.text("signature"));
  if (roles.officer(id, at) == nullptr || !hash || !signature) return {};
  if (roles.signed_by(id, incident_statement(*hash, id), *signature))
    roles.persons().count(state->second.approved_by, id);
  return {};
}

Status IncidentRegister::act(const LoggedAct& entry, unsigned required) {
  const std::string id = entry.text("certificate");
  const auto found = states_.find(entry.text("incident"));
  if (found == states_.end())
    return fail(ErrorCode::permission_denied,
                "approvals: the certificate " + id + " was ended by an incident that nobody created");
  State& state = found->second;
  if (state.superseded)
    return fail(ErrorCode::permission_denied, "approvals: the certificate " + id + " was ended by the incident " +
                                                  std::to_string(state.incident.number) +
                                                  ", in whose place another one stood");
  if (state.approved_by.size() < required)
    return fail(ErrorCode::permission_denied, "approvals: the certificate " + id + " was ended by the incident " +
                                                  std::to_string(state.incident.number) + " with " +
                                                  std::to_string(state.approved_by.size()) + " of " +
                                                  std::to_string(required) + " approvals");
  if (!state.acted_on.insert(id).second || !is_as_approved(state.incident, entry))
    return fail(ErrorCode::data_loss, "approvals: the certificate " + id + " was not ended as the incident " +
                                          std::to_string(state.incident.number) + " says");
  if (entry.type() != "incident.omit" && state.incident.act != IncidentAct::resume) ++ended_;
  return {};
}

Status IncidentRegister::check_lists(store::Store& store) const {
  for (const auto& [hash, state] : states_) {
    ANTIN_CHECK(check_frozen(store, state.incident));
    std::set<std::string> strange = state.acted_on;
    ANTIN_CHECK(
        for_each_certificate(store, state.incident.number, false, [&](const store::IncidentCertificate& one) -> Status {
          if (one.obstacle.empty()) strange.erase(one.id);
          return {};
        }));
    if (!strange.empty())
      return fail(ErrorCode::permission_denied, "approvals: the certificate " + *strange.begin() +
                                                    " is not among those of the incident " +
                                                    std::to_string(state.incident.number));
  }
  return {};
}

}  // namespace antin::authority
