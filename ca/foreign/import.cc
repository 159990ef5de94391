#include "ca/foreign/import.h"

#include <algorithm>
#include <map>

#include "base/encoding.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/key_block.h"
#include "ca/authority/row_tbs.h"
#include "ca/foreign/key_and_signature.h"
#include "ca/foreign/requests.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"

namespace antin::foreign {
namespace {

using Act = store::RevocationEvent::Act;

bool is_authority(const x509::Certificate& certificate) {
  const auto usage = certificate.key_usage();
  return certificate.is_ca() || (usage && usage->key_cert_sign);
}

// Our own CAs: what was issued under the name of one is not another authority's, whoever says so.
Result<std::vector<x509::Certificate>> own_authorities(store::Store& store, Time now) {
  std::vector<x509::Certificate> own;
  for (const char* kind : {"root", "issuing"}) {
    store::CertificateQuery query;
    query.kind = kind;
    ANTIN_TRY(const auto records, store.certificates(query, now));
    for (const store::CertificateRecord& record : records) {
      ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
      own.push_back(std::move(certificate));
    }
  }
  ANTIN_TRY(const authority::IssuerRegister issuers, authority::read_issuers(store, now));
  for (const authority::RegisteredIssuer& issuer : issuers.all())
    if (issuer.took_holdings) own.push_back(*issuer.certificate);
  return own;
}

bool bears_name(const x509::Certificate& certificate, const std::vector<x509::Certificate>& issuers) {
  return std::ranges::any_of(
      issuers, [&](const x509::Certificate& issuer) { return issuer.subject().matches(certificate.issuer()); });
}

Result<bool> is_in_our_store(store::Store& store, const x509::Certificate& certificate, Time now) {
  ANTIN_TRY(const auto records, store.certificates_by_key(issuance::key_hash(certificate.public_key_info()), now));
  return std::ranges::any_of(records, [&](const auto& record) { return equal(record.der, certificate.der()); });
}

std::string mail_of(const x509::Certificate& certificate) {
  const std::vector<std::string> mails = certificate.mails();
  return mails.empty() ? certificate.subject().first("E") : mails.front();
}

// One import while it is decided: reads the store, writes nothing.
class Decision {
 public:
  Decision(const authority::Context& context, const Province& province, Time now)
      : context_(context), province_(province), now_(now) {}

  Result<Outcome> decide(const Folder& folder, const std::vector<GivenList>& lists) {
    ANTIN_TRY(tracked_, context_.store.foreign_certificates());
    for (const store::ForeignCertificate& one : tracked_) ders_[one.id] = one.der;
    ANTIN_TRY(own_, own_authorities(context_.store, now_));
    ANTIN_TRY(requests_, requests_by_key(context_.store));
    ANTIN_TRY(const authority::BlockedKeys blocked, authority::BlockedKeys::read(context_));
    ANTIN_CHECK(sort(folder));
    for (const FoundCertificate& found : leaves_) ANTIN_CHECK(take(found, blocked));
    for (const GivenList& list : lists) outcome_.lists.push_back(ask(list, issuers_, tracked_, now_));
    return std::move(outcome_);
  }

 private:
  // Tells authorities, ours and others apart; what claims one place with different octets claims it in vain.
  Status sort(const Folder& folder) {
    std::map<std::string, ByteView> first;
    for (const FoundCertificate& found : folder.certificates) {
      const x509::Certificate& one = found.certificate;
      if (bears_name(one, own_)) {
        ANTIN_TRY(const bool ours, is_in_our_store(context_.store, one, now_));
        if (ours)
          outcome_.own.push_back(found);
        else
          outcome_.refused.push_back(
              {found.file, "", {"import.in_our_name", {one.issuer().rfc4514(), one.serial().hex()}}});
        continue;
      }
      if (is_authority(one)) {
        if (std::ranges::find(issuers_, one) == issuers_.end()) outcome_.authorities.push_back(found);
        issuers_.push_back(one);
        continue;
      }
      const std::string id = store::foreign_id(one.issuer().der(), one.serial());
      const auto [at, fresh] = first.emplace(id, one.der());
      if (!fresh && !equal(at->second, one.der())) contested_.insert(id);
      leaves_.push_back(found);
    }
    return {};
  }

  Status take(const FoundCertificate& found, const authority::BlockedKeys& blocked) {
    const x509::Certificate& one = found.certificate;
    const std::string id = store::foreign_id(one.issuer().der(), one.serial());
    const auto before = ders_.find(id);
    if (before == ders_.end() && contested_.contains(id)) {
      outcome_.refused.push_back({found.file, id, {"import.contested", {one.serial().hex(), one.issuer().rfc4514()}}});
      return {};
    }
    if (before != ders_.end() && !equal(before->second, one.der())) {
      outcome_.refused.push_back({found.file, id, {"import.other_octets", {id}}});
      return {};
    }
    ANTIN_TRY(store::ForeignCertificate record, record_of(one, id, blocked));
    ANTIN_CHECK(answer(record, one));
    if (before != ders_.end()) {
      outcome_.known.push_back({found.file, std::move(record)});
      return {};
    }
    ders_[id] = record.der;
    tracked_.push_back(record);
    outcome_.taken.push_back({found.file, std::move(record)});
    return {};
  }

  // Whose the key is, the request says better than any name: proof of possession was seen when it was collected.
  Status answer(store::ForeignCertificate& record, const x509::Certificate& certificate) {
    const auto asked = requests_.find(record.key_hash);
    const bool forged = std::ranges::any_of(record.doubts, [](const store::Doubt& doubt) {
      return doubt.rule == "import.signature" || doubt.rule == "import.own_key";
    });
    if (asked == requests_.end() || forged) return {};
    const store::OutsideRequest& request = asked->second;
    ANTIN_TRY(const authority::Roster::Row row, row_of(request));
    const std::string wanted = authority::field_of(row, "cn"), is = certificate.subject().first("CN");
    if (fold_name(is).value_or("") != fold_name(wanted).value_or("")) {
      record.doubts.push_back({"import.not_as_asked", {request.id}});
      return {};
    }
    record.subscriber = row.code;
    if (row.kind != "device") record.kind = row.kind;
    std::erase_if(record.doubts, [](const store::Doubt& doubt) {
      return doubt.rule == "import.no_match" || doubt.rule == "import.several" || doubt.rule == "import.other_unit";
    });
    const bool answered = state_at(request, now_) == store::RequestState::issued;
    if (!answered && awaited_.insert(request.id).second) outcome_.answers.push_back({request.id, record.id});
    return {};
  }

  Result<store::ForeignCertificate> record_of(const x509::Certificate& one, const std::string& id,
                                              const authority::BlockedKeys& blocked) const {
    Match match = province_.match(one, now_);
    ANTIN_TRY(std::vector<store::Doubt> doubts, doubts_of(one, issuers_, context_, blocked, now_));
    doubts.insert(doubts.begin(), match.doubts.begin(), match.doubts.end());
    return store::ForeignCertificate{.id = id,
                                     .issuer = to_bytes(one.issuer().der()),
                                     .serial = one.serial(),
                                     .subject = one.subject().rfc4514(),
                                     .kind = match.kind,
                                     .mail = mail_of(one),
                                     .not_before = one.not_before(),
                                     .not_after = one.not_after(),
                                     .key_hash = issuance::key_hash(one.public_key_info()),
                                     .der = to_bytes(one.der()),
                                     .subscriber = match.subscriber,
                                     .unit = match.unit,
                                     .doubts = std::move(doubts),
                                     .imported_at = now_,
                                     .events = {}};
  }

  const authority::Context& context_;
  const Province& province_;
  Time now_;
  std::vector<store::ForeignCertificate> tracked_;  // on record, and what is taken
  std::map<std::string, Bytes> ders_;               // of those, by id
  std::vector<x509::Certificate> own_;
  std::vector<x509::Certificate> issuers_;
  std::vector<FoundCertificate> leaves_;
  std::set<std::string> contested_;
  std::map<Bytes, store::OutsideRequest> requests_;  // by key
  std::set<std::string> awaited_;                    // requests that this import answered
  Outcome outcome_;
};

std::string rules_of(const std::vector<store::Doubt>& doubts) {
  std::string all;
  for (const store::Doubt& doubt : doubts) all += (all.empty() ? "" : ",") + doubt.rule;
  return all;
}

std::string_view log_type(Act act) {
  switch (act) {
    case Act::suspend:
      return "foreign.suspend";
    case Act::resume:
      return "foreign.resume";
    case Act::revoke:
      break;
  }
  return "foreign.revoke";
}

Status write_taken(store::Transaction& transaction, const store::ForeignCertificate& one, Time now) {
  ANTIN_CHECK(transaction.add_foreign(one));
  ANTIN_CHECK(transaction.append_log(
      log::entry(now, "foreign.import",
                 {{"certificate", one.id}, {"sha256", to_hex(sha256(one.der))}, {"doubts", rules_of(one.doubts)}})));
  return {};
}

Status write_event(store::Transaction& transaction, const store::ForeignEvent& event, Time now) {
  ANTIN_CHECK(transaction.add_foreign_event(event));
  std::vector<std::pair<std::string, std::string>> fields{{"certificate", event.certificate_id},
                                                          {"reason", std::string(x509::to_string(event.reason))},
                                                          {"revoked_at", to_rfc3339(event.at)},
                                                          {"list", to_hex(event.list_sha256)}};
  if (event.invalidity_date) fields.emplace_back("invalidity_date", to_rfc3339(*event.invalidity_date));
  ANTIN_CHECK(transaction.append_log(log::entry(now, log_type(event.act), fields)));
  return {};
}

}  // namespace

Result<Outcome> import_certificates(const authority::Context& context, const Folder& folder,
                                    const std::vector<GivenList>& lists, const Province& province, bool dry_run) {
  const Time now = context.clock.now();
  if (dry_run) return Decision(context, province, now).decide(folder, lists);
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(authority::guard_clock(context.store, *transaction, now));
  ANTIN_TRY(Outcome outcome, Decision(context, province, now).decide(folder, lists));
  for (const Taken& one : outcome.taken) ANTIN_CHECK(write_taken(*transaction, one.certificate, now));
  for (const Answer& answer : outcome.answers)
    ANTIN_CHECK(write_answer(*transaction, answer.request, answer.certificate, now));
  for (const ListAnswer& list : outcome.lists)
    for (const store::ForeignEvent& event : list.events) ANTIN_CHECK(write_event(*transaction, event, now));
  ANTIN_CHECK(transaction->commit());
  return outcome;
}

}  // namespace antin::foreign
