#include "ca/authority/persons.h"

#include <algorithm>

#include "base/case_fold.h"
#include "base/digest.h"
#include "base/encoding.h"

namespace antin::authority {
namespace {

std::string folded(const std::string& text) { return fold_case(text).value_or(text); }

// A citizen's number is that person's tax code too since July 2025: 12 digits, where an organisation has 10, 13 or 14.
constexpr std::size_t citizen_digits = 12;

// A number of the person's, folded; empty for one that a whole organisation has.
std::string number_of_person(const std::string& value) {
  const std::string number = folded(value);
  if (number.starts_with("mqhns:")) return {};
  if (!number.starts_with("mst:")) return number;
  const std::string digits = number.substr(4);
  return digits.size() == citizen_digits ? "cccd:" + digits : std::string();
}

}  // namespace

std::vector<std::string> marks_of_person(const x509::Certificate& certificate) {
  const x509::Name& subject = certificate.subject();
  std::vector<std::string> marks{"subject " + subject.rfc4514(), "key " + to_hex(sha256(certificate.public_key_info()))};
  for (const char* type : {"UID", "serialNumber"})
    for (const std::string& value : subject.values(type))
      if (const std::string number = number_of_person(value); !number.empty()) marks.push_back("number " + number);
  std::vector<std::string> mails = certificate.mails();
  for (std::string& mail : subject.values("E")) mails.push_back(std::move(mail));
  for (const std::string& mail : mails) marks.push_back("name " + folded(subject.first("CN")) + "\n" + folded(mail));
  return marks;
}

void Persons::add(const std::string& certificate_id, const x509::Certificate& certificate) {
  std::size_t person = persons_++;
  std::set<std::size_t> one;  // all of them turn out to be this person
  if (const auto known = person_of_.find(certificate_id); known != person_of_.end()) one.insert(known->second);
  const std::vector<std::string> marks = marks_of_person(certificate);
  for (const std::string& mark : marks)
    if (const auto known = person_of_mark_.find(mark); known != person_of_mark_.end()) one.insert(known->second);
  if (!one.empty()) person = *one.begin();
  for (const std::string& mark : marks) person_of_mark_[mark] = person;
  person_of_[certificate_id] = person;
  for (auto* known : {&person_of_mark_, &person_of_})
    for (auto& [name, whose] : *known)
      if (one.contains(whose)) whose = person;
}

bool Persons::same(const std::string& certificate_id, const std::string& other_id) const {
  const auto one = person_of_.find(certificate_id), other = person_of_.find(other_id);
  if (one == person_of_.end() || other == person_of_.end()) return certificate_id == other_id;
  return one->second == other->second;
}

void Persons::count(std::set<std::string>& certificate_ids, const std::string& certificate_id) const {
  const auto is_same = [&](const std::string& other) { return same(other, certificate_id); };
  if (std::ranges::none_of(certificate_ids, is_same)) certificate_ids.insert(certificate_id);
}

}  // namespace antin::authority
