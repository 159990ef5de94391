// SteppedStore: a store that says when a transaction is about to begin, about to be committed and committed, so that a
// test can stop, exchange or kill whoever uses it at just these moments.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "ca/store/store.h"

namespace antin::tests {

// Told `begin`, `commit` and `committed`; may throw or not return.
using Steps = std::function<void(std::string_view step)>;

class SteppedStore final : public store::Store {
 public:
  SteppedStore(std::unique_ptr<store::Store> inner, Steps steps) : inner_(std::move(inner)), steps_(std::move(steps)) {}

  Result<std::unique_ptr<store::Transaction>> begin() override;

  Result<std::vector<store::CertificateRecord>> certificates(const store::CertificateQuery& query, Time now) override {
    return inner_->certificates(query, now);
  }
  Status for_each_certificate(const store::CertificateQuery& query, Time now,
                              const std::function<Status(store::CertificateRecord)>& visit) override {
    return inner_->for_each_certificate(query, now, visit);
  }
  Result<store::CertificateStatus> certificate_status(const std::string& id, Time now) override {
    return inner_->certificate_status(id, now);
  }
  Result<std::vector<std::string>> followed(const std::string& subscriber) override {
    return inner_->followed(subscriber);
  }
  Result<std::vector<store::IncidentRecord>> incidents() override { return inner_->incidents(); }
  Result<std::vector<store::IncidentCertificate>> incident_certificates(std::uint64_t incident,
                                                                        const std::string& after_id,
                                                                        std::uint64_t limit, bool open) override {
    return inner_->incident_certificates(incident, after_id, limit, open);
  }
  Result<std::vector<store::ListedSerial>> listed_serials() override { return inner_->listed_serials(); }
  Result<std::vector<store::PersonalToken>> personal_tokens() override { return inner_->personal_tokens(); }
  Result<store::CertificateRecord> certificate(const std::string& name, Time now) override {
    return inner_->certificate(name, now);
  }
  Result<std::optional<store::CertificateRecord>> certificate_by_serial(const std::string& issuer,
                                                                        const x509::SerialNumber& serial,
                                                                        Time now) override {
    return inner_->certificate_by_serial(issuer, serial, now);
  }
  Result<std::optional<store::CertificateRecord>> certificate_by_request(const std::string& id, Time now) override {
    return inner_->certificate_by_request(id, now);
  }
  Result<std::vector<store::CertificateRecord>> certificates_by_key(ByteView hash, Time now) override {
    return inner_->certificates_by_key(hash, now);
  }
  Result<std::optional<store::CertificateRecord>> successor(const std::string& id, Time now) override {
    return inner_->successor(id, now);
  }
  Result<std::vector<store::Intent>> open_intents() override { return inner_->open_intents(); }
  Result<std::vector<std::string>> known_requests(const std::string& prefix) override {
    return inner_->known_requests(prefix);
  }
  Status for_each_revoked(const std::string& issuer,
                          const std::function<Status(const x509::CrlEntry&, Time)>& visit) override {
    return inner_->for_each_revoked(issuer, visit);
  }
  Result<std::vector<store::RevocationEvent>> revocations(const std::string& id) override {
    return inner_->revocations(id);
  }
  Result<std::vector<store::RosterRecord>> rosters() override { return inner_->rosters(); }
  Result<store::RosterRecord> roster(ByteView hash) override { return inner_->roster(hash); }
  Status for_each_row(ByteView hash, std::uint64_t from,
                      const std::function<Status(const store::RosterRow&)>& visit) override {
    return inner_->for_each_row(hash, from, visit);
  }
  Result<std::vector<store::Approval>> approvals(ByteView hash) override { return inner_->approvals(hash); }
  Result<std::vector<store::ProposalRecord>> proposals() override { return inner_->proposals(); }
  Result<std::vector<store::Approval>> proposal_approvals() override { return inner_->proposal_approvals(); }
  Result<std::optional<store::CrlRecord>> last_crl(const std::string& issuer) override {
    return inner_->last_crl(issuer);
  }
  Result<std::optional<store::BlockedKey>> blocked_key(ByteView hash) override { return inner_->blocked_key(hash); }
  Result<std::vector<store::BlockedKey>> blocked_keys() override { return inner_->blocked_keys(); }
  Result<std::vector<store::ForeignCertificate>> foreign_certificates() override {
    return inner_->foreign_certificates();
  }
  Result<store::ForeignCertificate> foreign_certificate(const std::string& name) override {
    return inner_->foreign_certificate(name);
  }
  Result<std::vector<store::OutsideRequest>> outside_requests() override { return inner_->outside_requests(); }
  Result<std::uint64_t> log_size() override { return inner_->log_size(); }
  Status for_each_log_entry(std::uint64_t from, const std::function<Status(const store::LogEntry&)>& visit) override {
    return inner_->for_each_log_entry(from, visit);
  }
  Result<std::optional<std::string>> fact(const std::string& name) override { return inner_->fact(name); }

 private:
  std::unique_ptr<store::Store> inner_;
  Steps steps_;
};

}  // namespace antin::tests
