#include "ca/authority/adoption.h"

#include <algorithm>

#include "base/digest.h"
#include "base/encoding.h"
#include "ca/authority/adoption_audit.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/issuer_service.h"
#include "ca/log/log.h"

namespace antin::authority {
namespace {

using Act = store::RevocationEvent::Act;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* fact = "issuers.adopted";  // `NAME DIGEST NAME DIGEST …`

std::unexpected<Error> other_certificates(const std::string& issuer) {
  return fail(ErrorCode::invalid_argument, "adopt " + issuer + ": the certificates are not those of its holdings");
}

store::RevocationEvent event_of(const std::string& certificate, const Holding::Revocation& said) {
  const bool suspended = said.reason == x509::RevocationReason::certificate_hold;
  return {certificate, suspended ? Act::suspend : Act::revoke, said.reason, said.at, said.invalidity_date, {}};
}

void add_revocation(Fields& fields, const std::optional<Holding::Revocation>& said) {
  if (!said) return;
  fields.emplace_back("revoked_at", to_rfc3339(said->at));
  fields.emplace_back("reason", std::string(x509::to_string(said->reason)));
  if (said->invalidity_date) fields.emplace_back("invalidity_date", to_rfc3339(*said->invalidity_date));
}

store::Intent intent_of(const std::string& issuer, const AdoptedCertificate& one) {
  const x509::SerialNumber& serial = one.certificate.serial();
  return {.request_id = adopted_request_id(issuer, serial),
          .issuer = issuer,
          .serial = serial,
          .tbs = to_bytes(one.certificate.tbs()),
          .kind = one.kind,
          .profile = adopted_profile,
          .key_location = "subscriber",
          .key_uri = {},
          .subscriber = one.subscriber,
          .mail = one.mail};
}

// Everything that one transaction takes in.
class Intake {
 public:
  Intake(store::Transaction& transaction, const RegisteredIssuer& issuer, const Holdings& holdings, Time now)
      : transaction_(transaction), issuer_(issuer), holdings_(holdings), now_(now) {}

  Status add(const AdoptedCertificate& one) {
    const auto item = holdings_.items.find(one.certificate.serial());
    const std::string sha256 = to_hex(one.certificate.fingerprint());
    if (item == holdings_.items.end() || item->second.certificate != sha256) return other_certificates(issuer_.name);
    ANTIN_CHECK(check_adopted_certificate(issuer_, one.certificate));
    const store::Intent intent = intent_of(issuer_.name, one);
    const store::CertificateRecord record = record_of(intent, one.certificate);
    ANTIN_CHECK(transaction_.add_intents({intent}));
    ANTIN_CHECK(transaction_.add_certificate(record, intent.request_id));
    const std::optional<Holding::Revocation>& said = item->second.revocation;
    if (said) ANTIN_CHECK(transaction_.add_revocation(event_of(record.id, *said)));
    count(said);
    ++adopted_.certificates;
    Fields fields{{"issuer", issuer_.name}, {"serial", intent.serial.hex()}, {"certificate", record.id}};
    fields.emplace_back("sha256", sha256);
    add_revocation(fields, said);
    return log("certificate.adopt", fields);
  }

  // Serials whose certificates are lost.
  Status add_lost() {
    for (const auto& [serial, holding] : holdings_.items) {
      if (!holding.certificate.empty()) continue;
      if (!holding.revocation) return other_certificates(issuer_.name);
      ANTIN_CHECK(transaction_.add_listed_serial(
          {issuer_.name, serial, event_of({}, *holding.revocation), holding.not_after}));
      ++adopted_.lost;
      Fields fields{{"issuer", issuer_.name}, {"serial", serial.hex()}, {"not_after", to_rfc3339(holding.not_after)}};
      add_revocation(fields, holding.revocation);
      ANTIN_CHECK(log("serial.adopt", fields));
    }
    return {};
  }

  Result<Adopted> finish() {
    if (adopted_.certificates + adopted_.lost != holdings_.items.size()) return other_certificates(issuer_.name);
    Fields fields{{"issuer", issuer_.name},
                  {"proposal", issuer_.proposal_hash},
                  {"holdings", issuer_.holdings},
                  {"certificates", std::to_string(adopted_.certificates)},
                  {"crl_number", std::to_string(holdings_.last_crl_number)}};
    if (holdings_.next_serial) fields.emplace_back("next_serial", holdings_.next_serial->hex());
    ANTIN_CHECK(log("issuer.adopt", fields));
    // The number of the old system's last list is taken, so that the next one is greater.
    if (holdings_.last_crl_number == 0) return adopted_;
    ANTIN_TRY([[maybe_unused]] const auto number,
              transaction_.reserve_crl_number(issuer_.name, holdings_.last_crl_number - 1));
    return adopted_;
  }

 private:
  void count(const std::optional<Holding::Revocation>& said) {
    if (!said) return;
    ++(said->reason == x509::RevocationReason::certificate_hold ? adopted_.suspended : adopted_.revoked);
  }
  Status log(std::string_view type, const Fields& fields) {
    ANTIN_TRY([[maybe_unused]] const auto index, transaction_.append_log(log::entry(now_, type, fields)));
    return {};
  }

  store::Transaction& transaction_;
  const RegisteredIssuer& issuer_;
  const Holdings& holdings_;
  Time now_;
  Adopted adopted_;
};

Adopted counted(const Holdings& holdings) {
  Adopted counts;
  for (const auto& [serial, holding] : holdings.items) {
    ++(holding.certificate.empty() ? counts.lost : counts.certificates);
    if (holding.certificate.empty() || !holding.revocation) continue;
    ++(holding.revocation->reason == x509::RevocationReason::certificate_hold ? counts.suspended : counts.revoked);
  }
  counts.before = true;
  return counts;
}

Status note_taken(store::Store& store, store::Transaction& transaction, const RegisteredIssuer& issuer) {
  ANTIN_TRY(const auto noted, store.fact(fact));
  return transaction.set_fact(fact, (noted ? *noted + " " : "") + issuer.name + " " + issuer.holdings);
}

}  // namespace

std::string adopted_request_id(const std::string& issuer, const x509::SerialNumber& serial) {
  return "adopted/" + issuer + "/" + serial.hex();
}

Result<std::vector<TakenHoldings>> taken_holdings(store::Store& store) {
  ANTIN_TRY(const auto noted, store.fact(fact));
  std::vector<std::string> words;
  std::string_view rest = noted ? std::string_view(*noted) : std::string_view();
  while (!rest.empty()) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    words.emplace_back(rest.substr(0, space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  if (words.size() % 2 != 0) return fail(ErrorCode::data_loss, "store: the fact issuers.adopted is damaged");
  std::vector<TakenHoldings> taken;
  for (std::size_t i = 0; i < words.size(); i += 2) taken.push_back({words[i], words[i + 1]});
  return taken;
}

Result<Adopted> adopt(const Context& context, const std::string& issuer, const Holdings& holdings,
                      const std::vector<AdoptedCertificate>& certificates) {
  const Time now = context.clock.now();
  const std::string digest = holdings_digest(holdings);
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_TRY(IssuerRegister issuers, read_issuers(context.store, now));
  const RegisteredIssuer* registered = issuers.find(issuer);
  if (registered != nullptr && registered->took_holdings && registered->holdings == digest) return counted(holdings);
  ANTIN_CHECK(issuers.take_holdings(issuer, digest));
  if (to_hex(registered->certificate->fingerprint()) != holdings.authority) return other_certificates(issuer);
  Intake intake(*transaction, *registered, holdings, now);
  for (const AdoptedCertificate& one : certificates) ANTIN_CHECK(in(one.certificate.serial().hex(), intake.add(one)));
  ANTIN_CHECK(intake.add_lost());
  ANTIN_TRY(const Adopted adopted, intake.finish());
  ANTIN_CHECK(note_taken(context.store, *transaction, *registered));
  ANTIN_CHECK(transaction->commit());
  return adopted;
}

}  // namespace antin::authority
