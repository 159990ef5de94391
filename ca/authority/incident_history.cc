#include "ca/authority/incident_history.h"

#include <algorithm>
#include <cstdlib>

#include "base/encoding.h"
#include "ca/authority/incident_steps.h"
#include "ca/authority/logged_act.h"
#include "ca/x509/certificate.h"

namespace antin::authority {
namespace {

std::uint64_t number_of(const std::string& digits) { return std::strtoull(digits.c_str(), nullptr, 10); }

// `government-4A6F…` is of `government`.
std::string issuer_of(const std::string& certificate_id) { return certificate_id.substr(0, certificate_id.rfind('-')); }

class Reader {
 public:
  Reader(store::Store& store, std::string hash) : store_(store), hash_(std::move(hash)) {}

  Status add(const store::LogEntry& logged) {
    ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
    const std::string type = entry.type();
    if (type == "crl.intent") reserved_[entry.text("issuer")] = {number_of(entry.text("number")), logged.index};
    if (type == "crl") return add_list(entry);
    if (entry.text("incident") != hash_) return {};
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    if (type == "incident.approve") return add_approval(entry.text("officer"), at);
    if (type == "incident.omit") history_.last_outcome = at;
    if (type == "certificate.revoke" || type == "certificate.suspend" || type == "certificate.resume")
      add_act(entry, at, logged.index);
    return {};
  }
  IncidentHistory take() { return std::move(history_); }

 private:
  struct Reserved {
    std::uint64_t number = 0, index = 0;
  };

  Status add_approval(const std::string& officer, Time at) {
    ANTIN_TRY(const store::CertificateRecord record, store_.certificate(officer, at));
    history_.approvals.push_back({officer, record.subject, at});
    return {};
  }

  void add_act(const LoggedAct& entry, Time at, std::uint64_t index) {
    const std::string issuer = issuer_of(entry.text("certificate"));
    IncidentHistory::OfIssuer& of = history_.issuers[issuer];
    if (of.acts++ == 0) of.first = at;
    of.last = at;
    of.list.reset();
    last_act_[issuer] = index;
    history_.last_outcome = at;
  }

  Status add_list(const LoggedAct& entry) {
    const std::string name = entry.text("issuer");
    const auto of = history_.issuers.find(name);
    if (of == history_.issuers.end() || of->second.list) return {};
    const Reserved& reserved = reserved_[name];
    const std::uint64_t number = number_of(entry.text("number"));
    if (reserved.number != number || reserved.index < last_act_[name]) return {};
    ANTIN_TRY(const Time at, parse_rfc3339(entry.text("at")));
    of->second.list = IncidentHistory::List{number, number_of(entry.text("entries")), at, entry.text("sha256")};
    return {};
  }

  store::Store& store_;
  std::string hash_;
  IncidentHistory history_;
  std::map<std::string, Reserved> reserved_;       // by issuer: the last number that was reserved, and where
  std::map<std::string, std::uint64_t> last_act_;  // by issuer: index in the log
};

}  // namespace

std::vector<std::string> IncidentHistory::lists_due() const {
  std::vector<std::string> due;
  for (const auto& [name, of] : issuers)
    if (!of.list) due.push_back(name);
  return due;
}

Result<IncidentHistory> incident_history(store::Store& store, const store::IncidentRecord& incident) {
  Reader reader(store, to_hex(incident.hash));
  ANTIN_CHECK(
      store.for_each_log_entry(incident.log_index, [&](const store::LogEntry& entry) { return reader.add(entry); }));
  return reader.take();
}

Status for_each_entry(store::Store& store, const Incident& incident, Time now,
                      const std::function<Status(const IncidentEntry&)>& visit) {
  return for_each_certificate(store, incident.number, false, [&](const store::IncidentCertificate& one) -> Status {
    ANTIN_TRY(const store::CertificateRecord record, store.certificate(one.id, now));
    ANTIN_TRY(const x509::Certificate certificate, in(record.id, x509::Certificate::from_der(record.der)));
    return visit(
        {{record.id, record.subject, record.kind, record.profile, record.subscriber, record.status, one.obstacle},
         record.issuer,
         key_class(certificate.public_key_info()),
         one.outcome,
         one.at});
  });
}

std::string_view to_string(IncidentStage stage) noexcept {
  switch (stage) {
    case IncidentStage::waiting:
      return "waiting";
    case IncidentStage::approved:
      return "approved";
    case IncidentStage::running:
      return "running";
    case IncidentStage::unlisted:
      return "unlisted";
    case IncidentStage::done:
      return "done";
    case IncidentStage::superseded:
      break;
  }
  return "superseded";
}

IncidentStage stage_of(const IncidentState& state, const IncidentHistory& history, unsigned required_approvals) {
  if (!state.superseded_by.empty()) return IncidentStage::superseded;
  if (state.left() == 0) return history.lists_due().empty() ? IncidentStage::done : IncidentStage::unlisted;
  if (state.approvals < required_approvals) return IncidentStage::waiting;
  return state.left() == state.record.certificates ? IncidentStage::approved : IncidentStage::running;
}

std::optional<Time> ended_at(const IncidentState& state, const IncidentHistory& history) {
  if (state.left() != 0 || !history.last_outcome || !history.lists_due().empty()) return std::nullopt;
  Time last = *history.last_outcome;
  for (const auto& [name, of] : history.issuers) last = std::max(last, of.list->this_update);
  return last;
}

}  // namespace antin::authority
