#include "cli/commands/ceremony.h"

#include <chrono>
#include <filesystem>
#include <utility>

#include "base/encoding.h"
#include "ca/authority/authority.h"
#include "ca/authority/issuer_service.h"
#include "ca/authority/profile_guard.h"
#include "ca/issuance/key_gate.h"
#include "ca/log/log.h"
#include "ca/status/crl.h"
#include "cli/commands/token_making.h"
#include "cli/wiring/exclusive.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/profiles.h"
#include "cli/wiring/publish.h"

namespace antin::commands {
namespace {

using issuance::Issuer;
using wiring::Config;
using wiring::Home;
using wiring::Tokens;

constexpr std::string_view done_fact = "ceremony.done";

// What the steps share.
struct Ceremony {
  Session& session;
  const CeremonyPlan& plan;
  Home home;
  Config config;
  std::unique_ptr<store::Store> store;
  std::vector<std::pair<std::string, Bytes>> officer_keys;  // officer, SubjectPublicKeyInfo
  issuance::ProfileSet profiles;
  Bytes service_key;
  std::string service_key_uri;

  authority::Context context() { return {*store, session.clock(), session.random()}; }
};

Status make_folders(const Home& home) {
  for (const Path& folder : {home.root, home.store().parent_path(), home.out_ca(), home.out_crl(), home.out_certs(),
                             home.out() / "signed", home.out() / "dossiers"}) {
    ANTIN_CHECK(make_directories(folder));
  }
  for (const Path& folder : {home.ca(), home.officers(), home.service()}) {
    ANTIN_CHECK(make_directories(folder, 0700));
    ANTIN_CHECK(make_directories(folder / "pins", 0700));
    ANTIN_CHECK(hsm::pkcs11::make_softhsm2_home(folder));
  }
  return {};
}

Status prepare_home(Ceremony& ceremony) {
  ANTIN_CHECK(make_folders(ceremony.home));
  std::error_code error;
  if (std::filesystem::exists(ceremony.home.config(), error)) {
    ANTIN_TRY(ceremony.config, wiring::read_config(ceremony.home));
  } else {
    ceremony.config = wiring::default_config();
    ceremony.config.required_approvals = ceremony.plan.required_approvals;
    for (unsigned number = 3; number <= ceremony.plan.officers; ++number) {
      const std::string label = "officer-" + std::to_string(number);
      ceremony.config.officers.pins[label] = "file:officers/pins/" + label + ".pin";
    }
    if (!ceremony.plan.publish_url.empty()) ceremony.config.publish_url = ceremony.plan.publish_url;
    ANTIN_CHECK(wiring::write_config(ceremony.home, ceremony.config));
  }
  ANTIN_TRY(ceremony.store, store::open_sqlite_store(ceremony.home.store()));
  return {};
}

// The profiles by which everything is issued, the root first. A ceremony that an earlier version began has none, and
// goes on by those of the program.
Status set_profiles(Ceremony& ceremony) {
  ANTIN_TRY(const std::uint64_t begun, ceremony.store->log_size());
  ANTIN_TRY(const auto known, ceremony.store->proposals());
  if (begun > 0 && known.empty()) return {};
  ANTIN_TRY(issuance::ProfileSet profiles, wiring::asked_profiles(ceremony.home, ceremony.config));
  ANTIN_CHECK(authority::set_first_profiles(ceremony.context(), std::move(profiles)));
  ANTIN_TRY(ceremony.profiles, authority::profiles_in_force(*ceremony.store, ceremony.session.now()));
  return {};
}

Status make_service_tokens(Ceremony& ceremony) {
  ANTIN_TRY(Tokens tokens, wiring::open_service(ceremony.home, ceremony.config));
  for (const char* label : {"seals", "leaders"})
    ANTIN_CHECK(make_token(ceremony.session.random(), tokens, ceremony.home.service(), label));
  ANTIN_TRY(auto key, make_key(tokens, "seals", "document-service", {}));
  ceremony.service_key = to_bytes(key->public_key_info());
  ceremony.service_key_uri = key->uri();
  return {};
}

Status make_officer_tokens(Ceremony& ceremony) {
  ANTIN_TRY(Tokens tokens, wiring::open_officers(ceremony.home, ceremony.config));
  for (const auto& [label, source] : ceremony.config.officers.pins) {
    ANTIN_CHECK(make_token(ceremony.session.random(), tokens, ceremony.home.officers(), label));
    ANTIN_TRY(auto key, make_key(tokens, label, label, {}));
    ceremony.officer_keys.emplace_back(label, to_bytes(key->public_key_info()));
  }
  return {};
}

struct Single {
  std::string request_id, profile, subscriber, mail, key_location, key_uri;
  std::vector<std::pair<std::string, std::string>> fields;
  Bytes public_key_info;
};

Result<store::CertificateRecord> issue(Ceremony& ceremony, const Issuer& issuer, const std::string& issuer_name,
                                       Single single) {
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
  return in(single.request_id, authority::issue_single(ceremony.context(), issuer, issuer_name, request));
}

constexpr const char* stamp = "DỮ LIỆU GIẢ LẬP";

Status make_root(Ceremony& ceremony, Tokens& ca) {
  ANTIN_CHECK(make_token(ceremony.session.random(), ca, ceremony.home.ca(), "root"));
  ANTIN_TRY(auto key, make_key(ca, "root", "root", ceremony.plan.root_key));
  const std::vector<std::pair<std::string, std::string>> fields = {{"cn", "CA THỬ NGHIỆM gốc Ấn Tín"}, {"o", stamp}};
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

Status make_issuing(Ceremony& ceremony, Tokens& ca, const Issuer& root, const std::string& name,
                    const std::string& common_name) {
  ANTIN_CHECK(make_token(ceremony.session.random(), ca, ceremony.home.ca(), name));
  ANTIN_TRY(auto key, make_key(ca, name, name, ceremony.plan.issuing_key));
  const std::vector<std::pair<std::string, std::string>> fields = {{"cn", common_name}, {"o", stamp}};
  Bytes info = to_bytes(key->public_key_info());
  ANTIN_TRY(store::CertificateRecord record,
            issue(ceremony, root, "root",
                  {"ceremony/" + name, "issuing", "", "", "token", key->uri(), fields, std::move(info)}));
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  return write_file(ceremony.home.ca_certificate(name), certificate.pem());
}

constexpr const char* government_organisation = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

Status make_officers(Ceremony& ceremony, const Issuer& government) {
  for (auto& [label, key] : ceremony.officer_keys) {
    const std::string number = label.substr(label.size() - 1);
    Single single{"ceremony/" + label, "officer", label, label + "@lamdong.test", "subscriber", "", {}, key};
    single.fields = {{"cn", "Cán bộ duyệt Thử " + number},
                     {"o", government_organisation},
                     {"ou", "TỔ PHÁT HÀNH CHỨNG THƯ SỐ"},
                     {"mail", single.mail}};
    ANTIN_CHECK(issue(ceremony, government, "government", std::move(single)));
  }
  return {};
}

Status make_service(Ceremony& ceremony, const Issuer& government) {
  Single single{
      "ceremony/document-service", "document-service", "document-service", "", "token", ceremony.service_key_uri, {},
      ceremony.service_key};
  single.fields = {
      {"cn", "Dịch vụ ký số văn bản Ấn Tín"}, {"o", government_organisation}, {"ou", "TRUNG TÂM TÍCH HỢP DỮ LIỆU"}};
  ANTIN_CHECK(issue(ceremony, government, "government", std::move(single)));
  return {};
}

constexpr const char* issuer_names[] = {"root", "party", "government"};

Result<Issuer> open_made(Ceremony& ceremony, Tokens& ca, const std::string& name) {
  ANTIN_TRY(const authority::IssuerRegister issuers,
            authority::read_issuers(*ceremony.store, ceremony.session.now()));
  const authority::RegisteredIssuer* made = issuers.find(name);
  if (made == nullptr) return fail(ErrorCode::internal, "ca " + name + ": it has no certificate yet");
  return wiring::open_issuer(ceremony.config, ca, *made);
}

Status publish_crls(Ceremony& ceremony, Tokens& ca) {
  for (const std::string name : issuer_names) {
    std::error_code error;
    if (std::filesystem::exists(ceremony.home.crl(name), error)) continue;
    ANTIN_TRY(Issuer issuer, open_made(ceremony, ca, name));
    ANTIN_CHECK(wiring::publish_crl(ceremony.context(), ceremony.home, ceremony.config, name, issuer));
  }
  return {};
}

Status finish(Ceremony& ceremony) {
  ANTIN_TRY(auto transaction, ceremony.store->begin());
  const Time now = ceremony.session.now();
  ANTIN_CHECK(transaction->append_log(
      log::entry(now, "ceremony",
                 {{"version", std::string(wiring::version())},
                  {"required_approvals", std::to_string(ceremony.config.required_approvals)}})));
  ANTIN_CHECK(transaction->set_fact(std::string(done_fact), to_rfc3339(now)));
  return transaction->commit();
}

// With the token home of the CA open: certificates and lists.
Status issue_all(Ceremony& ceremony, const std::function<void(std::string_view)>& at_step) {
  ANTIN_TRY(Tokens ca, wiring::open_ca(ceremony.home, ceremony.config));
  at_step("init.step.root");
  ANTIN_CHECK(in("root", make_root(ceremony, ca)));
  ANTIN_TRY(Issuer root, open_made(ceremony, ca, "root"));
  at_step("init.step.issuing");
  ANTIN_CHECK(in("party", make_issuing(ceremony, ca, root, "party", "CA THỬ NGHIỆM khối Đảng")));
  ANTIN_CHECK(in("government", make_issuing(ceremony, ca, root, "government", "CA THỬ NGHIỆM khối Nhà nước")));
  ANTIN_TRY(Issuer government, open_made(ceremony, ca, "government"));
  at_step("init.step.certificates");
  ANTIN_CHECK(make_officers(ceremony, government));
  ANTIN_CHECK(make_service(ceremony, government));
  at_step("init.step.crls");
  return publish_crls(ceremony, ca);
}

}  // namespace

std::vector<std::string_view> ceremony_steps() {
  return {"init.step.home",    "init.step.service",      "init.step.officers", "init.step.root",
          "init.step.issuing", "init.step.certificates", "init.step.crls"};
}

Result<CeremonyResult> hold_ceremony(Session& session, const CeremonyPlan& plan,
                                     const std::function<void(std::string_view)>& at_step) {
  ANTIN_CHECK(make_directories(session.home.root));
  ANTIN_TRY(wiring::Exclusive exclusive, wiring::Exclusive::acquire(session.home, wiring::Job::init));
  Ceremony ceremony{session, plan, session.home, {}, nullptr, {}, {}, {}, {}};
  CeremonyResult result{
      false, {"root", "party", "government"}, {}, {"root", "party", "government", "seals", "leaders"}};
  at_step("init.step.home");
  ANTIN_CHECK(prepare_home(ceremony));
  for (const auto& [label, source] : ceremony.config.officers.pins) {
    result.officers.push_back(label);
    result.tokens.push_back(label);
  }
  ANTIN_TRY(std::optional<std::string> done, ceremony.store->fact(std::string(done_fact)));
  if (done) {
    result.was_complete = true;
    return result;
  }
  ANTIN_CHECK(set_profiles(ceremony));
  at_step("init.step.service");
  ANTIN_CHECK(in("service", make_service_tokens(ceremony)));
  at_step("init.step.officers");
  ANTIN_CHECK(in("officers", make_officer_tokens(ceremony)));
  ANTIN_CHECK(issue_all(ceremony, at_step));
  ANTIN_CHECK(finish(ceremony));
  return result;
}

}  // namespace antin::commands
