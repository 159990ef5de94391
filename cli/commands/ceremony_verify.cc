#include "cli/commands/ceremony_verify.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.h"
#include "ca/authority/ceremony_record.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/officer_ceremony.h"
#include "ca/authority/role_register.h"
#include "ca/log/log.h"
#include "cli/commands/ceremony_transcript.h"
#include "hsm/signing_key.h"

namespace antin::commands {
namespace {

using Value = nlohmann::json;

std::string text(const Value& value, const char* member) {
  return value.contains(member) && value.at(member).is_string() ? value.at(member).get<std::string>() : std::string();
}

class Verification {
 public:
  Verification(Session& session, OpenHome& home) : session_(session), home_(home) {}

  Result<TranscriptReport> verify(ByteView octets) {
    const Result<Value> read = read_transcript(octets);
    if (!read) {
      find("ceremony.finding.form");
      return report_;
    }
    const Value& transcript = *read;
    report_.name = text(transcript, "name");
    report_.file = text(transcript, "file");
    report_.sha256 = to_hex(sha256(octets));
    ANTIN_TRY(officers_, authority::find_officer_ceremony(*home_.store, report_.name));
    ANTIN_CHECK(check_log(transcript));
    ANTIN_CHECK(check_file());
    for (const Value& step : transcript.at("steps")) ANTIN_CHECK(check_step(step));
    ANTIN_CHECK(check_signers(transcript));
    ANTIN_CHECK(check_witnesses());
    return report_;
  }

 private:
  void find(const char* rule, std::vector<std::string> arguments = {}) {
    report_.findings.push_back({rule, std::move(arguments)});
  }

  // The log is whole, knows this ceremony, and has this transcript for its end.
  Status check_log(const Value&) {
    ANTIN_CHECK(log::verify(*home_.store));
    ANTIN_TRY(const auto records, authority::read_ceremonies(*home_.store));
    const auto found = std::ranges::find(records, report_.name, &authority::CeremonyRecord::name);
    if (found == records.end()) {
      find("ceremony.finding.unknown", {report_.name});
      return {};
    }
    record_ = *found;
    if (record_.file != report_.file) find("ceremony.finding.other_file", {record_.file});
    if (record_.transcript != report_.sha256) find("ceremony.finding.other_transcript", {record_.transcript});
    return home_.store->for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
      const Value entry = Value::parse(text_of(logged.entry), nullptr, false);
      if (entry.is_object() && text(entry, "type") == "crl")
        lists_.insert(text(entry, "issuer") + " " + text(entry, "number") + " " + text(entry, "sha256"));
      return {};
    });
  }

  Status check_file() {
    const Result<Bytes> file = read_file(session_.home.ceremonies() / (report_.name + ".toml"), 1U << 20);
    if (!file || to_hex(sha256(*file)) != report_.file) find("ceremony.finding.copy", {report_.name});
    return {};
  }

  Status check_step(const Value& step) {
    const std::string act = text(step, "act"), of = text(step, "of");
    if (act == "certificate") return check_certificate(step, of);
    if (act == "key") return check_key(step, of);
    if (act == "proposal") return check_proposal(step, of);
    if (act == "officers" &&
        (!officers_ || to_hex(sha256(authority::officer_ceremony_content(*officers_))) != text(step, "sha256")))
      find("ceremony.finding.officers", {of});
    if (act == "other") return check_other(step, of);
    if (act == "list" && !lists_.contains(of + " " + text(step, "number") + " " + text(step, "sha256")))
      find("ceremony.finding.list", {of});
    return {};
  }

  Status check_certificate(const Value& step, const std::string& of) {
    const auto record = home_.store->certificate(text(step, "certificate"), session_.now());
    if (!record || record->id != text(step, "certificate") || to_hex(sha256(record->der)) != text(step, "sha256") ||
        to_hex(record->key_hash) != text(step, "public_key")) {
      find("ceremony.finding.certificate", {of});
      return {};
    }
    if (record->kind != "root" && record->kind != "issuing" && record->kind != "cross") return {};
    const Result<Bytes> file = read_file(session_.home.ca_certificate(of), 1U << 20);
    const auto published = file ? x509::Certificate::from_file_bytes(*file)
                                : Result<x509::Certificate>(std::unexpected(file.error()));
    if (!published || !equal(published->der(), record->der)) find("ceremony.finding.published", {of});
    return {};
  }

  Status check_proposal(const Value& step, const std::string& of) {
    ANTIN_TRY(const auto proposals, home_.store->proposals());
    const bool known = std::ranges::any_of(proposals, [&](const store::ProposalRecord& record) {
      return std::to_string(record.number) == text(step, "number") && to_hex(record.hash) == text(step, "proposal");
    });
    if (!known) find("ceremony.finding.proposal", {of});
    return {};
  }

  // Whom officers decided to certify, or what waits for them.
  Status check_other(const Value& step, const std::string& of) {
    ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*home_.store, session_.now()));
    const bool known = std::ranges::any_of(roles.proposals(), [&](const auto& one) {
      const auto* cross = std::get_if<authority::CrossChange>(&one.second.proposal.change);
      if (cross == nullptr || cross->name != of) return false;
      const auto other = authority::other_authority(*cross);
      return other && to_hex(sha256(other->public_key_info)) == text(step, "public_key") &&
             to_hex(sha256(cross->certificate.empty() ? cross->request : cross->certificate)) == text(step, "sha256");
    });
    if (!known) find("ceremony.finding.other", {of});
    return {};
  }

  // A key that a ceremony made is the one that was certified for its owner, then or later.
  Status check_key(const Value& step, const std::string& of) {
    if (officers_) return check_person(step, of);
    ANTIN_TRY(auto record, home_.store->certificate_by_request("ceremony/" + of, session_.now()));
    if (!record) {
      ANTIN_TRY(const authority::IssuerRegister issuers, authority::read_issuers(*home_.store, session_.now()));
      const authority::RegisteredIssuer* issuer = issuers.find(of);
      if (issuer != nullptr && issuer->key != text(step, "public_key")) find("ceremony.finding.key", {of});
      return {};
    }
    if (to_hex(record->key_hash) != text(step, "public_key")) find("ceremony.finding.key", {of});
    return {};
  }

  // Of an officers' ceremony: the key that the root's key signed for.
  Status check_person(const Value& step, const std::string& of) {
    std::string known;
    for (const auto& one : officers_->officers)
      if (one.token == of) known = to_hex(sha256(one.public_key_info));
    for (const auto& one : officers_->witnesses)
      if (one.token == of) known = to_hex(sha256(one.public_key_info));
    if (known != text(step, "public_key")) find("ceremony.finding.key", {of});
    return {};
  }

  Status check_witnesses() {
    if (!officers_) return {};
    const auto transcript = from_hex(report_.sha256);
    for (const auto& witness : officers_->witnesses) {
      TranscriptSigner signer{witness.name, witness.token, std::nullopt, true};
      for (const authority::CeremonySignature& one : record_.witnesses)
        if (transcript && one.officer_id == witness.name && record_.transcript == report_.sha256 &&
            authority::witness_signed(witness, *transcript, one.signature))
          signer.signed_at = one.at;
      report_.signers.push_back(std::move(signer));
    }
    return {};
  }

  Result<std::optional<store::CertificateRecord>> certificate_of(const Value& officer) {
    if (const std::string id = text(officer, "certificate"); !id.empty()) {
      auto record = home_.store->certificate(id, session_.now());
      if (!record && record.error().code != ErrorCode::not_found) return fail(record.error());
      return record ? std::optional(std::move(*record)) : std::nullopt;
    }
    return home_.store->certificate_by_request("ceremony/" + text(officer, "token"), session_.now());
  }

  Status check_signers(const Value& transcript) {
    const auto good = good_signatures();
    if (!good) return std::unexpected(good.error());
    for (const Value& officer : transcript.at("officers")) {
      ANTIN_TRY(const auto record, certificate_of(officer));
      TranscriptSigner signer{text(officer, "name"), record ? record->id : std::string(), std::nullopt};
      if (const auto found = good->find(signer.certificate); found != good->end()) signer.signed_at = found->second;
      report_.signers.push_back(std::move(signer));
    }
    return {};
  }

  // Of this very transcript: of another one no signature counts.
  Result<std::map<std::string, Time>> good_signatures() {
    std::map<std::string, Time> good;
    if (record_.transcript != report_.sha256) return good;
    for (const authority::CeremonySignature& signature : record_.signatures) {
      ANTIN_TRY(const bool holds,
                authority::verify_ceremony_signature(*home_.store, record_, signature, session_.now()));
      if (holds)
        good[signature.officer_id] = signature.at;
      else
        find("ceremony.finding.signature", {signature.officer_id});
    }
    return good;
  }

  Session& session_;
  OpenHome& home_;
  TranscriptReport report_;
  authority::CeremonyRecord record_;
  std::optional<authority::OfficerCeremony> officers_;  // when this is one
  std::set<std::string> lists_;  // issuer, number and digest of every list that was published
};

}  // namespace

bool TranscriptReport::whole() const {
  return !signers.empty() && std::ranges::all_of(signers, [](const auto& signer) { return signer.signed_at.has_value(); });
}

Result<TranscriptReport> verify_transcript(Session& session, OpenHome& home, ByteView octets) {
  return Verification(session, home).verify(octets);
}

Result<std::string> ceremony_signatures(Session& session, OpenHome& home, const std::string& name) {
  ANTIN_TRY(const authority::CeremonyRecord record, authority::find_ceremony(*home.store, name));
  Value value = {{"format", "antin-ceremony-signatures-1"},
                 {"ceremony", name},
                 {"transcript", record.transcript},
                 {"signatures", Value::array()}};
  for (const authority::CeremonySignature& signature : record.signatures) {
    ANTIN_TRY(const store::CertificateRecord officer,
              home.store->certificate(signature.officer_id, session.now()));
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_der(officer.der));
    ANTIN_TRY(const hsm::KeyAlgorithm algorithm, hsm::key_algorithm_of(certificate.public_key_info()));
    value["signatures"].push_back({{"officer", officer.id},
                                   {"at", to_rfc3339(signature.at)},
                                   {"scheme", hsm::to_string(hsm::default_scheme(algorithm))},
                                   {"signature", to_base64(signature.signature)},
                                   {"certificate", to_base64(officer.der)}});
  }
  return value.dump() + "\n";
}

}  // namespace antin::commands
