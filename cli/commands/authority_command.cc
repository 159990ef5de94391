// `antin authority run`: the one process with the issuing tokens' PINs; answers on a Unix socket and keeps the CRLs
// fresh.
#include <algorithm>
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

// Sources that give a PIN again: nobody types it, and no descriptor was read to its end.
bool gives_again(const std::string& source) {
  return source.starts_with("file:") || source.starts_with("env:") || source.starts_with("credential:");
}

// A token without a source of its own is asked for at the terminal.
Result<bool> can_open_again(Session& session, const OpenHome& home, const wiring::TokenHome& tokens,
                            const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    ANTIN_TRY(const authority::RegisteredIssuer issuer, find_issuer(session, home, name));
    const auto pin = tokens.pins.find(issuer.token);
    if (pin == tokens.pins.end() || !gives_again(pin->second)) return false;
  }
  return true;
}

// A module sees a new token when it is begun anew: all are closed, and opened with the new one, or as they were when
// that fails. False when a PIN cannot be read again.
Result<bool> open_with_others(Session& session, OpenHome& home, OpenIssuers& issuers,
                              const std::vector<std::string>& names) {
  ANTIN_TRY(wiring::Config config, wiring::read_config(session.home));
  ANTIN_TRY(const bool can, can_open_again(session, home, config.ca, names));
  if (!can) return false;
  std::vector<std::string> before;
  for (const auto& [name, issuer] : issuers.issuers) before.push_back(name);
  std::swap(home.config.ca.pins, config.ca.pins);  // with the source of the new one's; another module is not loaded
  issuers = {};
  Result<OpenIssuers> opened = open_issuers(session, home, names);
  if (!opened) {
    std::swap(home.config.ca.pins, config.ca.pins);
    ANTIN_TRY(issuers, open_issuers(session, home, before));
    return fail(opened.error());
  }
  issuers = *std::move(opened);
  return true;
}

// An issuer that was put in service meanwhile has a token that this process did not see, and perhaps a PIN that the
// service manager hands out at the start alone: it is tried once.
Status look_for_others(Session& session, OpenHome& home, OpenIssuers& issuers, std::set<std::string>& tried) {
  ANTIN_TRY(std::vector<std::string> others, authority::names_in_service(*home.store));
  std::erase_if(others,
                [&](const std::string& name) { return issuers.find(name) != nullptr || !tried.insert(name).second; });
  if (others.empty()) return {};
  ANTIN_TRY(const std::vector<std::string> names, issuers_in_service(session, home, {}));
  std::erase_if(others, [&](const std::string& name) { return std::ranges::find(names, name) == names.end(); });
  if (others.empty()) return {};
  const Result<bool> opened = open_with_others(session, home, issuers, names);
  for (const std::string& name : others)
    session.err() << session.text(opened && *opened ? "authority.opened" : "authority.not_open", {name}) << std::endl;
  return opened ? Status() : Status(fail(opened.error()));
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
  std::set<std::string> tried;
  const auto tell = [&](const Status& status) {
    if (!status) session.err() << session.text("error.line", {session.words(status.error().message)}) << std::endl;
  };
  server.answer = [&](const std::string& request) {
    tell(look_for_others(session, home, issuers, tried));
    return answer_request(session, home, issuers, request).dump();
  };
  server.tick = [&] {
    tell(look_for_others(session, home, issuers, tried));
    tell(keep_crls_fresh(session, home, issuers));
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
