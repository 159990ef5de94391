// `antin request export`: a folder for another authority: the requests, a list of them, and the forms that the bodies
// sign.
#include <fcntl.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <ostream>
#include <system_error>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/authority/row_tbs.h"
#include "ca/foreign/requests.h"
#include "cli/commands/command.h"
#include "cli/commands/csv.h"
#include "cli/commands/form_files.h"
#include "cli/commands/form_subjects.h"
#include "cli/commands/request_row.h"

namespace antin::commands {
namespace {

struct ExportOptions {
  std::string authority, out;
  bool again = false;
};

Path request_file(const RequestRow& row) { return Path("csr") / (row.request.id + ".csr"); }

// `requests.json`: the list, and what the forms say by themselves is not in it again.
Json list_value(const std::string& authority, const std::vector<RequestRow>& rows) {
  Json all = Json::array();
  for (const RequestRow& row : rows) {
    Json fields = Json::object();
    for (const auto& [name, value] : row.row.fields) fields[name] = value;
    all.push_back({{"id", row.request.id},
                   {"code", row.row.code},
                   {"kind", row.row.kind},
                   {"fields", fields},
                   {"csr", request_file(row).string()},
                   {"csr_sha256", to_hex(sha256(row.request.request))},
                   {"key_sha256", to_hex(row.request.key_hash)}});
  }
  return {{"format", "antin-requests-1"}, {"authority", authority}, {"requests", all}};
}

std::string list_table(const std::vector<RequestRow>& rows) {
  std::string table = std::string(utf8_mark) +
                      csv_line({"id", "code", "kind", "cn", "o", "ou", "l", "mail", "dns", "csr", "csr_sha256"});
  for (const RequestRow& row : rows) {
    const auto field = [&](std::string_view name) { return authority::field_of(row.row, name); };
    table += csv_line({row.request.id, row.row.code, row.row.kind, field("cn"), field("o"), field("ou"), field("l"),
                       field("mail"), field("dns"), request_file(row).string(), to_hex(sha256(row.request.request))});
  }
  return table;
}

// The forms that ask for new certificates, each for the rows of its kind.
Result<std::vector<FormFile>> forms_of(Session& session, OpenHome& home, const std::string& authority,
                                       const std::vector<RequestRow>& rows, const Path& folder) {
  ANTIN_TRY(const forms::FormSet set, forms::form_set_at(session.now()));
  authority::Roster roster;
  for (const RequestRow& row : rows) roster.rows.push_back(row.row);
  std::vector<FormFile> all;
  for (const forms::Form& form : set.forms) {
    if (form.act != policy::Act::issue) continue;
    ANTIN_TRY(const FormSubjects found, from_roster(session, home, form, roster));
    ANTIN_TRY(auto files, form_files(set, form.name, fill(set, form, found.subjects, found.bodies, authority), folder,
                                     session.now(), false));
    for (FormFile& file : files) all.push_back(std::move(file));
  }
  return all;
}

// A folder beside the one that is wanted, gone at the end unless it was renamed.
class Draft {
 public:
  explicit Draft(const Path& wanted)
      : wanted_(wanted), path_(wanted.string() + ".part-" + std::to_string(::getpid())) {}
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  ~Draft() {
    std::error_code ignored;
    if (made_) std::filesystem::remove_all(path_, ignored);
  }
  const Path& path() const { return path_; }
  Status make() {
    std::error_code error;
    if (!std::filesystem::create_directories(path_, error))
      return fail(ErrorCode::permission_denied,
                  path_.string() + ": create: " + (error ? error.message() : "it is there"));
    made_ = true;
    return {};
  }
  // An empty folder of that name gives way; one with anything in it does not.
  Status publish() {
    std::error_code error;
    std::filesystem::rename(path_, wanted_, error);
    if (error && error != std::errc::directory_not_empty && error != std::errc::file_exists &&
        error != std::errc::not_a_directory)
      return fail(ErrorCode::unavailable, wanted_.string() + ": rename: " + error.message());
    if (error) return fail(ErrorCode::already_exists, "request: " + wanted_.string() + " is there: name a new folder");
    made_ = false;
    return flush();
  }

 private:
  // The new name must outlive a loss of power, as what is marked by then does.
  Status flush() const {
    const Path parent = wanted_.has_parent_path() ? wanted_.parent_path() : Path(".");
    const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool flushed = folder >= 0 && ::fsync(folder) == 0;
    if (folder >= 0) ::close(folder);
    if (flushed) return {};
    return fail(ErrorCode::unavailable, "request: " + parent.string() + ": cannot be flushed to disk");
  }

  Path wanted_, path_;
  bool made_ = false;
};

Status require_free(const Path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) || std::filesystem::is_empty(folder, error)) return {};
  return fail(ErrorCode::already_exists, "request: " + folder.string() + " is there: name a new folder");
}

Status write_all(const std::vector<RequestRow>& rows, const std::string& list, const std::vector<FormFile>& forms,
                 const Path& folder) {
  ANTIN_CHECK(make_directories(folder / "csr"));
  for (const RequestRow& row : rows)
    ANTIN_CHECK(write_file(folder / request_file(row), to_pem("CERTIFICATE REQUEST", row.request.request)));
  ANTIN_CHECK(write_forms(forms));
  ANTIN_CHECK(write_file(folder / "requests.csv", list_table(rows)));
  return write_file(folder / "requests.json", list);
}

void tell(Session& session, const ExportOptions& options, const std::vector<RequestRow>& rows,
          const std::vector<FormFile>& forms) {
  const char* said = rows.empty() ? "request.nothing" : session.dry_run ? "request.would_export" : "request.exported";
  session.say(said, {std::to_string(rows.size()), options.authority, options.out, std::to_string(forms.size())});
  if (!session.json) return;
  Json ids = Json::array(), files = Json::array();
  for (const RequestRow& row : rows) ids.push_back(row.request.id);
  for (const FormFile& form : forms)
    files.push_back(
        {{"file", (Path("forms") / form.file.filename()).string()}, {"body", form.body}, {"rows", form.rows}});
  session.print({{"authority", options.authority},
                 {"directory", rows.empty() ? "" : options.out},
                 {"requests", ids},
                 {"forms", files},
                 {"dry_run", session.dry_run}});
}

Result<std::vector<RequestRow>> wanted(Session& session, OpenHome& home, const ExportOptions& options) {
  ANTIN_TRY(std::vector<RequestRow> rows, request_rows(*home.store, session.now(), "", options.authority));
  std::erase_if(rows, [&](const RequestRow& row) {
    const bool exported = row.state == store::RequestState::exported;
    return row.state != store::RequestState::collected && !(options.again && exported);
  });
  return rows;
}

Result<ExitCode> export_requests(Session& session, ExportOptions options) {
  ANTIN_TRY(options.authority, in("request", to_nfc(options.authority)));
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  const Path folder = Path(options.out).has_filename() ? Path(options.out) : Path(options.out).parent_path();
  ANTIN_CHECK(require_free(folder));
  ANTIN_TRY(const auto rows, wanted(session, home, options));
  Draft draft(folder);
  ANTIN_TRY(const auto forms, forms_of(session, home, options.authority, rows, draft.path() / "forms"));
  if (!rows.empty() && !session.dry_run) {
    const std::string list = list_value(options.authority, rows).dump(2) + "\n";
    ANTIN_CHECK(draft.make());
    ANTIN_CHECK(write_all(rows, list, forms, draft.path()));
    std::vector<std::string> ids;
    for (const RequestRow& row : rows) ids.push_back(row.request.id);
    const Sha256 hash = sha256(bytes_of(list));
    ANTIN_CHECK(foreign::mark_exported(home.context(session), ids, Bytes(hash.begin(), hash.end()),
                                       [&] { return draft.publish(); }));
  }
  tell(session, options, rows, forms);
  return exit_done;
}

}  // namespace

void add_request_export(Command request) {
  add_command<ExportOptions>(
      request, "export", "request.export",
      [](Command command, ExportOptions& options) {
        command.option("--authority", options.authority, "request.authority").required().value_name("NAME");
        command.option("-o,--out", options.out, "request.out").required().value_name("DIR");
        command.flag("--again", options.again, "request.again");
      },
      export_requests);
}

}  // namespace antin::commands
