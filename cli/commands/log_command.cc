// `antin log verify|show`.
#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/log/log.h"
#include "cli/commands/command.h"
#include "cli/commands/home_session.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct ShowOptions {
  std::uint64_t from = 0, count = 0;
};

// A log that was cut short agrees with itself: the store must know no certificate whose issue it does not tell. The
// certificates are read first, so that what is issued meanwhile is in the log at least.
Status compare_with_store(Session& session, store::Store& records) {
  ANTIN_TRY(const auto certificates, records.certificates({}, session.now()));
  std::map<std::string, std::string> logged;  // certificate id, SHA-256 of its DER
  ANTIN_CHECK(records.for_each_log_entry(0, [&](const store::LogEntry& entry) -> Status {
    const Json value = Json::parse(text_of(entry.entry), nullptr, false);
    if (!value.is_object() || !value.contains("type") || value["type"] != "certificate.issue") return {};
    logged[value.at("certificate").get<std::string>()] = value.at("sha256").get<std::string>();
    return {};
  }));
  for (const store::CertificateRecord& record : certificates) {
    const auto found = logged.find(record.id);
    if (found == logged.end())
      return fail(ErrorCode::data_loss,
                  "log: the issue of the certificate " + record.id +
                      " is not in it: entries were cut off, or the store was written by another program");
    if (found->second != to_hex(sha256(record.der)))
      return fail(ErrorCode::data_loss,
                  "log: the certificate " + record.id + " in the store is not the one that was logged");
  }
  return {};
}

Result<ExitCode> verify(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_CHECK(compare_with_store(session, *home.store));
  ANTIN_TRY(log::Verification done, log::verify(*home.store));
  const std::string root = to_hex(done.root);
  session.say("log.good", {std::to_string(done.size), root});
  if (session.json) session.print({{"size", done.size}, {"root", root}});
  return exit_done;
}

Result<ExitCode> show(Session& session, const ShowOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(std::uint64_t size, home.store->log_size());
  const std::uint64_t end = options.count == 0 ? size : std::min(size, options.from + options.count);
  Json all = Json::array();
  ANTIN_CHECK(home.store->for_each_log_entry(options.from, [&](const store::LogEntry& entry) -> Status {
    if (entry.index >= end) return {};
    if (session.json) {
      all.push_back({{"index", entry.index},
                     {"leaf_hash", to_hex(entry.leaf_hash)},
                     {"entry", Json::parse(text_of(entry.entry), nullptr, false)}});
    } else {
      session.out() << entry.index << ' ' << text_of(entry.entry) << '\n';
    }
    return {};
  }));
  if (session.json) session.print(all);
  return exit_done;
}

}  // namespace

void add_log(CommandLine& line) {
  CLI::App* group = line.app.add_subcommand("log", line.help("log"));
  group->require_subcommand(1);
  add_command<NoOptions>(line, *group, "verify", "log.verify", [](CLI::App&, NoOptions&) {}, verify);
  add_command<ShowOptions>(
      line, *group, "show", "log.show",
      [&](CLI::App& app, ShowOptions& options) {
        app.add_option("--from", options.from, line.help("log.from"))->type_name("INDEX");
        app.add_option("--count", options.count, line.help("log.count"))->type_name("N");
      },
      show);
}

}  // namespace antin::commands
