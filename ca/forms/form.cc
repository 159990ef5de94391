#include "ca/forms/form.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "ca/forms/embedded_forms.h"

namespace antin::forms {
namespace {

std::string replaced(std::string text, std::string_view place, const std::string& value) {
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
    text.replace(at, place.size(), value);
  return text;
}

// 02/03/2026, in Vietnam.
std::string day(const std::optional<Time>& time) {
  if (!time) return "";
  const std::chrono::year_month_day date(std::chrono::floor<days>(*time + vietnam_offset));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%02u/%02u/%04d", static_cast<unsigned>(date.day()),
                static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
  return text.data();
}

std::string reason_words(const FormSet& set, const std::string& reason) {
  const auto found = set.reasons.find(reason);
  return found == set.reasons.end() ? reason : found->second;
}

std::string unit_of(const Subject& subject) { return subject.ou.empty() ? subject.o : subject.ou; }

std::string cell(const FormSet& set, const Column& column, const Subject& subject, std::size_t number) {
  const std::map<std::string_view, std::string> values{{"row", std::to_string(number)},
                                                       {"code", subject.code},
                                                       {"cn", subject.cn},
                                                       {"o", subject.o},
                                                       {"unit", unit_of(subject)},
                                                       {"l", subject.l},
                                                       {"mail", subject.mail},
                                                       {"dns", subject.dns},
                                                       {"serial", subject.serial},
                                                       {"not_before", day(subject.not_before)},
                                                       {"not_after", day(subject.not_after)},
                                                       {"reason", reason_words(set, subject.reason)}};
  const auto found = values.find(column.value);
  return found == values.end() ? "" : found->second;
}

struct Body {
  std::string name, superior, code;
};

// Who manages a person or device is its unit; who manages a body is the one that it belongs to.
Body body_of(const Subject& subject, const std::map<std::string, std::string>& bodies) {
  if (const auto named = bodies.find(subject.requested_by); named != bodies.end())
    return {named->second, named->second == subject.o ? "" : subject.o, named->first};
  if (subject.kind == "organisation" || subject.ou.empty()) return {subject.o, "", ""};
  return {subject.ou, subject.o, ""};
}

bool is_party(const FormSet& set, const Body& body) {
  return std::ranges::any_of(set.party_names, [&](const std::string& word) {
    return body.name.starts_with(word) || body.superior.starts_with(word);
  });
}

Filled heading(const FormSet& set, const Form& form, const Body& body, const std::string& authority) {
  return {
      .body = body.name,
      .superior = body.superior,
      .code = body.code,
      .party = is_party(set, body),
      .number = form.number,
      .title = form.title,
      .before = form.before,
      .after = form.after,
      .addressee = replaced(set.addressee_line, "{authority}", authority.empty() ? set.unknown_addressee : authority),
      .columns = form.columns,
      .rows = {}};
}

template <class Sets>
auto in_force(const Sets& all, Time at) {
  return std::ranges::find_if(all, [&](const auto& one) { return one.from <= at && (!one.until || at < *one.until); });
}

}  // namespace

Result<Form> FormSet::form(const std::string& wanted) const {
  std::string names;
  for (const Form& one : forms) {
    if (one.name == wanted) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  return fail(ErrorCode::not_found, "form: there is no " + wanted + " in " + name + ": it has " + names);
}

const Result<std::vector<FormSet>>& form_sets() {
  static const Result<std::vector<FormSet>> all = []() -> Result<std::vector<FormSet>> {
    std::vector<FormSet> read;
    for (const std::string_view text : embedded_forms()) {
      ANTIN_TRY(FormSet set, FormSet::from_json(text));
      read.push_back(std::move(set));
    }
    std::ranges::sort(read, {}, &FormSet::from);
    return read;
  }();
  return all;
}

Result<FormSet> form_set_at(Time at) {
  const Result<std::vector<FormSet>>& all = form_sets();
  if (!all) return fail(all.error());
  if (const auto found = in_force(*all, at); found != all->end()) return *found;
  return fail(ErrorCode::not_found, "form: none is known that was in force at " + to_rfc3339(at));
}

std::vector<Filled> fill(const FormSet& set, const Form& form, const std::vector<Subject>& subjects,
                         const std::map<std::string, std::string>& bodies, const std::string& authority) {
  std::vector<Filled> all;
  for (const Subject& subject : subjects) {
    const Body body = body_of(subject, bodies);
    auto at = std::ranges::find_if(all, [&](const Filled& one) {
      return one.body == body.name && one.superior == body.superior && one.code == body.code;
    });
    if (at == all.end()) at = all.insert(all.end(), heading(set, form, body, authority));
    std::vector<std::string> row;
    for (const Column& column : form.columns) row.push_back(cell(set, column, subject, at->rows.size() + 1));
    at->rows.push_back(std::move(row));
  }
  for (Filled& one : all)
    for (std::vector<std::string>* part : {&one.before, &one.after})
      for (std::string& text : *part)
        text = replaced(replaced(text, "{count}", std::to_string(one.rows.size())), "{body}", one.body);
  return all;
}

}  // namespace antin::forms
