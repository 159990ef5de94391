#include "cli/commands/incident_page.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace antin::commands {
namespace {

using page::Align;
using page::Paragraph;
using page::Table;

constexpr std::size_t most_listed = 200;

// A value as the page shows it: times of +07:00, numbers in digits.
std::string shown(const Json& value) {
  if (value.is_string()) return for_people(value.get<std::string>());
  if (value.is_number()) return std::to_string(value.get<std::uint64_t>());
  return "";
}

std::string at(const Json& value, const char* name) { return value.contains(name) ? shown(value.at(name)) : "–"; }

class Page {
 public:
  Page(const Session& session, Time made) : session_(session) {
    document_.title = text("report.title");
    document_.made = made;
  }

  void title(const std::string& name) {
    add({.runs = {{.text = text("report.title"), .bold = true, .size = 15}}, .align = Align::centre});
    add({.runs = {{.text = name, .bold = true, .size = 14}}, .align = Align::centre, .above = 1});
  }
  void head(const std::string& id) { add({.runs = {{.text = text(id), .bold = true}}, .above = 4, .with_next = true}); }
  void line(const std::string& id, const std::vector<std::string>& arguments) {
    add({.runs = {{.text = text(id, arguments)}}, .above = 1});
  }
  // A row of `rows` for each of its members; nothing when there are none.
  void table(const std::vector<std::pair<const char*, const char*>>& columns, const Json& rows, std::size_t most) {
    Table made{.columns = {}, .rows = {}, .size = 11, .above = 1.5};
    for (const auto& [member, heading] : columns)
      made.columns.push_back({text(heading), std::string_view(member) == "subject" ? 2.0 : 1.0, Align::left});
    for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) {
      made.rows.emplace_back();
      for (const auto& [member, heading] : columns) made.rows.back().push_back(at(rows[i], member));
    }
    if (!made.rows.empty()) document_.blocks.emplace_back(std::move(made));
    if (rows.size() > most) line("report.more", {std::to_string(rows.size() - most)});
  }
  page::Document take() { return std::move(document_); }

 private:
  std::string text(const std::string& id, const std::vector<std::string>& arguments = {}) const {
    return session_.text(id, arguments);
  }
  void add(Paragraph paragraph) { document_.blocks.emplace_back(std::move(paragraph)); }

  const Session& session_;
  page::Document document_;
};

std::string joined(const Json& words) {
  std::string all;
  for (const Json& word : words) all += (all.empty() ? "" : ", ") + word.get<std::string>();
  return all;
}

void matter(Page& page, const Session& session, const Json& report) {
  page.head("report.matter");
  if (!report.at("description").get<std::string>().empty())
    page.line("report.description", {at(report, "description")});
  page.line("report.times", {at(report, "found_at"), at(report, "created_at"), at(report, "deadline")});
  page.line("report.selection", {joined(report.at("selection"))});
  page.line("report.act", {session.text("report.act." + report.at("act").get<std::string>()), at(report, "reason")});
  if (report.contains("invalidity_date")) page.line("report.since", {at(report, "invalidity_date")});
  page.line("report.frozen", {at(report, "certificates"), at(report, "list_sha256")});
}

void counts(Page& page, const Json& report) {
  page.head("report.counts");
  page.line("report.sum", {at(report, "certificates"), at(report, "done"), at(report, "omitted"), at(report, "left"),
                           at(report, "left_out"), at(report, "revoked_before"), at(report, "expired_before")});
  page.table({{"issuer", "report.issuer"},
              {"kind", "report.kind"},
              {"profile", "report.profile"},
              {"key", "report.key"},
              {"certificates", "report.certificates"},
              {"done", "report.done"}},
             report.at("groups"), SIZE_MAX);
  if (report.at("reissue").get<bool>()) page.line("report.replaced", {at(report, "replaced")});
}

void decisions(Page& page, const Json& report) {
  page.head("report.approvals");
  page.line("report.required", {at(report, "required")});
  page.table({{"subject", "report.officer"}, {"officer", "report.certificate"}, {"at", "report.at"}},
             report.at("approved_by"), SIZE_MAX);
}

void verdict(Page& page, const Session& session, const Json& report) {
  page.head("report.done_when");
  page.table({{"issuer", "report.issuer"},
              {"acts", "report.acts"},
              {"first_act", "report.first_act"},
              {"last_act", "report.last_act"},
              {"number", "report.crl"},
              {"this_update", "report.this_update"}},
             report.at("lists"), SIZE_MAX);
  const Json& met = report.at("met");
  const char* id = met.is_null() ? "report.open" : !met.get<bool>() ? "report.missed" : "report.met";
  page.line(id, {at(report, "deadline"), at(report, "ended_at")});
  page.line("report.stage", {session.text("incident.stage." + report.at("stage").get<std::string>())});
}

}  // namespace

page::Document incident_page(const Session& session, const Json& report, const std::string& file,
                             const std::string& sha256, Time made) {
  Page page(session, made);
  page.title(report.at("name").get<std::string>());
  matter(page, session, report);
  counts(page, report);
  decisions(page, report);
  verdict(page, session, report);
  if (!report.at("not_ended").empty()) {
    page.head("report.not_ended");
    page.table({{"id", "report.certificate"}, {"subject", "report.subject"}, {"message", "report.why"}},
               report.at("not_ended"), most_listed);
  }
  page.head("report.whole");
  page.line("report.file", {file, sha256, at(report, "incident")});
  page.line("report.made", {for_people(made)});
  return page.take();
}

}  // namespace antin::commands
