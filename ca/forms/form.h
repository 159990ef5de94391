// Forms: what a managing body signs to ask for certificates or for their revocation: Mẫu 01–03, renewal and
// revocation, read from schemas/forms/*.json, one file a decree. docs/formats/forms.md.
//
// Pure: the words and fields are data, whoever fills a form brings the subjects, and what comes out is text in its
// places; how it looks on paper is for others. Safe for all threads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "ca/policy/policy.h"

namespace antin::forms {

// One certificate that is asked for, or about which something is asked.
struct Subject {
  std::string code, kind;  // as in a roster
  std::string cn, o, ou, l, mail, dns;
  std::string requested_by;  // code of the managing body, or empty
  std::string serial;        // of the certificate that there is
  std::optional<Time> not_before, not_after;
  std::string reason;  // of a revocation, RFC 5280 §5.3.1
};

struct Column {
  std::string heading;
  std::string value;  // which member of a Subject; `row`: its number; empty: to be written by hand
  double share = 1;
  bool centred = false;
};

struct Form {
  std::string name;    // `mau-01`
  std::string number;  // as it stands in the corner: `Mẫu số 01`; empty when the decree's number is not known
  std::string kind;    // of subjects; empty: any
  policy::Act act = policy::Act::issue;
  std::vector<std::string> title;
  std::vector<std::string> before, after;  // paragraphs around the table; {body} and {count} are filled in
  std::vector<Column> columns;
};

// What all forms of one decree share.
struct FormSet {
  // invalid_argument says what is wrong.
  static Result<FormSet> from_json(std::string_view json);
  // not_found names those that there are.
  Result<Form> form(const std::string& name) const;

  std::string name, title;
  Time from;
  std::optional<Time> until;  // the first moment when it is no longer in force
  std::vector<Form> forms;
  std::vector<std::string> unverified;  // JSON pointers of what was not read in the law itself
  std::string nation, motto;            // heading of a State body's letter
  std::string party;                    // heading of a Party body's letter, whose names begin with:
  std::vector<std::string> party_names;
  std::string number_line, date_line, addressee_line, unknown_addressee;  // {authority}, {year}
  std::vector<std::string> recipients, signer;  // at the end, left and right; the last one of `signer` is the name
  std::map<std::string, std::string> reasons;   // why a certificate is revoked, in words
};

// All that are built into the program, oldest first.
const Result<std::vector<FormSet>>& form_sets();
// The forms in force at that moment; not_found before the first.
Result<FormSet> form_set_at(Time at);

// A form of one managing body, filled.
struct Filled {
  std::string body, superior;  // who asks, and above whose name it stands; superior may be empty
  std::string code;            // of who asks, when the subjects name it: bodies may have one name
  bool party = false;          // the heading of Party bodies
  std::string number;
  std::vector<std::string> title, before, after;
  std::string addressee;  // the whole line
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

// One for each managing body, be there two of one name, in the order in which they first appear; each has its subjects
// in their order. The body is the one whose code the subject names, else its unit, else its organisation. `bodies` are
// names by code, and `authority` is whom it is for: empty when that is left to be written by hand.
std::vector<Filled> fill(const FormSet& set, const Form& form, const std::vector<Subject>& subjects,
                         const std::map<std::string, std::string>& bodies, const std::string& authority);

}  // namespace antin::forms
