// `antin crl build|show|verify`, and `diff` beside it.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/encoding.h"
#include "ca/x509/second_opinion.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/command.h"
#include "cli/commands/crl_files.h"
#include "cli/http/fetch.h"
#include "cli/wiring/config.h"

namespace antin::commands {
namespace {

struct BuildOptions {
  std::string issuer;
  bool via_authority = false;
};
struct ListOptions {
  std::string which;
  std::string ca;
  bool fetch = false;
};

Result<Json> build_here(Session& session, const std::string& issuer) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::write));
  ANTIN_TRY(const std::vector<std::string> names, issuers_in_service(session, home, issuer));
  ANTIN_TRY(OpenIssuers issuers, open_issuers(session, home, names));
  return build_crls_job(session, home, issuers, issuer);
}

Json request_of(const BuildOptions& options) { return {{"act", "crl"}, {"issuer", options.issuer}}; }

Result<ExitCode> dry_build(Session& session, const BuildOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const std::vector<std::string> names, issuers_in_service(session, home, options.issuer));
  Json lists = Json::array();
  for (const std::string& name : names) {
    std::uint64_t entries = 0;
    ANTIN_CHECK(home.store->for_each_revoked(name, [&](const x509::CrlEntry&, Time) -> Status {
      ++entries;
      return {};
    }));
    session.say("crl.would_build", {name, std::to_string(entries)});
    lists.push_back({{"issuer", name}, {"entries", entries}});
  }
  Json value = {{"dry_run", true}, {"crls", lists}};
  if (options.via_authority) say_would_ask(session, request_of(options), value);
  if (session.json) session.print(value);
  return exit_done;
}

Result<ExitCode> build(Session& session, const BuildOptions& options) {
  if (session.dry_run) return dry_build(session, options);
  Result<Json> done =
      options.via_authority ? ask_authority(session, request_of(options)) : build_here(session, options.issuer);
  if (!done) return fail(done.error());
  if (session.json) session.print(*done);
  for (const Json& one : (*done).at("crls")) {
    session.say(
        "crl.built",
        {one.at("issuer").get<std::string>(), std::to_string(one.at("number").get<std::uint64_t>()),
         std::to_string(one.at("entries").get<std::uint64_t>()), for_people(one.at("next_update").get<std::string>())});
  }
  return exit_done;
}

// A number has at most 20 octets (RFC 5280 §5.2.3): more than any integer of the machine.
std::string decimal(ByteView number) {
  std::string digits = "0";  // the last digit first
  for (const std::uint8_t octet : number) {
    unsigned carry = octet;
    for (char& digit : digits) {
      carry += static_cast<unsigned>(digit - '0') * 256;
      digit = static_cast<char>('0' + carry % 10);
      carry /= 10;
    }
    for (; carry != 0; carry /= 10) digits += static_cast<char>('0' + carry % 10);
  }
  return {digits.rbegin(), digits.rend()};
}

// A number where JSON's readers can hold it, else its digits.
Json number_value(const std::optional<Bytes>& number) {
  if (!number) return nullptr;
  const std::string digits = decimal(*number);
  return digits.size() < 16 ? Json(std::stoull(digits)) : Json(digits);
}

Json summary(const x509::Crl& crl) {
  Json value = {{"issuer", crl.issuer().rfc4514()}, {"this_update", to_rfc3339(crl.this_update())}};
  value["next_update"] = crl.next_update() ? Json(to_rfc3339(*crl.next_update())) : Json();
  value["number"] = number_value(crl.number());
  value["distribution_points"] = crl.distribution_point_urls();
  value["size"] = crl.size();
  return value;
}

Status say_entries(Session& session, const x509::Crl& crl, Json& value) {
  Json entries = Json::array();
  ANTIN_CHECK(crl.for_each([&](const x509::CrlEntry& entry) -> Status {
    session.say("crl.entry",
                {entry.serial.hex(), for_people(entry.revoked_at), std::string(x509::to_string(entry.reason))});
    if (session.json)
      entries.push_back({{"serial", entry.serial.hex()},
                         {"revoked_at", to_rfc3339(entry.revoked_at)},
                         {"reason", x509::to_string(entry.reason)}});
    return {};
  }));
  value["entries"] = std::move(entries);
  return {};
}

Result<ExitCode> show(Session& session, const ListOptions& options) {
  ANTIN_TRY(x509::Crl crl, read_crl(session, options.which));
  Json value = summary(crl);
  session.say("crl.head",
              {crl.issuer().rfc4514(), crl.number() ? decimal(*crl.number()) : "-", for_people(crl.this_update()),
               crl.next_update() ? for_people(*crl.next_update()) : "-", std::to_string(crl.size())});
  ANTIN_CHECK(say_entries(session, crl, value));
  if (session.json) session.print(value);
  return exit_done;
}

// What everybody gets from the address that certificates name, held against the published file.
Result<bool> is_served(const Session& session, const std::string& name, const x509::Crl& published) {
  ANTIN_TRY(const wiring::Config config, wiring::read_config(session.home));
  const std::string url = config.crl_url(name);
  http::FetchLimits limits;
  ANTIN_TRY(const std::string host, http::host_of(url));
  limits.known_hosts.push_back(host);  // our own, which may stand in an inner network
  ANTIN_TRY(const Bytes served, http::fetch(url, limits));
  return equal(served, published.der());
}

Result<ExitCode> verify(Session& session, const ListOptions& options) {
  std::error_code error;
  if (options.fetch && !std::filesystem::exists(session.home.crl(options.which), error))
    return fail(ErrorCode::invalid_argument, "--fetch wants the name of a CA of this home: " + options.which);
  ANTIN_TRY(x509::Crl crl, read_crl(session, options.which));
  ANTIN_TRY(x509::Certificate issuer, crl_issuer(session, crl, options.ca));
  std::string reason;
  ANTIN_TRY(bool holds, crl.signed_by(issuer));
  if (!holds) reason = "crl.bad_signature";
  if (reason.empty() && !x509::agree_on_crl(crl.der(), issuer)) reason = "crl.second_opinion";
  if (reason.empty() && crl.this_update() > session.now()) reason = "crl.future";
  if (reason.empty() && (!crl.next_update() || *crl.next_update() < session.now())) reason = "crl.stale";
  if (reason.empty() && options.fetch) {
    ANTIN_TRY(const bool served, is_served(session, options.which, crl));
    if (!served) reason = "crl.served_other";
  }
  session.say(reason.empty() ? "crl.good" : reason, {crl.issuer().rfc4514(), std::to_string(crl.size())});
  if (session.json) {
    Json value = summary(crl);
    value["good"] = reason.empty();
    value["reason"] =
        reason.empty() ? Json() : Json(session.text(reason, {crl.issuer().rfc4514(), std::to_string(crl.size())}));
    session.print(value);
  }
  return reason.empty() ? exit_done : exit_refused;
}

}  // namespace

void add_crl(Command antin) {
  Command group = antin.group("crl");
  add_command<BuildOptions>(
      group, "build", "crl.build",
      [](Command command, BuildOptions& options) {
        command.option("--issuer", options.issuer, "issuer").value_name("ISSUER");
        command.flag("--via-authority", options.via_authority, "via_authority");
      },
      build);
  auto which = [](Command command, ListOptions& options) {
    command.operand("CRL", options.which, "crl.which").required();
  };
  add_command<ListOptions>(group, "show", "crl.show", which, show);
  add_command<ListOptions>(
      group, "verify", "crl.verify",
      [&](Command command, ListOptions& options) {
        which(command, options);
        command.option("--ca", options.ca, "crl.ca").value_name("FILE");
        command.flag("--fetch", options.fetch, "crl.fetch");
      },
      verify);
  add_crl_diff(group);
}

}  // namespace antin::commands
