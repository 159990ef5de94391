// What a form is filled from: rows of a roster, subscribers of the store, certificates of ours or of another authority.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ca/authority/authority.h"
#include "ca/forms/form.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// Who is not on the form: a message id and its arguments say why.
struct LeftOut {
  std::string what;  // id of the certificate, `row N` of the roster, or code of the subscriber
  std::string name;
  std::string rule;
  std::vector<std::string> arguments;
};

struct FormSubjects {
  std::vector<forms::Subject> subjects;
  std::vector<LeftOut> left_out;
  std::map<std::string, std::string> bodies;  // names of managing bodies, by code
};

// Names of all bodies that a submitted roster has.
Result<std::map<std::string, std::string>> known_bodies(store::Store& store);

// The rows that do what the form asks for; a row that brings no fields takes them from the certificate that it names.
Result<FormSubjects> from_roster(Session& session, OpenHome& home, const forms::Form& form,
                                 const authority::Roster& roster);
// By their codes, in that order. not_found for one that no submitted roster has.
Result<FormSubjects> from_subscribers(OpenHome& home, const forms::Form& form, const std::vector<std::string>& codes);

// Certificates: by ids, or those that end by a time. Ours and others' never stand on one form.
struct CertificateChoice {
  std::vector<std::string> ids;
  std::optional<Time> ending_by;
  bool foreign = false;
};
// Others' have their issuer's organisation in `authorities`, beside each subject; ours an empty one.
struct CertificateSubjects {
  FormSubjects all;
  std::vector<std::string> authorities;
};
// A form for renewal takes those that the rule in force lets renew, a form for revocation those that are in force.
Result<CertificateSubjects> from_certificates(Session& session, OpenHome& home, const forms::Form& form,
                                              const CertificateChoice& choice);

}  // namespace antin::commands
