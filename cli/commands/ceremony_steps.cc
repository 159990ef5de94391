#include "cli/commands/ceremony_steps.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/encoding.h"
#include "ca/authority/issuer_service.h"
#include "ca/issuance/key_gate.h"
#include "cli/commands/token_making.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/publish.h"

namespace antin::commands {
namespace {

using issuance::Issuer;
using wiring::CeremonyIssuer;
using wiring::CeremonyOfficer;
using wiring::Tokens;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* government_organisation = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

// A token of SoftHSM2 is made; others were initialised by who has their PINs, as the ceremony file's readers know.
Status provide_token(const Ceremony& ceremony, Tokens& tokens, const wiring::TokenHome& how, const Path& folder,
                     const std::string& label) {
  if (ceremony.by_file() && how.softhsm2.empty()) return {};
  return make_token(ceremony.session.random(), tokens, folder, label);
}

// The bits of an RSA key by the length of its SubjectPublicKeyInfo: modulus and a few fixed octets.
bool is_of_kind(const hsm::SigningKey& key, const hsm::KeySpec& spec) {
  if (key.algorithm() != spec.algorithm) return false;
  if (spec.algorithm != hsm::KeyAlgorithm::rsa) return true;
  const std::size_t octets = spec.rsa_bits / 8, size = key.public_key_info().size();
  return size > octets && size < octets + 64;
}

// Those of the file, or of the configuration, as `antin init` always took them.
std::vector<CeremonyOfficer> officers_of(const Ceremony& ceremony) {
  if (ceremony.by_file()) return ceremony.plan.officers;
  std::vector<CeremonyOfficer> officers;
  for (const auto& [label, source] : ceremony.config.officers.pins)
    officers.push_back({label, "Cán bộ duyệt Thử " + label.substr(label.size() - 1), government_organisation,
                        "TỔ PHÁT HÀNH CHỨNG THƯ SỐ", label + "@lamdong.test"});
  return officers;
}

struct Single {
  std::string request_id, profile, subscriber, mail, key_location, key_uri;
  std::vector<std::pair<std::string, std::string>> fields;
  Bytes public_key_info;
};

Result<store::CertificateRecord> issue(Ceremony& ceremony, const Issuer& issuer, const std::string& issuer_name,
                                       Single single) {
  ANTIN_TRY(const auto before, ceremony.store->certificate_by_request(single.request_id, ceremony.session.now()));
  ANTIN_TRY(issuance::Profile profile, ceremony.profiles.find(single.profile));
  ANTIN_TRY(x509::Name subject, profile.subject(single.fields));
  ANTIN_CHECK(issuance::check_key(single.public_key_info));
  authority::SingleRequest request;
  request.request_id = single.request_id;
  request.profile = single.profile;
  request.content.subject = std::move(subject);
  request.content.public_key_info = std::move(single.public_key_info);
  if (!single.mail.empty()) request.content.mails.push_back(single.mail);
  request.key_location = single.key_location;
  request.key_uri = single.key_uri;
  request.subscriber = single.subscriber;
  request.mail = single.mail;
  ANTIN_TRY(store::CertificateRecord record,
            in(single.request_id, authority::issue_single(ceremony.context(), issuer, issuer_name, request)));
  ANTIN_CHECK(ceremony.note(
      certificate_step(single.request_id.substr(single.request_id.find('/') + 1), record, before.has_value())));
  return record;
}

}  // namespace

CeremonyStep certificate_step(std::string of, const store::CertificateRecord& record, bool found) {
  return {"certificate",
          std::move(of),
          found,
          {{"certificate", record.id},
           {"subject", record.subject},
           {"not_after", to_rfc3339(record.not_after)},
           {"public_key", to_hex(record.key_hash)},
           {"sha256", to_hex(sha256(record.der))}}};
}

Result<std::shared_ptr<const hsm::SigningKey>> keep_key(Session& session, store::Store& store,
                                                        const CeremonyWatch& watch, Tokens& tokens,
                                                        const KeptKey& wanted) {
  const auto& [label, spec, serial] = wanted;
  ANTIN_TRY(const std::shared_ptr<hsm::Token> token, tokens.token(label));
  if (!serial.empty() && token->info().serial != serial)
    return fail(ErrorCode::failed_precondition, "token " + label + ": its serial is " + token->info().serial +
                                                    ", and the ceremony file says " + serial);
  const auto before = token->find_key(wiring::named_key(label));
  ANTIN_TRY(auto key, make_key(session.random(), tokens, label, label, spec, on_record_in(&store, session.now())));
  const bool found = before && equal((*before)->public_key_info(), key->public_key_info());
  if (watch.note && !is_of_kind(*key, spec))
    return fail(ErrorCode::failed_precondition,
                "token " + label + ": " + key->uri() + " is there already and of another kind than the ceremony file says");
  if (!watch.note) return key;
  ANTIN_CHECK(watch.note({"key",
                             label,
                             found,
                             {{"token", token->info().label},
                              {"serial", token->info().serial},
                              {"model", token->info().model},
                              {"algorithm", std::string(to_string(key->algorithm()))},
                              {"public_key", to_hex(sha256(key->public_key_info()))}}}));
  return key;
}

Status make_service_tokens(Ceremony& ceremony) {
  ANTIN_TRY(Tokens tokens, wiring::open_service(ceremony.home, ceremony.config));
  for (const char* label : {"seals", "leaders"})
    ANTIN_CHECK(provide_token(ceremony, tokens, ceremony.config.service, ceremony.home.service(), label));
  ANTIN_TRY(auto key, make_key(ceremony.session.random(), tokens, "seals", "document-service", {},
                               on_record_in(ceremony.store.get(), ceremony.session.now())));
  ceremony.service_key = to_bytes(key->public_key_info());
  ceremony.service_key_uri = key->uri();
  return {};
}

Status make_officer_tokens(Ceremony& ceremony) {
  ANTIN_TRY(Tokens tokens, wiring::open_officers(ceremony.home, ceremony.config));
  for (const CeremonyOfficer& officer : officers_of(ceremony)) {
    ANTIN_CHECK(provide_token(ceremony, tokens, ceremony.config.officers, ceremony.home.officers(), officer.token));
    ANTIN_TRY(auto key, keep_key(ceremony.session, *ceremony.store, ceremony.watch, tokens, {officer.token, {}, ""}));
    ceremony.officer_keys.emplace_back(officer.token, to_bytes(key->public_key_info()));
  }
  return {};
}

Status make_root(Ceremony& ceremony, Tokens& ca, const CeremonyIssuer& root) {
  ANTIN_CHECK(provide_token(ceremony, ca, ceremony.config.ca, ceremony.home.ca(), "root"));
  ANTIN_TRY(auto key, keep_key(ceremony.session, *ceremony.store, ceremony.watch, ca, {"root", root.key, root.token_serial}));
  const std::vector<std::pair<std::string, std::string>> fields = {{"cn", root.common_name}, {"o", root.organisation}};
  ANTIN_TRY(issuance::Profile profile, ceremony.profiles.find("root"));
  ANTIN_TRY(x509::Name name, profile.subject(fields));
  ANTIN_TRY(Issuer issuer, Issuer::make_root(key, std::move(name)));
  Bytes info = to_bytes(key->public_key_info());
  ANTIN_TRY(
      store::CertificateRecord record,
      issue(ceremony, issuer, "root", {"ceremony/root", "root", "", "", "token", key->uri(), fields, std::move(info)}));
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  return write_file(ceremony.home.ca_certificate("root"), certificate.pem());
}

Status make_issuing(Ceremony& ceremony, Tokens& ca, const Issuer& root, const CeremonyIssuer& issuing) {
  const std::string& name = issuing.name;
  ANTIN_CHECK(provide_token(ceremony, ca, ceremony.config.ca, ceremony.home.ca(), name));
  ANTIN_TRY(auto key, keep_key(ceremony.session, *ceremony.store, ceremony.watch, ca,
                                    {name, issuing.key, issuing.token_serial}));
  const std::vector<std::pair<std::string, std::string>> fields = {{"cn", issuing.common_name},
                                                                   {"o", issuing.organisation}};
  Bytes info = to_bytes(key->public_key_info());
  ANTIN_TRY(store::CertificateRecord record,
            issue(ceremony, root, "root",
                  {"ceremony/" + name, "issuing", "", "", "token", key->uri(), fields, std::move(info)}));
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  return write_file(ceremony.home.ca_certificate(name), certificate.pem());
}

Status make_officers(Ceremony& ceremony, const Issuer& government) {
  for (const CeremonyOfficer& officer : officers_of(ceremony)) {
    const auto key = std::ranges::find(ceremony.officer_keys, officer.token, &std::pair<std::string, Bytes>::first);
    if (key == ceremony.officer_keys.end())
      return fail(ErrorCode::internal, "officer " + officer.token + ": there is no key");
    Single single{"ceremony/" + officer.token, "officer", officer.token, officer.mail, "subscriber", "", {}, key->second};
    single.fields = {{"cn", officer.name}, {"o", officer.organisation}};
    for (const auto& [field, value] : Fields{{"ou", officer.unit}, {"mail", officer.mail}})
      if (!value.empty()) single.fields.emplace_back(field, value);
    ANTIN_CHECK(issue(ceremony, government, "government", std::move(single)));
  }
  return {};
}

Status make_service(Ceremony& ceremony, const Issuer& government) {
  Single single{
      "ceremony/document-service", "document-service", "document-service", "", "token", ceremony.service_key_uri, {},
      ceremony.service_key};
  const wiring::CeremonyService& service = ceremony.plan.service;
  single.fields = {{"cn", service.name}, {"o", service.organisation}};
  if (!service.unit.empty()) single.fields.emplace_back("ou", service.unit);
  ANTIN_CHECK(issue(ceremony, government, "government", std::move(single)));
  return {};
}

Result<Issuer> open_made(Ceremony& ceremony, Tokens& ca, const std::string& name) {
  ANTIN_TRY(const authority::IssuerRegister issuers,
            authority::read_issuers(*ceremony.store, ceremony.session.now()));
  const authority::RegisteredIssuer* made = issuers.find(name);
  if (made == nullptr) return fail(ErrorCode::internal, "ca " + name + ": it has no certificate yet");
  return wiring::open_issuer(ceremony.config, ca, *made);
}

Status publish_first_list(Ceremony& ceremony, Tokens& ca, const std::string& name) {
  std::error_code error;
  const bool found = std::filesystem::exists(ceremony.home.crl(name), error);
  if (!found) {
    ANTIN_TRY(Issuer issuer, open_made(ceremony, ca, name));
    ANTIN_CHECK(wiring::publish_crl(ceremony.context(), ceremony.home, ceremony.config, name, issuer));
  }
  ANTIN_TRY(const auto list, ceremony.store->last_crl(name));
  if (!list) return fail(ErrorCode::internal, "ca " + name + ": it has no list");
  return ceremony.note({"list", name, found, {{"number", std::to_string(list->number)}, {"sha256", to_hex(list->sha256)}}});
}

}  // namespace antin::commands
