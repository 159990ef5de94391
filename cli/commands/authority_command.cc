// `antin authority run`: the one process with the issuing tokens' PINs; answers on a Unix socket and keeps the CRLs
// fresh.
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>

#include "ca/authority/issuer_service.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/authority_server.h"
#include "cli/commands/authority_start.h"
#include "cli/commands/command.h"
#include "cli/wiring/exclusive.h"

namespace antin::commands {
namespace {

struct NoOptions {};

// A list is due at half of its validity, or when there is none.
Result<bool> crl_due(Session& session, OpenHome& home, const std::string& issuer) {
  ANTIN_TRY(std::optional<store::CrlRecord> last, home.store->last_crl(issuer));
  if (!last || last->sha256.empty()) return true;
  return session.now() >= last->this_update + (last->next_update - last->this_update) / 2;
}

// An issuer that was put in service meanwhile has a token that this process did not see, and a PIN that the service
// manager hands out at the start alone.
Status tell_of_others(Session& session, const OpenHome& home, const OpenIssuers& issuers, std::set<std::string>& told) {
  ANTIN_TRY(const std::vector<std::string> names, authority::names_in_service(*home.store));
  for (const std::string& name : names)
    if (issuers.find(name) == nullptr && told.insert(name).second)
      session.err() << session.text("authority.not_open", {name}) << std::endl;
  return {};
}

Status keep_crls_fresh(Session& session, OpenHome& home, const OpenIssuers& issuers) {
  for (const auto& [name, issuer] : issuers.issuers) {
    ANTIN_TRY(bool due, crl_due(session, home, name));
    if (!due) continue;
    ANTIN_TRY(Json built, build_crls_job(session, home, issuers, name));
    session.err() << session.text("authority.crl",
                                  {name, std::to_string(built.at("crls").at(0).at("number").get<std::uint64_t>())})
                  << std::endl;
  }
  return {};
}

Result<ExitCode> run(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  if (session.dry_run) {
    session.say("authority.would_run", {session.home.authority_socket().string()});
    if (session.json) session.print({{"dry_run", true}, {"socket", session.home.authority_socket().string()}});
    return exit_done;
  }
  ANTIN_TRY(wiring::Exclusive exclusive, wiring::Exclusive::acquire(session.home, wiring::Job::authority));
  ANTIN_CHECK(require_reconciled(session, home));
  ANTIN_TRY(const std::vector<std::string> names, issuers_in_service(session, home, {}));
  ANTIN_TRY(OpenIssuers issuers, open_issuers(session, home, names));
  ANTIN_CHECK(test_issuing_keys(session, home, issuers));
  AuthorityServer server;
  server.socket = session.home.authority_socket();
  server.answer = [&](const std::string& request) { return answer_request(session, home, issuers, request).dump(); };
  std::set<std::string> told;
  server.tick = [&] {
    if (Status others = tell_of_others(session, home, issuers, told); !others)
      session.err() << session.text("error.line", {session.words(others.error().message)}) << std::endl;
    if (Status fresh = keep_crls_fresh(session, home, issuers); !fresh)
      session.err() << session.text("error.line", {session.words(fresh.error().message)}) << std::endl;
  };
  session.err() << session.text("authority.ready", {server.socket.string()}) << std::endl;
  ANTIN_CHECK(serve(server));
  session.err() << session.text("authority.stopped") << std::endl;
  return exit_done;
}

std::optional<ErrorCode> code_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    if (to_string(static_cast<ErrorCode>(i)) == name) return static_cast<ErrorCode>(i);
  }
  return std::nullopt;
}

}  // namespace

void say_would_ask(Session& session, const Json& request, Json& preview) {
  preview["would_ask"] = request;
  session.say("authority.would_ask", {session.home.authority_socket().string(), request.dump()});
}

Result<Json> ask_authority(Session& session, const Json& request) {
  ANTIN_TRY(std::string line, ask(session.home.authority_socket(), request.dump()));
  Json answer = Json::parse(line, nullptr, false);
  if (!answer.is_object()) return fail(ErrorCode::internal, "authority: the answer is not a JSON object");
  if (!answer.contains("error")) return answer;
  const Json& error = answer.at("error");
  const auto member = [&](const char* name) {
    return error.is_object() && error.contains(name) && error[name].is_string() ? error[name].get<std::string>()
                                                                                : std::string();
  };
  return fail(code_named(member("code")).value_or(ErrorCode::internal),
              member("message").empty() ? "authority: refused" : member("message"));
}

void add_authority(Command antin) {
  Command group = antin.group("authority");
  add_command<NoOptions>(group, "run", "authority.run", [](Command, NoOptions&) {}, run);
}

}  // namespace antin::commands
