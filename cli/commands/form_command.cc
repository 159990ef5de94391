// `antin form list|print`: what a managing body signs, filled and ready.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/case_fold.h"
#include "cli/commands/calendar_span.h"
#include "cli/commands/command.h"
#include "cli/commands/form_files.h"
#include "cli/commands/form_subjects.h"
#include "cli/commands/say_error.h"

namespace antin::commands {
namespace {

struct PrintOptions {
  std::string form, roster, expiring, body, to, out;
  std::vector<std::string> subscribers, certificates;
  bool foreign = false, force = false;
};
struct ListOptions {};

std::string title_of(const forms::Form& form) {
  std::string title;
  for (const std::string& line : form.title) title += (title.empty() ? "" : " ") + line;
  return title;
}

Result<ExitCode> list(Session& session, const ListOptions&) {
  ANTIN_TRY(const forms::FormSet set, forms::form_set_at(session.now()));
  Json all = Json::array();
  for (const forms::Form& form : set.forms) {
    session.say("form.line", {form.name, form.number, title_of(form)});
    all.push_back({{"form", form.name},
                   {"number", form.number},
                   {"title", title_of(form)},
                   {"kind", form.kind},
                   {"act", policy::to_string(form.act)},
                   {"decree", set.name}});
  }
  session.say("form.decree", {set.title});
  if (session.json) session.print(all);
  return exit_done;
}

struct Found {
  FormSubjects all;
  std::vector<std::string> authorities;  // beside each subject; empty: none is known
};

Result<Found> certificates(Session& session, OpenHome& home, const forms::Form& form, const PrintOptions& options) {
  CertificateChoice choice{.ids = options.certificates, .ending_by = {}, .foreign = options.foreign};
  if (!options.expiring.empty()) {
    ANTIN_TRY(const CalendarSpan span, read_calendar_span(options.expiring));
    choice.ending_by = after(session.now(), span);
  }
  ANTIN_TRY(CertificateSubjects found, from_certificates(session, home, form, choice));
  return Found{std::move(found.all), std::move(found.authorities)};
}

Result<Found> subjects(Session& session, OpenHome& home, const forms::Form& form, const PrintOptions& options) {
  if (!options.roster.empty()) {
    ANTIN_TRY(const Bytes content, read_file(options.roster));
    ANTIN_TRY(const authority::Roster roster, in(options.roster, authority::read_roster(content)));
    ANTIN_TRY(FormSubjects found, from_roster(session, home, form, roster));
    return Found{std::move(found), {}};
  }
  if (!options.subscribers.empty()) {
    ANTIN_TRY(FormSubjects found, from_subscribers(home, form, options.subscribers));
    return Found{std::move(found), {}};
  }
  return certificates(session, home, form, options);
}

// One form for each body and authority, those of one authority together.
std::vector<forms::Filled> fill(const forms::FormSet& set, const forms::Form& form, const Found& found,
                                const std::string& to) {
  std::vector<std::string> authorities = found.authorities;
  std::ranges::sort(authorities);
  const auto rest = std::ranges::unique(authorities);
  authorities.erase(rest.begin(), rest.end());
  if (!to.empty() || authorities.empty()) return fill(set, form, found.all.subjects, found.all.bodies, to);
  std::vector<forms::Filled> all;
  for (const std::string& authority : authorities) {
    std::vector<forms::Subject> theirs;
    for (std::size_t i = 0; i < found.authorities.size(); ++i)
      if (found.authorities[i] == authority) theirs.push_back(found.all.subjects[i]);
    for (forms::Filled& one : fill(set, form, theirs, found.all.bodies, authority)) all.push_back(std::move(one));
  }
  return all;
}

// By its code, or by its name whatever the case.
void keep_body(std::vector<forms::Filled>& filled, const std::string& body,
               const std::map<std::string, std::string>& bodies) {
  if (body.empty()) return;
  const auto by_code = bodies.find(body);
  const std::string wanted = fold_case(by_code == bodies.end() ? body : by_code->second).value_or("");
  std::erase_if(filled, [&](const forms::Filled& one) {
    const bool other_code = by_code != bodies.end() && !one.code.empty() && one.code != body;
    return other_code || fold_case(one.body).value_or("") != wanted;
  });
}

Json tell(Session& session, const forms::FormSet& set, const PrintOptions& options, const Found& found,
          const std::vector<FormFile>& files) {
  Json value = {{"form", options.form}, {"decree", set.name}, {"files", Json::array()}, {"left_out", Json::array()}};
  for (const LeftOut& one : found.all.left_out) {
    const std::string why = session.text(one.rule, one.arguments);
    // Of a roster, the rows that have a form of their own are no news.
    if (options.roster.empty()) session.say("form.left_out", {one.what, one.name, why});
    value["left_out"].push_back({{"what", one.what}, {"name", one.name}, {"rule", one.rule}, {"message", why}});
  }
  for (const FormFile& file : files) {
    session.say(session.dry_run ? "form.would_write" : "form.written",
                {file.file.string(), file.body, std::to_string(file.rows)});
    value["files"].push_back({{"file", file.file.string()}, {"body", file.body}, {"rows", file.rows}});
  }
  session.say(files.empty() ? "form.nothing" : "form.sum",
              {std::to_string(files.size()), std::to_string(found.all.left_out.size())});
  value["dry_run"] = session.dry_run;
  return value;
}

// Exactly one source; what narrows another one is wrong usage.
std::string misuse(const PrintOptions& options) {
  const int sources = int(!options.roster.empty()) + int(!options.expiring.empty()) +
                      int(!options.subscribers.empty()) + int(!options.certificates.empty());
  if (sources != 1) return "one of --roster, --expiring, --subscriber and --certificate is required";
  if (options.foreign && options.expiring.empty() && options.certificates.empty())
    return "--foreign goes with --expiring or --certificate";
  return "";
}

Result<ExitCode> print(Session& session, const PrintOptions& options) {
  if (const std::string wrong = misuse(options); !wrong.empty()) return say_usage_error(session, wrong);
  if (!options.expiring.empty())
    if (const auto span = read_calendar_span(options.expiring); !span)
      return say_usage_error(session, span.error().message);
  ANTIN_TRY(const forms::FormSet set, forms::form_set_at(session.now()));
  ANTIN_TRY(const forms::Form form, set.form(options.form));
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const Found found, subjects(session, home, form, options));
  std::vector<forms::Filled> filled = fill(set, form, found, options.to);
  keep_body(filled, options.body, found.all.bodies);
  ANTIN_TRY(const auto files, form_files(set, form.name, filled, options.out, session.now(), options.force));
  if (!session.dry_run) ANTIN_CHECK(write_forms(files));
  const Json value = tell(session, set, options, found, files);
  if (session.json) session.print(value);
  return files.empty() && !found.all.left_out.empty() ? exit_refused : exit_done;
}

}  // namespace

void add_form(Command antin) {
  Command group = antin.group("form");
  add_command<ListOptions>(group, "list", "form.list", [](Command, ListOptions&) {}, list);
  add_command<PrintOptions>(
      group, "print", "form.print",
      [](Command command, PrintOptions& options) {
        command.operand("FORM", options.form, "form.form").required();
        command.option("--roster", options.roster, "form.roster").value_name("FILE");
        command.option("--expiring", options.expiring, "form.expiring").value_name("90d|12w|6m|1y");
        command.option("--certificate", options.certificates, "form.certificate").value_name("CERTIFICATE");
        command.option("--subscriber", options.subscribers, "form.subscriber").value_name("CODE");
        command.flag("--foreign", options.foreign, "form.foreign");
        command.option("--body", options.body, "form.body").value_name("UNIT");
        command.option("--to", options.to, "form.to").value_name("AUTHORITY");
        command.option("-o,--out", options.out, "form.out").required().value_name("PATH");
        command.flag("--force", options.force, "form.force");
      },
      print);
}

}  // namespace antin::commands
