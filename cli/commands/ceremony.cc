#include "cli/commands/ceremony.h"

#include <filesystem>

#include "ca/authority/ceremony_record.h"
#include "ca/authority/profile_guard.h"
#include "ca/log/log.h"
#include "cli/commands/ceremony_steps.h"
#include "cli/wiring/exclusive.h"
#include "cli/wiring/profiles.h"

namespace antin::commands {
namespace {

using issuance::Issuer;
using wiring::CeremonyIssuer;
using wiring::CeremonyOfficer;
using wiring::Config;
using wiring::Home;
using wiring::Tokens;

constexpr std::string_view done_fact = "ceremony.done";
constexpr const char* stamp = "DỮ LIỆU GIẢ LẬP";
constexpr const char* government_organisation = "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)";

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

// The configuration that the ceremony begins with: the reviewed one, else SoftHSM2 with a PIN file a token.
Status begin_config(const Ceremony& ceremony) {
  if (!ceremony.plan.configuration.empty()) return write_file(ceremony.home.config(), ceremony.plan.configuration);
  Config config = wiring::default_config();
  config.required_approvals = ceremony.plan.required_approvals;
  config.officers.pins.clear();
  for (const CeremonyOfficer& officer : ceremony.plan.officers)
    config.officers.pins[officer.token] = "file:officers/pins/" + officer.token + ".pin";
  if (!ceremony.plan.publish_url.empty()) config.publish_url = ceremony.plan.publish_url;
  return wiring::write_config(ceremony.home, config);
}

Status prepare_home(Ceremony& ceremony) {
  ANTIN_CHECK(make_folders(ceremony.home));
  std::error_code error;
  if (!std::filesystem::exists(ceremony.home.config(), error)) ANTIN_CHECK(begin_config(ceremony));
  ANTIN_TRY(ceremony.config, wiring::read_config(ceremony.home));
  if (ceremony.by_file() && ceremony.config.required_approvals != ceremony.plan.required_approvals)
    return fail(ErrorCode::failed_precondition,
                "antin.toml: `required_approvals` is not what the ceremony file says: put it back");
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

constexpr const char* issuer_names[] = {"root", "party", "government"};

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

wiring::RootCeremony sample_plan(const CeremonyPlan& plan) {
  wiring::RootCeremony sample;
  sample.root = {.name = "root",
                 .common_name = "CA THỬ NGHIỆM gốc Ấn Tín",
                 .organisation = stamp,
                 .key = plan.root_key,
                 .key_name = {},
                 .token_serial = {}};
  sample.required_approvals = plan.required_approvals;
  sample.publish_url = plan.publish_url;
  for (unsigned number = 1; number <= plan.officers; ++number)
    sample.officers.push_back({"officer-" + std::to_string(number), {}, {}, {}, {}});
  sample.service = {"Dịch vụ ký số văn bản Ấn Tín", government_organisation, "TRUNG TÂM TÍCH HỢP DỮ LIỆU"};
  return sample;
}

CeremonyIssuer sample_issuing(const CeremonyPlan& plan, std::string name, std::string common_name) {
  return {.name = std::move(name),
          .common_name = std::move(common_name),
          .organisation = stamp,
          .key = plan.issuing_key,
          .key_name = {},
          .token_serial = {}};
}

// With the token home of the CA open: certificates and lists.
Status issue_all(Ceremony& ceremony, const CeremonyPlan& plan) {
  ANTIN_TRY(Tokens ca, wiring::open_ca(ceremony.home, ceremony.config));
  ceremony.watch.at_step("init.step.root");
  ANTIN_CHECK(in("root", make_root(ceremony, ca, ceremony.plan.root)));
  ANTIN_TRY(Issuer root, open_made(ceremony, ca, "root"));
  ceremony.watch.at_step("init.step.issuing");
  ANTIN_CHECK(
      in("party", make_issuing(ceremony, ca, root, sample_issuing(plan, "party", "CA THỬ NGHIỆM khối Đảng"))));
  ANTIN_CHECK(in("government", make_issuing(ceremony, ca, root,
                                            sample_issuing(plan, "government", "CA THỬ NGHIỆM khối Nhà nước"))));
  ANTIN_TRY(Issuer government, open_made(ceremony, ca, "government"));
  ceremony.watch.at_step("init.step.certificates");
  ANTIN_CHECK(make_officers(ceremony, government));
  ANTIN_CHECK(make_service(ceremony, government));
  ceremony.watch.at_step("init.step.crls");
  for (const std::string name : issuer_names) ANTIN_CHECK(publish_first_list(ceremony, ca, name));
  return {};
}

Ceremony begun(Session& session, const wiring::RootCeremony& plan, const CeremonyWatch& watch) {
  return {session, plan, watch, session.home, {}, nullptr, {}, {}, {}, {}};
}

Status require_no_file(const Home& home) {
  std::error_code error;
  if (!std::filesystem::exists(home.ceremonies() / "root.toml", error)) return {};
  return fail(ErrorCode::failed_precondition,
              "home: " + home.root.string() + " was begun by a ceremony file: go on with `antin ceremony run`");
}

// The last issuing CA that is there ends the ceremony of the home.
Status finish_if_whole(Ceremony& ceremony) {
  ANTIN_TRY(const std::optional<std::string> done, ceremony.store->fact(std::string(done_fact)));
  std::error_code error;
  for (const std::string name : issuer_names)
    if (!std::filesystem::exists(ceremony.home.crl(name), error)) return {};
  if (!done) ANTIN_CHECK(finish(ceremony));
  return ceremony.note({"end",
                        "home",
                        done.has_value(),
                        {{"required_approvals", std::to_string(ceremony.config.required_approvals)}}});
}

// With the tokens of officers and service open before the CA's: two SoftHSM2 homes are not open at once.
Status make_personal_keys(Ceremony& ceremony) {
  ceremony.watch.at_step("init.step.service");
  ANTIN_CHECK(in("service", make_service_tokens(ceremony)));
  ceremony.watch.at_step("ceremony.step.officers");
  return in("officers", make_officer_tokens(ceremony));
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
  ANTIN_CHECK(require_no_file(session.home));
  const wiring::RootCeremony sample = sample_plan(plan);
  const CeremonyWatch watch{at_step, nullptr};
  Ceremony ceremony = begun(session, sample, watch);
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
  ANTIN_CHECK(issue_all(ceremony, plan));
  ANTIN_CHECK(finish(ceremony));
  return result;
}

Status hold_root(Session& session, const wiring::RootCeremony& root, const Sha256& digest, const CeremonyWatch& watch) {
  Ceremony ceremony = begun(session, root, watch);
  watch.at_step("init.step.home");
  ANTIN_CHECK(prepare_home(ceremony));
  ANTIN_CHECK(set_profiles(ceremony));
  ANTIN_CHECK(authority::begin_ceremony(ceremony.context(), "root", digest));
  ANTIN_CHECK(make_personal_keys(ceremony));
  ANTIN_TRY(Tokens ca, wiring::open_ca(ceremony.home, ceremony.config));
  watch.at_step("init.step.root");
  ANTIN_CHECK(in("root", make_root(ceremony, ca, root.root)));
  watch.at_step("ceremony.step.list");
  return publish_first_list(ceremony, ca, "root");
}

Status hold_issuing(Session& session, const wiring::RootCeremony& root, const wiring::IssuingCeremony& issuing,
                    const Sha256& digest, const CeremonyWatch& watch) {
  Ceremony ceremony = begun(session, root, watch);
  ANTIN_CHECK(prepare_home(ceremony));
  ANTIN_CHECK(set_profiles(ceremony));
  const std::string& name = issuing.issuer.name;
  ANTIN_CHECK(authority::begin_ceremony(ceremony.context(), name, digest));
  const bool certifies_officers = name == "government";
  if (certifies_officers) ANTIN_CHECK(make_personal_keys(ceremony));
  ANTIN_TRY(Tokens ca, wiring::open_ca(ceremony.home, ceremony.config));
  ANTIN_TRY(const Issuer by, open_made(ceremony, ca, "root"));
  watch.at_step("ceremony.step." + name);
  ANTIN_CHECK(in(name, make_issuing(ceremony, ca, by, issuing.issuer)));
  if (certifies_officers) {
    watch.at_step("init.step.certificates");
    ANTIN_TRY(const Issuer government, open_made(ceremony, ca, name));
    ANTIN_CHECK(make_officers(ceremony, government));
    ANTIN_CHECK(make_service(ceremony, government));
  }
  watch.at_step("ceremony.step.list");
  ANTIN_CHECK(publish_first_list(ceremony, ca, name));
  return finish_if_whole(ceremony);
}

}  // namespace antin::commands
