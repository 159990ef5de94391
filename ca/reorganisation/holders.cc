#include "ca/reorganisation/holders.h"

#include <algorithm>
#include <set>

#include "ca/authority/profile_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"

namespace antin::reorganisation {
namespace {

constexpr std::size_t page = 1000;  // certificates held at once

Result<Held> held_of(const store::CertificateRecord& record) {
  ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(record.der));
  const x509::Name& subject = certificate.subject();
  return Held{.id = record.id,
              .code = record.subscriber,
              .kind = record.kind,
              .bloc = record.issuer,
              .profile = record.profile,
              .cn = subject.first("CN"),
              .o = subject.first("O"),
              .ou = subject.first("OU"),
              .l = subject.first("L"),
              .subject = record.subject,
              .mail = record.mail,
              .not_after = record.not_after,
              .suspended = record.status == store::CertificateStatus::suspended};
}

bool is_subscribers(const store::CertificateRecord& record) {
  return record.kind == "organisation" || record.kind == "personal" || record.kind == "device";
}

}  // namespace

Result<Holders> Holders::read(const authority::Context& context) {
  Holders holders;
  const Time now = context.clock.now();
  std::set<std::string> predecessors;
  store::CertificateQuery query;
  query.limit = page;
  while (true) {
    ANTIN_TRY(const auto records, context.store.certificates(query, now));
    for (const store::CertificateRecord& record : records) {
      if (record.succession) predecessors.insert(record.succession->predecessor);
      const bool in_force = record.status == store::CertificateStatus::valid ||
                            record.status == store::CertificateStatus::suspended;
      if (!is_subscribers(record) || !in_force) continue;
      ANTIN_TRY(Held held, held_of(record));
      holders.by_code_[held.code].push_back(holders.all_.size());
      holders.all_.push_back(std::move(held));
    }
    if (records.size() < page) break;
    query.after_id = records.back().id;
  }
  for (Held& held : holders.all_) held.followed = predecessors.contains(held.id);
  ANTIN_TRY(const issuance::ProfileSet profiles, authority::profiles_in_force(context.store, now));
  ANTIN_TRY(const auto rosters, context.store.rosters());
  for (const store::RosterRecord& roster : rosters) {
    ANTIN_CHECK(context.store.for_each_row(roster.hash, 1, [&](const store::RosterRow& stored) -> Status {
      ANTIN_TRY(const auto row, authority::row_from_canonical(roster.format, stored.content));
      std::vector<Said>& said = holders.said_[row.code];
      const auto profile = profiles.find(row.profile);
      if (row.fields.empty() || !profile) return {};
      const auto subject = profile->subject(row.fields);
      if (subject) said.push_back({row.fields, subject->rfc4514(), authority::field_of(row, "mail")});
      return {};
    }));
  }
  return holders;
}

std::vector<const Held*> Holders::of(const std::string& code) const {
  std::vector<const Held*> found;
  if (const auto known = by_code_.find(code); known != by_code_.end())
    for (const std::size_t i : known->second) found.push_back(&all_[i]);
  std::ranges::stable_sort(found, std::ranges::greater(), [](const Held* held) { return held->not_after; });
  return found;
}

bool Holders::knows(const std::string& code) const { return said_.contains(code) || by_code_.contains(code); }

std::optional<Fields> Holders::fields(const Held& held) const {
  const auto known = said_.find(held.code);
  if (known == said_.end()) return std::nullopt;
  for (auto said = known->second.rbegin(); said != known->second.rend(); ++said)
    if (said->subject == held.subject && said->mail == held.mail) return said->fields;
  return std::nullopt;
}

}  // namespace antin::reorganisation
