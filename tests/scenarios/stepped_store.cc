#include "tests/scenarios/stepped_store.h"

namespace antin::tests {
namespace {

class SteppedTransaction final : public store::Transaction {
 public:
  SteppedTransaction(std::unique_ptr<store::Transaction> inner, const Steps& steps)
      : inner_(std::move(inner)), steps_(steps) {}

  Status add_intents(const std::vector<store::Intent>& intents) override { return inner_->add_intents(intents); }
  Status add_certificate(const store::CertificateRecord& record, const std::string& request_id) override {
    return inner_->add_certificate(record, request_id);
  }
  Status add_revocation(const store::RevocationEvent& event) override { return inner_->add_revocation(event); }
  Status complete_row(const std::string& request_id, const std::string& certificate_id) override {
    return inner_->complete_row(request_id, certificate_id);
  }
  Status add_roster(const store::RosterRecord& roster, const std::vector<store::RosterRow>& rows) override {
    return inner_->add_roster(roster, rows);
  }
  Status add_approval(const store::Approval& approval) override { return inner_->add_approval(approval); }
  Status add_proposal(const store::ProposalRecord& proposal) override { return inner_->add_proposal(proposal); }
  Result<std::uint64_t> reserve_crl_number(const std::string& issuer, std::uint64_t at_least) override {
    return inner_->reserve_crl_number(issuer, at_least);
  }
  Status complete_crl(const store::CrlRecord& record) override { return inner_->complete_crl(record); }
  Status add_blocked_key(const store::BlockedKey& key) override { return inner_->add_blocked_key(key); }
  Status add_foreign(const store::ForeignCertificate& one) override { return inner_->add_foreign(one); }
  Status add_foreign_event(const store::ForeignEvent& event) override { return inner_->add_foreign_event(event); }
  Status add_outside_request(const store::OutsideRequest& one) override { return inner_->add_outside_request(one); }
  Status add_outside_event(const std::string& id, const store::OutsideRequest::Event& event) override {
    return inner_->add_outside_event(id, event);
  }
  Status add_incident(const store::IncidentRecord& incident,
                      const std::vector<store::IncidentCertificate>& certificates) override {
    return inner_->add_incident(incident, certificates);
  }
  Status add_incident_outcome(std::uint64_t incident, const std::string& id, const std::string& outcome,
                              Time at) override {
    return inner_->add_incident_outcome(incident, id, outcome, at);
  }
  Status add_listed_serial(const store::ListedSerial& serial) override { return inner_->add_listed_serial(serial); }
  Status add_personal_token(const store::PersonalToken& token) override { return inner_->add_personal_token(token); }
  Status add_personal_event(const std::string& id, const store::PersonalToken::Event& event) override {
    return inner_->add_personal_event(id, event);
  }
  Result<std::uint64_t> append_log(ByteView entry) override { return inner_->append_log(entry); }
  Status set_fact(const std::string& name, const std::string& value) override { return inner_->set_fact(name, value); }
  Status commit() override {
    steps_("commit");
    ANTIN_CHECK(inner_->commit());
    inner_.reset();
    steps_("committed");
    return {};
  }

 private:
  std::unique_ptr<store::Transaction> inner_;
  const Steps& steps_;
};

}  // namespace

Result<std::unique_ptr<store::Transaction>> SteppedStore::begin() {
  steps_("begin");
  ANTIN_TRY(auto inner, inner_->begin());
  return std::unique_ptr<store::Transaction>(std::make_unique<SteppedTransaction>(std::move(inner), steps_));
}

}  // namespace antin::tests
