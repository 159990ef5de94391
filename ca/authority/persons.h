// Persons: which certificates belong to one person, so that k of n officers are k people whatever they hold. Only for
// ca/authority. docs/formats/approval.md.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ca/x509/certificate.h"

namespace antin::authority {

// What tells whose a certificate is, one line each; two certificates that share one are one person's: the subject, the
// key, a number of the person's (UID or serialNumber; those of organisations, `MST:` and `MQHNS:`, aside), and the name
// together with a mail address. Names are compared folded.
std::vector<std::string> marks_of_person(const x509::Certificate& certificate);

// What it was told never shrinks: two that were one person stay one. Fed in the order of the acts.
class Persons {
 public:
  void add(const std::string& certificate_id, const x509::Certificate& certificate);
  // Whether both are one person's as far as is known. One that was not added is its own alone.
  bool same(const std::string& certificate_id, const std::string& other_id) const;
  // Adds the certificate to those of different persons, unless one of them is the same person's.
  void count(std::set<std::string>& certificate_ids, const std::string& certificate_id) const;

 private:
  std::map<std::string, std::size_t> person_of_mark_;
  std::map<std::string, std::size_t> person_of_;  // by certificate id
  std::size_t persons_ = 0;                       // ever begun; of two that turn out to be one the lower stays
};

}  // namespace antin::authority
