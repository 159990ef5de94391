#include "ca/authority/officer_ceremony.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.h"
#include "ca/authority/ceremony_record.h"
#include "ca/authority/clock_guard.h"
#include "ca/authority/logged_act.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "hsm/public_key.h"

namespace antin::authority {
namespace {

using Json = nlohmann::json;  // sorted members

constexpr const char* format = "antin-officers-1";
constexpr std::size_t largest = 1U << 20;

std::unexpected<Error> unreadable() {
  return fail(ErrorCode::data_loss, "ceremony: its content is none of antin-officers-1");
}
std::unexpected<Error> refuse(const OfficerCeremony& ceremony, const std::string& why) {
  return fail(ErrorCode::failed_precondition, "ceremony " + ceremony.name() + ": " + why);
}

std::string content_fact(const std::string& name) { return "ceremony." + name; }
std::string in_force_fact(const std::string& name) { return "ceremony." + name + ".in_force"; }
std::string name_of(unsigned number) { return "officers-" + std::to_string(number); }

Result<Bytes> key_at(const Json& value) {
  const auto key = from_base64(value.at("key").get<std::string>());
  if (!key) return unreadable();
  return *key;
}

Result<OfficerCeremony> read_members(const Json& value) {
  if (value.at("format").get<std::string>() != format) return unreadable();
  OfficerCeremony ceremony;
  ceremony.number = value.at("number").get<unsigned>();
  ceremony.file = value.at("file").get<std::string>();
  for (const Json& one : value.at("officers")) {
    ANTIN_TRY(Bytes key, key_at(one));
    ceremony.officers.push_back(
        {one.at("token").get<std::string>(), one.at("subject").get<std::string>(), std::move(key)});
  }
  for (const Json& one : value.at("witnesses")) {
    ANTIN_TRY(Bytes key, key_at(one));
    ceremony.witnesses.push_back(
        {one.at("token").get<std::string>(), one.at("name").get<std::string>(), std::move(key)});
  }
  return ceremony;
}

bool signed_with(ByteView public_key_info, ByteView statement, ByteView signature) {
  const auto algorithm = hsm::key_algorithm_of(public_key_info);
  if (!algorithm) return false;
  return hsm::verify_signature(public_key_info, hsm::default_scheme(*algorithm), statement, signature).value_or(false);
}

Result<Bytes> sign_verified(const hsm::SigningKey& key, ByteView statement) {
  ANTIN_TRY(Bytes signature, key.sign(hsm::default_scheme(key.algorithm()), statement));
  if (signed_with(key.public_key_info(), statement, signature)) return signature;
  return fail(ErrorCode::internal, key.uri() + ": the token's signature does not verify");
}

// Nobody stands there twice: neither by key, nor by token, nor by name.
Status check_persons(const OfficerCeremony& ceremony) {
  std::set<std::string> keys, tokens, subjects, names;
  bool once = true;
  for (const OfficerCeremony::Officer& one : ceremony.officers)
    once = keys.insert(to_hex(one.public_key_info)).second && tokens.insert(one.token).second &&
           subjects.insert(one.subject).second && once;
  for (const OfficerCeremony::Witness& one : ceremony.witnesses)
    once = keys.insert(to_hex(one.public_key_info)).second && tokens.insert(one.token).second &&
           names.insert(one.name).second && once;
  if (once) return {};
  return refuse(ceremony, "two of its officers and witnesses have the same key, token or name");
}

// Signatures of witnesses that hold, by name.
Result<std::set<std::string>> signed_by_witnesses(const OfficerCeremony& ceremony, const CeremonyRecord& record) {
  std::set<std::string> names;
  ANTIN_TRY(const Bytes transcript, from_hex(record.transcript));
  for (const CeremonySignature& one : record.witnesses) {
    const OfficerCeremony::Witness* witness = ceremony.witness(one.officer_id);
    if (witness != nullptr && witness_signed(*witness, transcript, one.signature)) names.insert(witness->name);
  }
  return names;
}

Status log_act(store::Transaction& transaction, std::string_view type,
               const std::vector<std::pair<std::string, std::string>>& fields, Time now) {
  ANTIN_TRY([[maybe_unused]] const auto index, transaction.append_log(log::entry(now, type, fields)));
  return {};
}

Result<OfficerCeremony> certified(store::Store& store, const std::string& name) {
  ANTIN_TRY(std::optional<OfficerCeremony> ceremony, find_officer_ceremony(store, name));
  if (ceremony) return *std::move(ceremony);
  return fail(ErrorCode::not_found, "ceremony " + name + ": it has no witnesses who sign with a token");
}

}  // namespace

std::string OfficerCeremony::name() const { return name_of(number); }

std::string OfficerCeremony::request_id(const std::string& token) const { return name() + "/" + token; }

const OfficerCeremony::Witness* OfficerCeremony::witness(const std::string& name_or_token) const {
  for (const Witness& one : witnesses)
    if (one.name == name_or_token || one.token == name_or_token) return &one;
  return nullptr;
}

Bytes officer_ceremony_content(const OfficerCeremony& ceremony) {
  Json value = {{"format", format},
                {"number", ceremony.number},
                {"file", ceremony.file},
                {"officers", Json::array()},
                {"witnesses", Json::array()}};
  for (const OfficerCeremony::Officer& one : ceremony.officers)
    value["officers"].push_back(
        {{"token", one.token}, {"subject", one.subject}, {"key", to_base64(one.public_key_info)}});
  for (const OfficerCeremony::Witness& one : ceremony.witnesses)
    value["witnesses"].push_back({{"token", one.token}, {"name", one.name}, {"key", to_base64(one.public_key_info)}});
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return to_bytes(to_nfc(text).value_or(text));
}

Result<OfficerCeremony> read_officer_ceremony(ByteView content) {
  if (content.size() > largest) return unreadable();
  try {
    ANTIN_TRY(OfficerCeremony ceremony, read_members(Json::parse(text_of(content))));
    if (!equal(officer_ceremony_content(ceremony), content)) return unreadable();
    return ceremony;
  } catch (const Json::exception&) {
    return unreadable();
  }
}

Bytes officer_ceremony_statement(ByteView content_sha256, const std::string& root_certificate_id) {
  return to_bytes("antin-approval-1\nofficers " + to_hex(content_sha256) + "\nroot " + root_certificate_id + "\n");
}

Bytes witness_statement(ByteView transcript_sha256, const std::string& name) {
  return to_bytes("antin-approval-1\nceremony " + to_hex(transcript_sha256) + "\nwitness " + name + "\n");
}

bool witness_signed(const OfficerCeremony::Witness& witness, ByteView transcript_sha256, ByteView signature) {
  return signed_with(witness.public_key_info, witness_statement(transcript_sha256, witness.name), signature);
}

Result<unsigned> approvals_that_decide(store::Store& store, unsigned otherwise) {
  std::optional<unsigned> recorded;
  ANTIN_CHECK(store.for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    if (recorded) return {};
    ANTIN_TRY(const LoggedAct entry, LoggedAct::read(logged));
    if (entry.type() == "ceremony")
      recorded = static_cast<unsigned>(std::strtoul(entry.text("required_approvals").c_str(), nullptr, 10));
    return {};
  }));
  return recorded.value_or(0) == 0 ? otherwise : *recorded;
}

Status check_officer_ceremony(const RoleRegister& roles, unsigned required, const OfficerCeremony& ceremony, Time at) {
  const std::size_t able = roles.officers_at(at);
  if (able >= required)
    return refuse(ceremony, std::to_string(able) + " officers can approve and " + std::to_string(required) +
                                " are needed: new ones are given the role by them: see `antin role grant --help`");
  if (ceremony.officers.size() < std::max(required, 1U))
    return refuse(ceremony, "it makes fewer officers than approvals are needed");
  if (ceremony.witnesses.size() < 2) return refuse(ceremony, "it has fewer than two witnesses");
  return check_persons(ceremony);
}

Result<RegisteredIssuer> root_of_officers(const IssuerRegister& issuers, Time at) {
  const RegisteredIssuer* root = issuers.issuing(root_bloc, at);
  if (root != nullptr && root->certificate && at <= root->certificate->not_after()) return *root;
  return fail(ErrorCode::failed_precondition,
              "ca root: its certificate has ended: nobody can certify officers any more: begin a new authority");
}

Result<unsigned> next_officer_ceremony(store::Store& store) {
  ANTIN_TRY(const auto known, officer_ceremonies(store));
  return static_cast<unsigned>(known.size()) + 2;
}

Result<std::optional<OfficerCeremony>> find_officer_ceremony(store::Store& store, const std::string& name) {
  ANTIN_TRY(const auto content, store.fact(content_fact(name)));
  if (!content) return std::nullopt;
  ANTIN_TRY(OfficerCeremony ceremony, in("ceremony " + name, read_officer_ceremony(bytes_of(*content))));
  return ceremony;
}

Result<std::vector<KnownOfficerCeremony>> officer_ceremonies(store::Store& store) {
  std::vector<KnownOfficerCeremony> all;
  for (unsigned number = 2;; ++number) {
    const std::string name = name_of(number);
    ANTIN_TRY(const auto content, store.fact(content_fact(name)));
    if (!content) return all;
    ANTIN_TRY(const auto in_force, store.fact(in_force_fact(name)));
    all.push_back({name, sha256(bytes_of(*content)), in_force.has_value()});
  }
}

Result<std::vector<store::CertificateRecord>> officers_of_ceremonies(store::Store& store, Time now) {
  std::vector<store::CertificateRecord> officers;
  ANTIN_TRY(const auto known, officer_ceremonies(store));
  for (const KnownOfficerCeremony& held : known) {
    if (!held.in_force) continue;
    ANTIN_TRY(const OfficerCeremony ceremony, certified(store, held.name));
    for (const OfficerCeremony::Officer& one : ceremony.officers) {
      ANTIN_TRY(auto record, store.certificate_by_request(ceremony.request_id(one.token), now));
      if (record) officers.push_back(*std::move(record));
    }
  }
  return officers;
}

Status certify_officers(const Context& context, const OfficerCeremony& ceremony, const hsm::SigningKey& root_key,
                        unsigned otherwise_required) {
  const Time now = context.clock.now();
  const Bytes content = officer_ceremony_content(ceremony);
  ANTIN_TRY(const auto before, context.store.fact(content_fact(ceremony.name())));
  if (before && equal(bytes_of(*before), content)) return {};
  if (before) return refuse(ceremony, "the root's key has signed other officers or witnesses for it");
  ANTIN_TRY(const unsigned next, next_officer_ceremony(context.store));
  if (ceremony.number != next) return refuse(ceremony, "the next one is officers-" + std::to_string(next));
  ANTIN_TRY(const unsigned required, approvals_that_decide(context.store, otherwise_required));
  ANTIN_TRY(const RoleRegister roles, read_roles(context.store, now));
  ANTIN_CHECK(check_officer_ceremony(roles, required, ceremony, now));
  for (const OfficerCeremony::Officer& one : ceremony.officers)
    ANTIN_CHECK(in(one.token, issuance::check_key(one.public_key_info)));
  for (const OfficerCeremony::Witness& one : ceremony.witnesses)
    ANTIN_CHECK(in(one.token, issuance::check_key(one.public_key_info)));
  ANTIN_TRY(const RegisteredIssuer root, root_of_officers(roles.issuers(), now));
  if (!equal(root.certificate->public_key_info(), root_key.public_key_info()))
    return refuse(ceremony, root_key.uri() + " is not the root's key");
  const Sha256 hash = sha256(content);
  ANTIN_TRY(const Bytes signature, sign_verified(root_key, officer_ceremony_statement(hash, root.certificate_id)));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(transaction->set_fact(content_fact(ceremony.name()), std::string(text_of(content))));
  ANTIN_CHECK(log_act(*transaction, "ceremony.officers",
                      {{"ceremony", ceremony.name()},
                       {"content", std::string(text_of(content))},
                       {"root", root.certificate_id},
                       {"signature", to_hex(signature)}},
                      now));
  return transaction->commit();
}

Result<bool> sign_as_witness(const Context& context, const std::string& name, const std::string& witness_name,
                             const hsm::SigningKey& key) {
  const Time now = context.clock.now();
  ANTIN_TRY(const OfficerCeremony ceremony, certified(context.store, name));
  const OfficerCeremony::Witness* witness = ceremony.witness(witness_name);
  if (witness == nullptr) return fail(ErrorCode::not_found, "ceremony " + name + ": it has no witness " + witness_name);
  if (!equal(witness->public_key_info, key.public_key_info()))
    return fail(ErrorCode::permission_denied, key.uri() + " is not the key of witness " + witness->name);
  ANTIN_TRY(const CeremonyRecord record, find_ceremony(context.store, name));
  if (record.transcript.empty())
    return fail(ErrorCode::failed_precondition, "ceremony " + name + ": it has not ended yet: run it to its end first");
  ANTIN_TRY(std::set<std::string> done, signed_by_witnesses(ceremony, record));
  if (!done.insert(witness->name).second)
    return fail(ErrorCode::already_exists, "witness " + witness->name + " has signed this transcript already");
  ANTIN_TRY(const Bytes transcript, from_hex(record.transcript));
  ANTIN_TRY(const Bytes signature, sign_verified(key, witness_statement(transcript, witness->name)));
  ANTIN_TRY(auto transaction, context.store.begin());
  ANTIN_CHECK(guard_clock(context.store, *transaction, now));
  ANTIN_CHECK(log_act(*transaction, "ceremony.witness",
                      {{"ceremony", name},
                       {"transcript", record.transcript},
                       {"witness", witness->name},
                       {"signature", to_hex(signature)}},
                      now));
  // Another witness may have signed meanwhile: the log is asked again, now that nobody else writes.
  ANTIN_TRY(const CeremonyRecord locked, find_ceremony(context.store, name));
  ANTIN_TRY(const std::set<std::string> all, signed_by_witnesses(ceremony, locked));
  const bool in_force = all.size() == ceremony.witnesses.size();
  if (in_force) {
    ANTIN_CHECK(transaction->set_fact(in_force_fact(name), to_rfc3339(now)));
    ANTIN_CHECK(log_act(*transaction, "officers.in_force", {{"ceremony", name}}, now));
  }
  ANTIN_CHECK(transaction->commit());
  return in_force;
}

}  // namespace antin::authority
