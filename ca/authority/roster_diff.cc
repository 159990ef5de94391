#include "ca/authority/roster_diff.h"

#include <algorithm>
#include <set>

#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"

namespace antin::authority {
namespace {

using policy::Act;
using Rows = std::map<std::string, const Roster::Row*>;  // by subscriber code

// Certificates in force or suspended, by subscriber code, each with whether another one follows it.
struct Certificates {
  struct One {
    std::string id;
    Time not_after;
    bool in_force = true, followed = false;
  };
  std::map<std::string, std::vector<One>> by_code;
  std::set<std::string> predecessors;

  void add(const store::CertificateRecord& record) {
    if (record.succession) predecessors.insert(record.succession->predecessor);
    const bool valid = record.status == store::CertificateStatus::valid;
    if (!record.subscriber.empty() && (valid || record.status == store::CertificateStatus::suspended))
      by_code[record.subscriber].push_back({record.id, record.not_after, valid, false});
  }
  static Result<Certificates> read(const Context& context) {
    Certificates all;
    ANTIN_CHECK(context.store.for_each_certificate({}, context.clock.now(),
                                                   [&](const store::CertificateRecord& record) -> Status {
                                                     all.add(record);
                                                     return {};
                                                   }));
    for (auto& [code, ones] : all.by_code)
      for (One& one : ones) one.followed = all.predecessors.contains(one.id);
    return all;
  }
  // The ids that `wanted` is true of, in order.
  template <class Wanted>
  std::vector<std::string> ids(const std::string& code, Wanted wanted) const {
    std::vector<std::string> found;
    if (const auto ones = by_code.find(code); ones != by_code.end())
      for (const One& one : ones->second)
        if (wanted(one)) found.push_back(one.id);
    return found;
  }
};

std::string listed(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + id;
  return text;
}

class Comparison {
 public:
  Comparison(const Certificates& certificates, const DifferenceOptions& options, Time now)
      : certificates_(certificates), options_(options), now_(now) {}

  RosterDifference compare(const Roster& before, const Roster& after) {
    made_.acts.format = 2;
    made_.acts.name = before.name + " → " + after.name;
    const Rows old_rows = by_code(before), new_rows = by_code(after);
    for (const Roster::Row& row : after.rows) {
      const auto earlier = old_rows.find(row.code);
      if (earlier == old_rows.end())
        joined(row);
      else
        stayed(*earlier->second, row);
    }
    for (const Roster::Row& row : before.rows)
      if (!new_rows.contains(row.code)) left(row);
    return std::move(made_);
  }

 private:
  void refuse(const Roster::Row& row, std::string field, std::string rule, std::vector<std::string> arguments) {
    made_.refusals.push_back({row.row, std::move(field), std::move(rule), std::move(arguments), true});
  }

  // A full list: every row issues, every code stands once.
  Rows by_code(const Roster& roster) {
    Rows rows;
    for (const Roster::Row& row : roster.rows) {
      if (row.act != Act::issue)
        refuse(row, "act", "diff.no_list", {std::string(policy::to_string(row.act)), roster.name});
      if (!rows.emplace(row.code, &row).second) refuse(row, "code", "diff.code_twice", {row.code, roster.name});
    }
    return rows;
  }

  void add(Roster::Row row, Act act) {
    row.act = act;
    row.row = made_.acts.rows.size() + 1;
    if (row.requested_by.empty()) row.requested_by = options_.requested_by;
    if (act != Act::issue && act != Act::rekey) {
      row.key = "same";
      row.key_spec = {};
      row.request.clear();
    }
    made_.acts.rows.push_back(std::move(row));
  }

  void joined(const Roster::Row& row) {
    const auto held = certificates_.ids(row.code, [](const auto&) { return true; });
    if (!held.empty()) return refuse(row, "code", "diff.has_certificate", {row.code, listed(held)});
    add(row, Act::issue);
  }

  void left(const Roster::Row& row) {
    const auto held = certificates_.ids(row.code, [](const auto&) { return true; });
    if (held.empty()) ++made_.without_certificate;
    for (const std::string& id : held) {
      Roster::Row end = row;
      end.fields.clear();
      end.replaces = id;
      end.reason = row.kind == "personal" ? x509::RevocationReason::affiliation_changed
                                          : x509::RevocationReason::cessation_of_operation;
      add(std::move(end), Act::revoke);
    }
  }

  void stayed(const Roster::Row& earlier, Roster::Row row) {
    const auto same_key = keeps_key(earlier, row);
    if (!same_key) return refuse(row, "csr", "roster.csr_malformed", {same_key.error().message});
    const bool same_content =
        sorted(earlier.fields) == sorted(row.fields) && earlier.bloc == row.bloc && earlier.profile == row.profile;
    if (earlier.kind != row.kind) return refuse(row, "kind", "diff.kind", {earlier.kind, row.kind});
    if (*same_key && same_content) return unchanged(std::move(row));
    const auto held = certificates_.ids(row.code, [](const auto& one) { return one.in_force && !one.followed; });
    if (held.empty()) return refuse(row, "code", "diff.no_certificate", {row.code});
    if (held.size() > 1) return refuse(row, "code", "diff.several", {row.code, listed(held)});
    row.replaces = held.front();
    if (!same_content) row.reason = reason_of_change(earlier, row);
    add(std::move(row), *same_key ? Act::change : Act::rekey);
  }

  // Each certificate that ends soon and is not followed yet.
  void unchanged(Roster::Row row) {
    const auto soon = certificates_.ids(row.code, [&](const auto& one) {
      return options_.renew_within && one.in_force && !one.followed && one.not_after <= now_ + *options_.renew_within;
    });
    if (soon.empty()) ++made_.unchanged;
    if (soon.size() > 1) return refuse(row, "code", "diff.several", {row.code, listed(soon)});
    row.fields.clear();
    for (const std::string& id : soon) {
      row.replaces = id;
      add(row, Act::renew);
    }
  }

  static std::vector<std::pair<std::string, std::string>> sorted(
      std::vector<std::pair<std::string, std::string>> fields) {
    std::ranges::sort(fields);
    return fields;
  }

  // By the public key: a request for the same key may be signed anew.
  static Result<bool> keeps_key(const Roster::Row& earlier, const Roster::Row& row) {
    if (earlier.key != row.key) return false;
    if (row.key == "token")
      return earlier.key_spec.algorithm == row.key_spec.algorithm && earlier.key_spec.rsa_bits == row.key_spec.rsa_bits;
    if (equal(earlier.request, row.request)) return true;
    ANTIN_TRY(const Bytes old_key, public_key_of(earlier.request));
    ANTIN_TRY(const Bytes new_key, public_key_of(row.request));
    return equal(old_key, new_key);
  }

  // A person of another body or unit; everything else is a better certificate of the same subscriber.
  static x509::RevocationReason reason_of_change(const Roster::Row& earlier, const Roster::Row& row) {
    const bool moved = earlier.bloc != row.bloc || field_of(earlier, "o") != field_of(row, "o") ||
                       field_of(earlier, "ou") != field_of(row, "ou");
    return row.kind == "personal" && moved ? x509::RevocationReason::affiliation_changed
                                           : x509::RevocationReason::superseded;
  }

  const Certificates& certificates_;
  const DifferenceOptions& options_;
  Time now_;
  RosterDifference made_;
};

}  // namespace

Result<RosterDifference> roster_difference(const Context& context, const Roster& before, const Roster& after,
                                           const DifferenceOptions& options) {
  ANTIN_TRY(const Certificates certificates, Certificates::read(context));
  return Comparison(certificates, options, context.clock.now()).compare(before, after);
}

}  // namespace antin::authority
