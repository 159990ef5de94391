// SqliteStore and SqliteTransaction: the Store over one SQLite connection. Private to this folder.
#pragma once

#include "ca/store/shipping.h"
#include "ca/store/sqlite.h"
#include "ca/store/store.h"

namespace antin::store {

// `<issuer>-<SERIAL>`.
std::string certificate_id(const std::string& issuer, const x509::SerialNumber& serial);
// 20 octets, so that octet order is numeric order; and back.
Bytes padded(const x509::SerialNumber& serial);
Result<x509::SerialNumber> serial_of(ByteView padded);
// From the four columns act, predecessor, reason, invalidity_date that begin at `first`; none when they are null.
std::optional<Succession> succession_at(const Statement& row, int first);

// What open_intents() asks: `open_intent` leads, so that it costs the same however many are completed.
inline constexpr std::string_view open_intents_statement =
    "SELECT request_id, issuer, serial, tbs, kind, profile, key_location, key_uri, subscriber, mail, s.act, "
    "s.predecessor, s.reason, s.invalidity_date FROM open_intent o CROSS JOIN intent i USING (seq) LEFT JOIN succession "
    "s USING (seq) WHERE NOT EXISTS (SELECT 1 FROM certificate c WHERE c.seq = o.seq) ORDER BY o.seq";

// The store's database, of this version, to be written.
Result<std::unique_ptr<Database>> open_for_writing(const Path& file);

// ChangeRecorder: notes what one transaction changes and ships it.
class ChangeRecorder {
 public:
  ChangeRecorder(Database& database, ChangeSink& sink, RandomSource& random);
  ~ChangeRecorder();
  Status begin();  // right after the transaction began
  Status ship();   // right before it is committed

 private:
  struct State;
  Result<Bytes> changeset();
  Database& database_;
  ChangeSink& sink_;
  RandomSource& random_;
  std::unique_ptr<State> state_;
};

class SqliteTransaction final : public Transaction {
 public:
  explicit SqliteTransaction(Database& database, std::unique_ptr<ChangeRecorder> recorder = nullptr)
      : database_(database), recorder_(std::move(recorder)) {}
  ~SqliteTransaction() override;
  Status add_intents(const std::vector<Intent>& intents) override;
  Status add_certificate(const CertificateRecord& record, const std::string& request_id) override;
  Status add_revocation(const RevocationEvent& event) override;
  Status add_listed_serial(const ListedSerial& serial) override;
  Status complete_row(const std::string& request_id, const std::string& certificate_id) override;
  Status add_roster(const RosterRecord& roster, const std::vector<RosterRow>& rows) override;
  Status add_approval(const Approval& approval) override;
  Status add_proposal(const ProposalRecord& proposal) override;
  Status add_incident(const IncidentRecord& incident, const std::vector<IncidentCertificate>& certificates) override;
  Status add_incident_outcome(std::uint64_t incident, const std::string& certificate_id, const std::string& outcome,
                              Time at) override;
  Result<std::uint64_t> reserve_crl_number(const std::string& issuer, std::uint64_t at_least) override;
  Status complete_crl(const CrlRecord& record) override;
  Status add_blocked_key(const BlockedKey& key) override;
  Status add_foreign(const ForeignCertificate& certificate) override;
  Status add_foreign_event(const ForeignEvent& event) override;
  Status add_outside_request(const OutsideRequest& request) override;
  Status add_outside_event(const std::string& request_id, const OutsideRequest::Event& event) override;
  Status add_personal_token(const PersonalToken& token) override;
  Status add_personal_event(const std::string& token_id, const PersonalToken::Event& event) override;
  Result<std::uint64_t> append_log(ByteView entry) override;
  Status set_fact(const std::string& name, const std::string& value) override;
  Status commit() override;

 private:
  Status add_succession(const Intent& intent);
  Database& database_;
  std::unique_ptr<ChangeRecorder> recorder_;  // none: the changes go nowhere else
  std::optional<std::uint64_t> next_log_index_;
  bool open_ = true;
};

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::unique_ptr<Database> database, std::shared_ptr<ChangeSink> sink = nullptr,
                       RandomSource* random = nullptr)
      : database_(std::move(database)), sink_(std::move(sink)), random_(random) {}
  Result<std::unique_ptr<Transaction>> begin() override;
  Result<std::vector<CertificateRecord>> certificates(const CertificateQuery& query, Time now) override;
  Status for_each_certificate(const CertificateQuery& query, Time now,
                              const std::function<Status(CertificateRecord)>& visit) override;
  Result<CertificateRecord> certificate(const std::string& name, Time now) override;
  Result<CertificateStatus> certificate_status(const std::string& id, Time now) override;
  Result<std::optional<CertificateRecord>> certificate_by_request(const std::string& request_id, Time now) override;
  Result<std::optional<CertificateRecord>> certificate_by_serial(const std::string& issuer,
                                                                 const x509::SerialNumber& serial, Time now) override;
  Result<std::vector<CertificateRecord>> certificates_by_key(ByteView key_hash, Time now) override;
  Result<std::optional<CertificateRecord>> successor(const std::string& certificate_id, Time now) override;
  Result<std::vector<Intent>> open_intents() override;
  Result<std::vector<std::string>> known_requests(const std::string& prefix) override;
  Status for_each_revoked(const std::string& issuer,
                          const std::function<Status(const x509::CrlEntry&, Time)>& visit) override;
  Result<std::vector<RevocationEvent>> revocations(const std::string& certificate_id) override;
  Result<std::vector<std::string>> followed(const std::string& subscriber) override;
  Result<std::vector<ListedSerial>> listed_serials() override;
  Result<std::vector<RosterRecord>> rosters() override;
  Result<RosterRecord> roster(ByteView hash) override;
  Status for_each_row(ByteView roster_hash, std::uint64_t from_row,
                      const std::function<Status(const RosterRow&)>& visit) override;
  Result<std::vector<Approval>> approvals(ByteView subject_hash) override;
  Result<std::vector<ProposalRecord>> proposals() override;
  Result<std::vector<Approval>> proposal_approvals() override;
  Result<std::vector<IncidentRecord>> incidents() override;
  Result<std::vector<IncidentCertificate>> incident_certificates(std::uint64_t incident, const std::string& after_id,
                                                                 std::uint64_t limit, bool open) override;
  Result<std::optional<CrlRecord>> last_crl(const std::string& issuer) override;
  Result<std::optional<BlockedKey>> blocked_key(ByteView key_hash) override;
  Result<std::vector<BlockedKey>> blocked_keys() override;
  Result<std::vector<ForeignCertificate>> foreign_certificates() override;
  Result<ForeignCertificate> foreign_certificate(const std::string& id_or_serial) override;
  Result<std::vector<OutsideRequest>> outside_requests() override;
  Result<std::vector<PersonalToken>> personal_tokens() override;
  Result<std::uint64_t> log_size() override;
  Status for_each_log_entry(std::uint64_t from, const std::function<Status(const LogEntry&)>& visit) override;
  Result<std::optional<std::string>> fact(const std::string& name) override;

 private:
  std::unique_ptr<Database> database_;
  std::shared_ptr<ChangeSink> sink_;
  RandomSource* random_;
};

}  // namespace antin::store
