#include "cli/commands/ceremony_page.h"

#include <nlohmann/json.hpp>

namespace antin::commands {
namespace {

using nlohmann::json;
using page::Align;
using page::Paragraph;

std::string at(const json& value, const char* member) {
  return value.contains(member) && value.at(member).is_string() ? value.at(member).get<std::string>() : std::string();
}

// A digest as people compare it, in groups of eight digits.
std::string grouped(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i != 0 && i % 8 == 0) out += ' ';
    out += hex[i];
  }
  return out;
}

class Page {
 public:
  Page(const Session& session, Time made) : session_(session) {
    document_.title = text("protocol.title");
    document_.made = made;
  }

  std::string text(const std::string& id, const std::vector<std::string>& arguments = {}) const {
    return session_.text(id, arguments);
  }
  void title(const json& transcript) {
    add({.runs = {{.text = text("protocol.title"), .bold = true, .size = 15}}, .align = Align::centre});
    add({.runs = {{.text = at(transcript, "title"), .bold = true, .size = 14}}, .align = Align::centre, .above = 1});
    add({.runs = {{.text = text("protocol.of", {at(transcript, "name"), text("ceremony.kind." + at(transcript, "kind")),
                                               at(transcript, "place")})}},
         .align = Align::centre,
         .above = 1});
  }
  void head(const std::string& id) { add({.runs = {{.text = text(id), .bold = true}}, .above = 4, .with_next = true}); }
  void line(const std::string& id, const std::vector<std::string>& arguments, double above = 1) {
    add({.runs = {{.text = text(id, arguments), .size = 12}}, .above = above});
  }
  // A digest stands on a line of its own, in groups of eight digits.
  void digest(const std::string& id, const std::string& hex) {
    if (!id.empty()) line(id, {}, 0.5);
    add({.runs = {{.text = grouped(hex), .size = 11}}, .first_line = 8, .above = 0.5});
  }
  // Who signs on paper: the name, and a line.
  void signature(const std::string& who, const std::string& remark) {
    document_.blocks.emplace_back(page::Beside{
        .columns = {{.share = 3,
                     .paragraphs = {{.runs = {{.text = who, .bold = true, .size = 12}}},
                                    {.runs = {{.text = remark, .italic = true, .size = 11}}, .above = 0.5}}},
                    {.share = 2, .paragraphs = {{.runs = {{.text = " ", .size = 18}}, .rule = 1}}}},
        .above = 5});
  }
  page::Document take() { return std::move(document_); }

 private:
  void add(Paragraph paragraph) { document_.blocks.emplace_back(std::move(paragraph)); }

  const Session& session_;
  page::Document document_;
};

void add_step(Page& page, const json& step, std::size_t number) {
  const std::string act = at(step, "act"), of = at(step, "of");
  const bool found = step.value("found", false);
  page.line("protocol.step", {std::to_string(number), for_people(at(step, "at")),
                              page.text("protocol.act." + act, {of}), page.text(found ? "protocol.found" : "protocol.made")},
            2);
  if (act == "key") {
    page.line("protocol.token", {at(step, "token"), at(step, "serial"), at(step, "model"), at(step, "algorithm")}, 0.5);
    page.digest("protocol.public_key", at(step, "public_key"));
  } else if (act == "certificate") {
    page.line("protocol.certificate", {at(step, "subject"), at(step, "certificate"), for_people(at(step, "not_after"))},
              0.5);
    page.digest("", at(step, "sha256"));
  } else if (act == "list") {
    page.line("protocol.list", {at(step, "number")}, 0.5);
    page.digest("", at(step, "sha256"));
  } else if (act == "proposal") {
    page.line("protocol.proposal", {at(step, "number")}, 0.5);
    page.digest("", at(step, "proposal"));
  } else if (act == "officers") {
    page.line("protocol.officers", {at(step, "root")}, 0.5);
    page.digest("", at(step, "sha256"));
  } else if (act == "other") {
    page.line("protocol.other", {at(step, "subject")}, 0.5);
    page.digest("", at(step, "sha256"));
    page.digest("protocol.public_key", at(step, "public_key"));
  } else if (act == "end") {
    page.line("protocol.end", {at(step, "required_approvals")}, 0.5);
  }
}

}  // namespace

page::Document ceremony_page(const Session& session, const json& transcript, const TranscriptReport& report,
                             Time made) {
  Page page(session, made);
  page.title(transcript);
  page.head("protocol.what");
  page.digest("protocol.file", report.file);
  page.digest("protocol.transcript", report.sha256);
  for (const json& run : transcript.at("runs")) {
    page.line("protocol.run", {for_people(at(run, "at")), at(run, "version")});
    page.digest("protocol.program", at(run, "program"));
  }
  page.line("protocol.ended", {for_people(at(transcript, "ended_at"))});
  page.head("protocol.steps");
  std::size_t number = 0;
  for (const json& step : transcript.at("steps")) add_step(page, step, ++number);
  page.head("protocol.signatures");
  bool witnesses_sign = false;
  for (const TranscriptSigner& signer : report.signers) {
    witnesses_sign = witnesses_sign || signer.witness;
    page.signature(page.text(signer.witness ? "protocol.witness" : "protocol.officer", {signer.name}),
                   signer.signed_at ? page.text("protocol.signed", {for_people(*signer.signed_at), signer.certificate})
                                    : page.text("protocol.unsigned"));
  }
  if (!witnesses_sign)
    for (const json& witness : transcript.at("witnesses"))
      page.signature(page.text("protocol.witness", {witness.get<std::string>()}), " ");
  page.line("protocol.printed", {for_people(made)}, 6);
  return page.take();
}

}  // namespace antin::commands
