#include "cli/commands/incident_value.h"

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "cli/commands/incident_selection.h"

namespace antin::commands {
namespace {

using authority::IncidentHistory;
using authority::IncidentStage;
using authority::IncidentState;

// Whether the deadline was or can be met; null while that is open.
Json met(const IncidentState& state, std::optional<Time> ended, Time now) {
  if (ended) return *ended <= state.incident.deadline;
  return now > state.incident.deadline ? Json(false) : Json();
}

Json lists_value(const IncidentHistory& history) {
  Json lists = Json::array();
  for (const auto& [name, of] : history.issuers) {
    Json one = {
        {"issuer", name}, {"acts", of.acts}, {"first_act", to_rfc3339(of.first)}, {"last_act", to_rfc3339(of.last)}};
    if (of.list) {
      one["number"] = of.list->number;
      one["this_update"] = to_rfc3339(of.list->this_update);
      one["sha256"] = of.list->sha256;
    }
    lists.push_back(std::move(one));
  }
  return lists;
}

std::string text_at(const Json& value, const char* name) { return value.at(name).get<std::string>(); }
std::string count_at(const Json& value, const char* name) {
  return std::to_string(value.at(name).get<std::uint64_t>());
}

void say_deadline(Session& session, const Json& value) {
  const std::string deadline = for_people(text_at(value, "deadline"));
  const auto left = seconds(value.at("seconds_left").get<std::int64_t>());
  if (value.contains("ended_at"))
    session.say(value.at("met").get<bool>() ? "incident.met" : "incident.missed",
                {deadline, for_people(text_at(value, "ended_at"))});
  else if (left < seconds(0))
    session.say("incident.overdue", {deadline, span_text(session, -left)});
  else
    session.say("incident.due", {deadline, span_text(session, left)});
}

void say_lists(Session& session, const Json& value) {
  for (const Json& list : value.at("lists")) {
    const std::string issuer = text_at(list, "issuer");
    if (list.contains("number"))
      session.say("incident.listed", {issuer, count_at(list, "number"), for_people(text_at(list, "this_update"))});
    else
      session.say("incident.list_due", {issuer});
  }
}

}  // namespace

std::string span_text(const Session& session, seconds span) {
  const auto whole = std::chrono::duration_cast<minutes>(span);
  const auto number = [](auto count) { return std::to_string(count); };
  if (whole < days(2))
    return session.text("incident.hours", {number(whole / hours(1)), number(whole % hours(1) / minutes(1))});
  return session.text("incident.days", {number(whole / days(1)), number(whole % days(1) / hours(1))});
}

Result<Json> incident_value(Session& session, OpenHome& home, const IncidentState& state) {
  ANTIN_TRY(const IncidentHistory history, authority::incident_history(*home.store, state.record));
  const authority::Incident& incident = state.incident;
  const unsigned required = home.config.required_approvals;
  const auto ended = authority::ended_at(state, history);
  Json value = {{"incident", to_hex(state.record.hash)},
                {"number", incident.number},
                {"name", incident.name},
                {"description", incident.description},
                {"stage", to_string(authority::stage_of(state, history, required))},
                {"selection", selection_words(incident.selection)},
                {"act", to_string(incident.act)},
                {"reason", x509::to_string(incident.reason)},
                {"reissue", incident.reissue},
                {"certificates", incident.certificates.count},
                {"done", state.record.done},
                {"omitted", state.record.omitted},
                {"left", state.left()},
                {"left_out", incident.left_out.count},
                {"revoked_before", incident.revoked_before},
                {"expired_before", incident.expired_before},
                {"approvals", state.approvals},
                {"required", required},
                {"found_at", to_rfc3339(incident.found_at)},
                {"created_at", to_rfc3339(incident.created_at)},
                {"deadline", to_rfc3339(incident.deadline)},
                {"seconds_left", (incident.deadline - session.now()).count()},
                {"met", met(state, ended, session.now())},
                {"lists", lists_value(history)},
                {"lists_due", history.lists_due()}};
  if (incident.invalidity_date) value["invalidity_date"] = to_rfc3339(*incident.invalidity_date);
  if (ended) value["ended_at"] = to_rfc3339(*ended);
  if (!state.superseded_by.empty()) value["superseded_by"] = state.superseded_by;
  return value;
}

void say_incident(Session& session, const Json& value) {
  session.say("incident.line",
              {count_at(value, "number"), text_at(value, "incident").substr(0, 16), text_at(value, "name"),
               session.text("incident.stage." + text_at(value, "stage")), count_at(value, "done"),
               count_at(value, "certificates"), count_at(value, "approvals"), count_at(value, "required")});
  if (value.contains("superseded_by"))
    session.say("incident.superseded_by", {text_at(value, "superseded_by")});
  else
    say_deadline(session, value);
}

void say_incident_details(Session& session, const Json& value) {
  std::string selection;
  for (const Json& word : value.at("selection")) selection += (selection.empty() ? "" : ", ") + word.get<std::string>();
  session.say("incident.act." + text_at(value, "act"), {text_at(value, "reason"), selection});
  session.say("incident.counts",
              {count_at(value, "done"), count_at(value, "omitted"), count_at(value, "left"),
               count_at(value, "left_out"), count_at(value, "revoked_before"), count_at(value, "expired_before")});
  say_lists(session, value);
}

}  // namespace antin::commands
