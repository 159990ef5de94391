// `antin cert list|show|export|revoke|suspend|resume`; `cert device` is in device_command.cc.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "ca/x509/certificate.h"
#include "cli/commands/authority_jobs.h"
#include "cli/commands/cert_expiry.h"
#include "cli/commands/cert_foreign.h"
#include "cli/commands/command.h"
#include "cli/commands/progress.h"
#include "cli/commands/say_error.h"

namespace antin::commands {
namespace {

struct ListOptions {
  std::string kind, status, issuer, profile, after;
  std::uint64_t limit = 0;  // 0: all
  bool foreign = false;
  ListForm form;
};
struct ShowOptions {
  std::string which;
};
struct ExportOptions {
  std::string which, out, format = "pem";
  bool all = false;
};
struct RevokeOptions {
  RevokeJob job;
  bool via_authority = false;
};

std::optional<store::CertificateStatus> status_named(const std::string& name) {
  for (auto status : {store::CertificateStatus::valid, store::CertificateStatus::revoked,
                      store::CertificateStatus::suspended, store::CertificateStatus::expired}) {
    if (to_string(status) == name) return status;
  }
  return std::nullopt;
}

std::optional<std::string> given(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

store::CertificateQuery query_of(const ListOptions& options) {
  store::CertificateQuery query;
  query.kind = given(options.kind);
  query.issuer = given(options.issuer);
  query.profile = given(options.profile);
  query.status = status_named(options.status);
  return query;
}

// With --at the state as it was then; otherwise what the store says now, whatever the clock says.
Status judge_past(Session& session, OpenHome& home, store::CertificateRecord& record) {
  if (!session.at) return {};
  ANTIN_TRY(const std::vector<store::RevocationEvent> events, home.store->revocations(record.id));
  record.status = store::status_at(record, events, *session.at);
  return {};
}

// As rows, without the certificates themselves: there may be a million.
Result<std::vector<CertificateRow>> own_rows(Session& session, OpenHome& home, const ListOptions& options,
                                             std::optional<Time> until) {
  store::CertificateQuery query = query_of(options);
  query.after_id = options.after;
  // With --at the events decide, which the store's query does not ask; so nothing is narrowed before they did.
  const std::optional<store::CertificateStatus> wanted =
      session.at ? std::exchange(query.status, std::nullopt) : std::nullopt;
  if (!session.at) query.ends_by = until;
  // One more than asked for tells whether there are more.
  const std::uint64_t most = options.limit == 0 ? UINT64_MAX : options.limit + 1;
  if (!session.at) query.limit = most;
  std::vector<CertificateRow> rows;
  const auto take = [&](store::CertificateRecord record) -> Status {
    ANTIN_CHECK(judge_past(session, home, record));
    if ((!wanted || record.status == *wanted) && rows.size() < most) rows.push_back(row_of(record));
    return {};
  };
  ANTIN_CHECK(home.store->for_each_certificate(query, session.now(), take));
  return rows;
}

Status check_list(const ListOptions& options) {
  if (options.foreign && !(options.issuer.empty() && options.profile.empty()))
    return fail(ErrorCode::invalid_argument, "--foreign does not go with --issuer or --profile");
  if (options.foreign && (options.limit != 0 || !options.after.empty()))
    return fail(ErrorCode::invalid_argument, "--foreign does not go with --limit or --after");
  if (options.form.expiring != "all" && (options.limit != 0 || !options.after.empty()))
    return fail(ErrorCode::invalid_argument, "--expiring does not go with --limit or --after");
  return {};
}

Result<ExitCode> list(Session& session, const ListOptions& options) {
  const auto until = expiring_until(session, options.form, options.status);
  if (!until) return say_usage_error(session, until.error().message);
  if (const Status fits = check_list(options); !fits) return say_usage_error(session, fits.error().message);
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(std::vector<CertificateRow> rows, options.foreign
                                                  ? foreign_rows(session, *home.store, options.kind, options.status)
                                                  : own_rows(session, home, options, *until));
  if (*until) rows = expiring(std::move(rows), session.now(), **until);
  const bool more = options.limit != 0 && rows.size() > options.limit;
  if (more) rows.resize(options.limit);
  ANTIN_TRY(const ExitCode code, say_rows(session, rows, options.form));
  if (more) session.err() << session.text("cert.more", {rows.back().id}) << '\n';
  return code;
}

std::string_view act_name(store::RevocationEvent::Act act) {
  switch (act) {
    case store::RevocationEvent::Act::revoke:
      return "revoke";
    case store::RevocationEvent::Act::suspend:
      return "suspend";
    case store::RevocationEvent::Act::resume:
      return "resume";
  }
  return "";
}

Result<Json> detail_value(OpenHome& home, const store::CertificateRecord& record, Time now) {
  Json value = row_value(row_of(record));
  value["subscriber"] = record.subscriber;
  value["mail"] = record.mail;
  value["key_uri"] = record.key_uri;
  if (record.succession) {
    value["act"] = record.succession->act;
    value["predecessor"] = record.succession->predecessor;
  }
  ANTIN_TRY(const auto successor, home.store->successor(record.id, now));
  if (successor) value["successor"] = successor->id;
  if (!record.subscriber.empty()) {
    ANTIN_TRY(const std::vector<std::string> followed, home.store->followed(record.subscriber));
    if (!followed.empty()) value["follows"] = followed;
  }
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  Json events = Json::array();
  ANTIN_TRY(std::vector<store::RevocationEvent> history, home.store->revocations(record.id));
  for (const store::RevocationEvent& event : history) {
    Json one = {{"act", act_name(event.act)}, {"at", to_rfc3339(event.at)}};
    if (event.act != store::RevocationEvent::Act::resume) one["reason"] = x509::to_string(event.reason);
    if (event.invalidity_date) one["invalidity_date"] = to_rfc3339(*event.invalidity_date);
    if (!event.followed_by.empty()) value["followed_by"] = one["followed_by"] = event.followed_by;
    one["remark"] = event.remark;
    events.push_back(std::move(one));
  }
  value["revocations"] = std::move(events);
  value["pem"] = certificate.pem();
  return value;
}

void say_event(Session& session, const Json& event) {
  std::string line;
  for (const auto& [key, one] : event.items()) {
    if (const std::string text = one.get<std::string>(); !text.empty())
      line += (line.empty() ? "" : ", ") + key + ": " + for_people(text);
  }
  session.out() << "- " << line << '\n';
}

Result<ExitCode> show(Session& session, const ShowOptions& options) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  Result<store::CertificateRecord> found = home.store->certificate(options.which, session.now());
  const bool by_id = found && found->id == options.which;
  if (!by_id) {
    const auto foreign = home.store->foreign_certificate(options.which);
    const bool several = !foreign && foreign.error().code == ErrorCode::failed_precondition;
    if (foreign && found)
      return fail(ErrorCode::failed_precondition, "store: " + options.which + " fits several certificates; name one of " +
                                                      found->id + ", " + foreign->id);
    if (foreign) return show_foreign(session, *foreign);
    if (several && !found) return fail(foreign.error());
  }
  ANTIN_TRY(store::CertificateRecord record, std::move(found));
  ANTIN_CHECK(judge_past(session, home, record));
  ANTIN_TRY(Json value, detail_value(home, record, session.now()));
  if (session.json) {
    session.print(value);
    return exit_done;
  }
  for (const auto& [key, one] : value.items()) {
    if (key == "pem" || !one.is_string() || one.get<std::string>().empty()) continue;
    session.out() << key << ": " << for_people(one.get<std::string>()) << '\n';
  }
  for (const Json& followed : value.value("follows", Json::array()))
    session.out() << "follows: " << followed.get<std::string>() << '\n';
  for (const Json& event : value.at("revocations")) say_event(session, event);
  session.out() << value.at("pem").get<std::string>();
  return exit_done;
}

Status write_one(const store::CertificateRecord& record, const Path& file, const std::string& format) {
  if (format == "der") return write_file(file, record.der, 0644, false);
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  return write_file(file, certificate.pem(), 0644, false);
}

Result<std::uint64_t> count_certificates(Session& session, OpenHome& home) {
  std::uint64_t count = 0;
  ANTIN_CHECK(home.store->for_each_certificate({}, session.now(), [&](const store::CertificateRecord&) -> Status {
    ++count;
    return {};
  }));
  return count;
}

// One after the other: there may be a million.
Result<std::uint64_t> write_all(Session& session, OpenHome& home, const ExportOptions& options, const Path& folder,
                                std::uint64_t total) {
  ANTIN_CHECK(make_directories(folder));
  Progress progress(session, session.text("progress.export"));
  std::uint64_t done = 0;
  const auto write = [&](const store::CertificateRecord& record) -> Status {
    const Path file = folder / (record.serial.hex() + "." + options.format);
    ANTIN_CHECK(in("export " + record.id, write_one(record, file, options.format)));
    ++done;
    progress.update(done, std::max(done, total));  // more may have been issued since
    return {};
  };
  ANTIN_CHECK(home.store->for_each_certificate({}, session.now(), write));
  return done;
}

Result<ExitCode> export_all(Session& session, OpenHome& home, const ExportOptions& options) {
  const Path folder = options.out.empty() ? session.home.out_certs() : Path(options.out);
  ANTIN_TRY(std::uint64_t count, count_certificates(session, home));
  if (!session.dry_run) {
    ANTIN_TRY(count, write_all(session, home, options, folder, count));
  }
  session.say(session.dry_run ? "cert.would_export" : "cert.exported", {std::to_string(count), folder.string()});
  if (session.json)
    session.print({{"certificates", count}, {"directory", folder.string()}, {"dry_run", session.dry_run}});
  return exit_done;
}

Result<ExitCode> export_certificates(Session& session, const ExportOptions& options) {
  if (options.which.empty() && !options.all) return say_usage_error(session, "CERTIFICATE or --all is required");
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  if (options.all) return export_all(session, home, options);
  ANTIN_TRY(store::CertificateRecord record, home.store->certificate(options.which, session.now()));
  const Path file = options.out.empty() ? Path(record.serial.hex() + "." + options.format) : Path(options.out);
  if (!session.dry_run) ANTIN_CHECK(write_one(record, file, options.format));
  session.say(session.dry_run ? "cert.would_export" : "cert.exported", {"1", file.string()});
  if (session.json) session.print({{"certificates", 1}, {"file", file.string()}, {"dry_run", session.dry_run}});
  return exit_done;
}

std::string_view job_name(RevokeJob::Act act) {
  switch (act) {
    case RevokeJob::Act::revoke:
      return "revoke";
    case RevokeJob::Act::suspend:
      return "suspend";
    case RevokeJob::Act::resume:
      return "resume";
  }
  return "";
}

Json request_of(const RevokeJob& job) {
  return {{"act", job_name(job.act)},
          {"certificates", job.certificates},
          {"reason", job.reason},
          {"invalidity_date", job.invalidity_date},
          {"requested_by", job.requested_by},
          {"remark", job.remark}};
}

Result<Json> revoke_here(Session& session, const RevokeJob& job) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  return revoke_job(session, home, job);
}

Result<ExitCode> revoke(Session& session, const RevokeOptions& options) {
  const Json request = request_of(options.job);
  Result<Json> done =
      options.via_authority && !session.dry_run ? ask_authority(session, request) : revoke_here(session, options.job);
  if (!done) return fail(done.error());
  if (options.via_authority && session.dry_run) say_would_ask(session, request, *done);
  if (session.json) session.print(*done);
  const std::string said = session.dry_run ? "cert.would_" + std::string(job_name(options.job.act)) : "cert.changed";
  for (const Json& one : (*done).at("certificates")) {
    session.say(said,
                {one.at("id").get<std::string>(), session.text("cert.status." + one.at("status").get<std::string>()),
                 one.at("subject").get<std::string>()});
  }
  if (!session.dry_run) session.say("cert.next_crl");
  return exit_done;
}

const std::vector<std::string>& reasons() {
  static const std::vector<std::string> names = {"unspecified", "keyCompromise",        "affiliationChanged",
                                                 "superseded",  "cessationOfOperation", "privilegeWithdrawn",
                                                 "cACompromise", "aACompromise"};
  return names;
}

void add_change(Command group, RevokeJob::Act act) {
  const std::string name(job_name(act));
  add_command<RevokeOptions>(
      group, name, "cert." + name,
      [act](Command command, RevokeOptions& options) {
        options.job.act = act;
        command.operand("CERTIFICATE", options.job.certificates, "cert.which").required();
        if (act == RevokeJob::Act::revoke) {
          command.option("--reason", options.job.reason, "cert.reason").one_of(reasons()).show_default();
          command.option("--invalidity-date", options.job.invalidity_date, "cert.invalidity_date").value_name("TIME");
          command.option("--requested-by", options.job.requested_by, "roster.diff.requested_by").value_name("CODE");
        }
        command.option("--remark", options.job.remark, "cert.remark");
        command.flag("--via-authority", options.via_authority, "via_authority");
      },
      revoke);
}

void add_list(Command group) {
  add_command<ListOptions>(
      group, "list", "cert.list",
      [](Command command, ListOptions& options) {
        command.option("--kind", options.kind, "cert.kind")
            .one_of({"organisation", "personal", "device", "root", "issuing", "officer", "ocsp", "tsa", "service",
                     "encryption", "link", "cross"});
        command.option("--status", options.status, "cert.status").one_of({"valid", "revoked", "suspended", "expired"});
        command.option("--issuer", options.issuer, "issuer").value_name("ISSUER");
        command.option("--profile", options.profile, "cert.profile");
        command.option("--expiring", options.form.expiring, "cert.expiring").value_name("90d|12w|6m|1y");
        command.option("--limit", options.limit, "cert.limit").value_name("N");
        command.option("--after", options.after, "cert.after").value_name("ID");
        command.flag("--foreign", options.foreign, "cert.foreign");
        command.flag("--csv", options.form.csv, "cert.csv");
        command.flag("--ics", options.form.ics, "cert.ics");
      },
      list);
}

}  // namespace

void add_cert(Command antin) {
  Command group = antin.group("cert");
  add_list(group);
  add_command<ShowOptions>(
      group, "show", "cert.show",
      [](Command command, ShowOptions& options) {
        command.operand("CERTIFICATE", options.which, "cert.which").required();
      },
      show);
  add_command<ExportOptions>(
      group, "export", "cert.export",
      [](Command command, ExportOptions& options) {
        const Option which = command.operand("CERTIFICATE", options.which, "cert.which");
        command.flag("--all", options.all, "cert.all").excludes(which);
        command.option("-o,--out", options.out, "cert.out").value_name("PATH");
        command.option("--format", options.format, "cert.format").one_of({"pem", "der"}).show_default();
      },
      export_certificates);
  for (auto act : {RevokeJob::Act::revoke, RevokeJob::Act::suspend, RevokeJob::Act::resume}) add_change(group, act);
  add_cert_device(group);
  add_cert_import(group);
}

}  // namespace antin::commands
