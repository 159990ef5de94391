#include "ca/x509/name_constraints.h"

#include <algorithm>
#include <string_view>

#include "ca/x509/der.h"

namespace antin::x509 {
namespace {

constexpr std::size_t longest_host = 253, longest_label = 63, longest_mail = 255;

std::unexpected<Error> refuse(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "name constraints: " + why);
}

bool is_label(std::string_view label) {
  const auto inside = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label, inside);
}

bool is_host(std::string_view text) {
  if (text.size() > longest_host) return false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('.', begin), text.size());
    if (!is_label(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

bool is_mail_constraint(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos) return is_host(text.starts_with('.') ? text.substr(1) : text);
  const std::string_view local = text.substr(0, at);
  return !local.empty() && text.size() <= longest_mail &&
         std::ranges::all_of(local, [](char c) { return c > 0x20 && c < 0x7f; }) && is_host(text.substr(at + 1));
}

template <class Values>
bool has_twice(const Values& values) {
  for (auto one = values.begin(); one != values.end(); ++one)
    if (std::find(std::next(one), values.end(), *one) != values.end()) return true;
  return false;
}

Status check(const NameSubtrees& subtrees) {
  for (const Name& name : subtrees.directories)
    if (name.empty()) return refuse("an empty directory name would be every name");
  for (const std::string& mail : subtrees.mails)
    if (!is_mail_constraint(mail))
      return refuse(mail + " is neither a mailbox, a host nor a domain with a dot in front");
  for (const std::string& host : subtrees.hosts)
    if (!is_host(host)) return refuse(host + " is no host name in lower case");
  if (has_twice(subtrees.directories) || has_twice(subtrees.mails) || has_twice(subtrees.hosts))
    return refuse("a subtree is there twice");
  return {};
}

// GeneralSubtree with its defaults: minimum 0, no maximum.
Bytes subtree(std::uint8_t tag, ByteView content) { return der::sequence({der::tlv(tag, content)}); }

Bytes subtrees_content(const NameSubtrees& subtrees) {
  Bytes all;
  const auto add = [&](const Bytes& one) { all.insert(all.end(), one.begin(), one.end()); };
  for (const Name& name : subtrees.directories) add(subtree(der::context_constructed(4), name.der()));
  for (const std::string& mail : subtrees.mails) add(subtree(der::context(1), bytes_of(mail)));
  for (const std::string& host : subtrees.hosts) add(subtree(der::context(2), bytes_of(host)));
  return all;
}

}  // namespace

Status check_name_constraints(const NameConstraints& constraints) {
  ANTIN_CHECK(check(constraints.permitted));
  return check(constraints.excluded);
}

Bytes name_constraints_value(const NameConstraints& constraints) {
  const auto part = [](unsigned number, const NameSubtrees& subtrees) {
    return subtrees.empty() ? Bytes() : der::tlv(der::context_constructed(number), subtrees_content(subtrees));
  };
  return der::sequence({part(0, constraints.permitted), part(1, constraints.excluded)});
}

}  // namespace antin::x509
