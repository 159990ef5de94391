#include "cli/commands/cert_foreign.h"

#include <nlohmann/json.hpp>
#include <ostream>

#include "ca/x509/certificate.h"
#include "ca/x509/name.h"

namespace antin::commands {
namespace {

Result<CertificateRow> row_of(const store::ForeignCertificate& one, Time now) {
  ANTIN_TRY(const x509::Name issuer, x509::Name::from_der(one.issuer));
  return CertificateRow{.id = one.id,
                        .serial = one.serial.hex(),
                        .subject = one.subject,
                        .kind = one.kind,
                        .status = status_at(one, now),
                        .key = "subscriber",
                        .issuer = issuer.rfc4514(),
                        .not_before = one.not_before,
                        .not_after = one.not_after,
                        .profile = "",
                        .subscriber = one.subscriber,
                        .mail = one.mail};
}

std::string_view act_name(store::RevocationEvent::Act act) {
  switch (act) {
    case store::RevocationEvent::Act::suspend:
      return "suspend";
    case store::RevocationEvent::Act::resume:
      return "resume";
    case store::RevocationEvent::Act::revoke:
      break;
  }
  return "revoke";
}

Json events_value(const std::vector<store::ForeignEvent>& events) {
  Json all = Json::array();
  for (const store::ForeignEvent& event : events) {
    Json one = {{"act", act_name(event.act)}, {"at", to_rfc3339(event.at)}};
    if (event.act != store::RevocationEvent::Act::resume) one["reason"] = x509::to_string(event.reason);
    if (event.invalidity_date) one["invalidity_date"] = to_rfc3339(*event.invalidity_date);
    one["list_issued"] = to_rfc3339(event.list_issued);
    all.push_back(std::move(one));
  }
  return all;
}

Result<Json> detail_value(Session& session, const store::ForeignCertificate& one) {
  ANTIN_TRY(const CertificateRow row, row_of(one, session.now()));
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(one.der));
  Json value = row_value(row);
  value["subscriber"] = one.subscriber;
  value["mail"] = one.mail;
  value["unit"] = one.unit;
  value["imported_at"] = to_rfc3339(one.imported_at);
  value["doubts"] = Json::array();
  for (const store::Doubt& doubt : one.doubts) value["doubts"].push_back(doubt_value(session, doubt));
  value["revocations"] = events_value(one.events);
  value["pem"] = certificate.pem();
  return value;
}

void say_event(Session& session, const Json& event) {
  std::string line;
  for (const auto& [name, value] : event.items())
    line += (line.empty() ? "" : ", ") + name + ": " + for_people(value.get<std::string>());
  session.out() << "- " << line << '\n';
}

}  // namespace

Result<std::vector<CertificateRow>> foreign_rows(Session& session, store::Store& store, const std::string& kind,
                                                 const std::string& status) {
  ANTIN_TRY(const auto certificates, store.foreign_certificates());
  std::vector<CertificateRow> rows;
  for (const store::ForeignCertificate& one : certificates) {
    ANTIN_TRY(CertificateRow row, row_of(one, session.now()));
    if ((kind.empty() || row.kind == kind) && (status.empty() || to_string(row.status) == status))
      rows.push_back(std::move(row));
  }
  return rows;
}

Result<ExitCode> show_foreign(Session& session, const store::ForeignCertificate& certificate) {
  ANTIN_TRY(const Json value, detail_value(session, certificate));
  if (session.json) {
    session.print(value);
    return exit_done;
  }
  for (const auto& [name, one] : value.items()) {
    if (name == "pem" || !one.is_string() || one.get<std::string>().empty()) continue;
    session.out() << name << ": " << for_people(one.get<std::string>()) << '\n';
  }
  for (const Json& doubt : value.at("doubts")) session.say("import.reason", {doubt.at("message").get<std::string>()});
  for (const Json& event : value.at("revocations")) say_event(session, event);
  session.out() << value.at("pem").get<std::string>();
  return exit_done;
}

Json doubt_value(const Session& session, const store::Doubt& doubt) {
  std::vector<std::string> arguments = doubt.arguments;
  // The reason for which a key is refused is an error's sentence.
  if (doubt.rule == "import.weak_key" || doubt.rule == "import.blocked_key")
    for (std::string& argument : arguments) argument = session.words(argument);
  return {{"rule", doubt.rule}, {"message", session.text(doubt.rule, arguments)}};
}

}  // namespace antin::commands
