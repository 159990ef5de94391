#include "ca/authority/approval_audit.h"

#include "ca/authority/issue_steps.h"
#include "ca/authority/profile_guard.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;

namespace {

void end_ceremony(AuthorityFixture& f, const char* required = "2") {
  auto transaction = f.store->begin().value();
  REQUIRE(transaction->append_log(
      log::entry(f.clock.now(), "ceremony", {{"version", "0"}, {"required_approvals", required}})));
  REQUIRE(transaction->commit().has_value());
}

// A roster of three, approved and issued.
Bytes issued_roster(AuthorityFixture& f) {
  const Bytes hash = f.submit(f.file(f.rows(3)));
  f.approve(hash);
  CHECK(authority::issue_roster(f.context(), hash, f.plan(), {}).value().issued == 3);
  return hash;
}

Result<authority::ApprovalAudit> audit(AuthorityFixture& f) { return authority::audit_approvals(*f.store, 2); }

Error refusal(AuthorityFixture& f) {
  auto found = audit(f);
  REQUIRE_FALSE(found.has_value());
  return found.error();
}

// What somebody does who holds an issuing key and may write to the store, but has no officer's token.
void issue_alone(AuthorityFixture& f, const std::string& request_id) {
  const auto profile = issuance::built_in_profile("personal").value();
  const auto subject =
      profile.subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Người Lạ"}, {"mail", "la@lamdong.test"}});
  const auto key = hsm::software::generate({}).value();
  const auto made =
      authority::issue_single(f.context(), *f.government, "government",
                              {.request_id = request_id,
                               .profile = "personal",
                               .content = {*subject, to_bytes(key->public_key_info()), {"la@lamdong.test"}, {}},
                               .key_location = "subscriber",
                               .key_uri = {},
                               .subscriber = "P-9",
                               .mail = "la@lamdong.test"});
  INFO((made ? "" : made.error().message));
  REQUIRE(made.has_value());
}

// The first row of an approved roster, issued with an end that is `earlier` by so many days, and logged so.
void issue_first_row(AuthorityFixture& f, const Bytes& hash, const authority::Spread& spread) {
  const auto profiles = authority::profiles_in_force(*f.store, f.clock.now()).value();
  std::optional<store::RosterRow> stored;
  REQUIRE(f.store
              ->for_each_row(hash, 1,
                             [&](const store::RosterRow& row) -> Status {
                               if (row.row == 1) stored = row;
                               return {};
                             })
              .has_value());
  const auto row = authority::row_from_canonical(1, stored->content).value();
  const Time now = f.clock.now();
  auto content = authority::row_content(profiles, row, {}, authority::public_key_of(stored->request).value(), now, now);
  REQUIRE(content.has_value());
  content->earlier = spread.earlier;
  const std::string mail = content->mail;
  const auto serial = x509::SerialNumber::random(f.random).value();
  auto tbs = authority::linted_row(profiles, row, *std::move(content), f.government->identity(), serial, now);
  REQUIRE(tbs.has_value());
  const store::Intent intent{to_hex(hash) + "/1", row.bloc,     serial,    to_bytes(tbs->der()), row.kind, row.profile,
                             "subscriber",        std::string(), row.code, mail};
  auto transaction = f.store->begin().value();
  REQUIRE(transaction->add_intents({intent}).has_value());
  REQUIRE(authority::record_intent(*transaction, intent, spread, now).has_value());
  const auto record = authority::sign_intent(*f.government, intent, *std::move(tbs)).value();
  REQUIRE(authority::record_certificate(*transaction, record, intent, now).has_value());
  REQUIRE(transaction->commit().has_value());
}

}  // namespace

TEST_CASE("an end that is put earlier by other days than roster and row make is found, and so is a later one") {
  AuthorityFixture f(time_at(2026, 3, 2, 1));
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(40)));
  f.approve(hash);
  const days right = policy::spread(60, hash, 1, 40, days(1825));
  SECTION("as it should be") {
    issue_first_row(f, hash, {right, 60});
    CHECK(audit(f).value().approved == 1);
    return;
  }
  SECTION("other days") { issue_first_row(f, hash, {right + days(1), 60}); }
  SECTION("other days of a policy") { issue_first_row(f, hash, {right + days(1), 59}); }
  SECTION("later than the profile has it") { issue_first_row(f, hash, {days(-30), 0}); }
  CHECK(refusal(f).code == ErrorCode::data_loss);
}

TEST_CASE("ends that were spread are computed anew: an end that nothing explains is found") {
  AuthorityFixture f(time_at(2026, 3, 2, 1));
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(40)));
  f.approve(hash);
  CHECK(authority::issue_roster(f.context(), hash, f.plan(), {}).value().issued == 40);
  CHECK(audit(f).value().approved == 40);
  std::uint64_t spread = 0;
  REQUIRE(f.store
              ->for_each_log_entry(0,
                                   [&](const store::LogEntry& entry) -> Status {
                                     const std::string text(text_of(entry.entry));
                                     if (text.contains("\"earlier\":\"") && text.contains("\"spread\":\"60\"")) ++spread;
                                     return {};
                                   })
              .has_value());
  CHECK(spread > 30);
}

TEST_CASE("who follows whom is what officers approved: a link that somebody wrote beside is found") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = issued_roster(f);
  const auto revoked = f.store->certificates({.subscriber = "P-1"}, f.clock.now()).value().front();
  const auto write = [&](std::vector<std::pair<std::string, std::string>> fields) {
    fields.insert(fields.end(), {{"certificate", revoked.id}, {"reason", "cessationOfOperation"}, {"remark", ""}});
    auto transaction = f.store->begin().value();
    REQUIRE(transaction
                ->add_revocation({revoked.id, store::RevocationEvent::Act::revoke,
                                  x509::RevocationReason::cessation_of_operation, f.clock.now(), std::nullopt, "",
                                  "P-2"})
                .has_value());
    REQUIRE(transaction->append_log(log::entry(f.clock.now(), "certificate.revoke", fields)).has_value());
    REQUIRE(transaction->commit().has_value());
  };
  SECTION("without a roster") { write({{"followed_by", "P-2"}}); }
  SECTION("by a row that issued") { write({{"followed_by", "P-2"}, {"request", to_hex(hash) + "/1"}}); }
  SECTION("by a row that is not there") { write({{"followed_by", "P-2"}, {"request", to_hex(hash) + "/9"}}); }
  CHECK(refusal(f).code == ErrorCode::permission_denied);
}

TEST_CASE("what the ceremony made and officers approved passes, and the number that the ceremony recorded counts") {
  AuthorityFixture f;
  end_ceremony(f);
  issued_roster(f);
  const auto found = authority::audit_approvals(*f.store, 1).value();
  CHECK(found.required == 2);
  CHECK(found.ceremony == 5);
  CHECK(found.approved == 3);
  CHECK(authority::audit_approvals(*f.store, 2, 3).error().code == ErrorCode::permission_denied);
}

TEST_CASE("a certificate that whoever holds the issuing key made alone is named") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = issued_roster(f);
  SECTION("outside of any roster") { issue_alone(f, "device/1"); }
  SECTION("in the name of the ceremony, which has ended") { issue_alone(f, "ceremony/officer-3"); }
  SECTION("as a row of a roster that does not exist") { issue_alone(f, std::string(64, 'a') + "/1"); }
  const Error error = refusal(f);
  CHECK(error.code == ErrorCode::permission_denied);
  CHECK(error.message.contains("0 of 2 approvals"));
}

TEST_CASE("a certificate beyond the rows that were approved has other content than its row") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(1)));
  f.approve(hash);
  issue_alone(f, to_hex(hash) + "/1");
  const Error error = refusal(f);
  CHECK(error.code == ErrorCode::data_loss);
  CHECK(error.message.contains("another key than its approved row"));
}

TEST_CASE("a certificate for a row that the approved roster does not have is named") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(1)));
  f.approve(hash);
  issue_alone(f, to_hex(hash) + "/2");
  CHECK(refusal(f).message.contains("a row that its roster does not have"));
}

TEST_CASE("approvals that come after the decision to sign, or from too few officers, are none") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(2)));
  auto plan = f.plan();
  plan.required_approvals = 1;  // somebody changed the configuration
  REQUIRE(authority::approve(f.context(), hash, f.officers[0], *f.officer_keys[0]).has_value());
  REQUIRE(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 2);
  CHECK(refusal(f).message.contains("1 of 2 approvals"));
  REQUIRE(authority::approve(f.context(), hash, f.officers[1], *f.officer_keys[1]).has_value());
  CHECK(refusal(f).message.contains("1 of 2 approvals"));
}

TEST_CASE("an approval with another's signature, or of an officer who was revoked then, does not count") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(1)));
  REQUIRE(authority::approve(f.context(), hash, f.officers[0], *f.officer_keys[0]).has_value());
  auto plan = f.plan();
  SECTION("forged") {
    // Both rows of the store and the log say that officer 2 signed; officer 1's key did.
    const Bytes signature =
        f.officer_keys[0]
            ->sign(hsm::SignatureScheme::ecdsa_sha256, authority::approval_statement(hash, f.officers[1]))
            .value();
    auto transaction = f.store->begin().value();
    REQUIRE(transaction->add_approval({hash, f.officers[1], "ecdsa-sha256", signature, f.clock.now()}).has_value());
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "roster.approve",
                   {{"roster", to_hex(hash)}, {"officer", f.officers[1]}, {"signature", to_hex(signature)}})));
    REQUIRE(transaction->commit().has_value());
  }
  SECTION("revoked") {
    REQUIRE(authority::revoke(f.context(), f.officers[1], x509::RevocationReason::key_compromise, {}, "").has_value());
    const Bytes statement = authority::approval_statement(hash, f.officers[1]);
    const Bytes signature = f.officer_keys[1]->sign(hsm::SignatureScheme::ecdsa_sha256, statement).value();
    auto transaction = f.store->begin().value();
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "roster.approve",
                   {{"roster", to_hex(hash)}, {"officer", f.officers[1]}, {"signature", to_hex(signature)}})));
    REQUIRE(transaction->commit().has_value());
  }
  plan.required_approvals = 1;
  REQUIRE(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 1);
  CHECK(refusal(f).message.contains("1 of 2 approvals"));
}

TEST_CASE("an officer who was revoked after approving did approve") {
  AuthorityFixture f;
  end_ceremony(f);
  issued_roster(f);
  f.clock = FixedClock(f.clock.now() + std::chrono::hours(24));
  REQUIRE(authority::revoke(f.context(), f.officers[1], x509::RevocationReason::cessation_of_operation, {}, "nghỉ hưu")
              .has_value());
  CHECK(audit(f).value().approved == 3);
}

TEST_CASE("a device's row carries its host names, which are approved with it") {
  AuthorityFixture f;
  end_ceremony(f);
  auto row = f.row(1, *hsm::software::generate({}).value());
  row["kind"] = row["profile"] = "device";
  row["code"] = "may.lamdong.test";
  row["fields"] = {
      {"o", "DỮ LIỆU GIẢ LẬP"}, {"cn", "may.lamdong.test"}, {"dns", "may.lamdong.test may-2.lamdong.test"}};
  const Bytes hash = f.submit(f.file({row}));
  f.approve(hash);
  REQUIRE(authority::issue_roster(f.context(), hash, f.plan(), {}).value().issued == 1);
  const auto devices = f.store->certificates({.kind = "device"}, f.clock.now()).value();
  REQUIRE(devices.size() == 1);
  CHECK(x509::Certificate::from_der(devices[0].der).value().dns_names() ==
        std::vector<std::string>{"may.lamdong.test", "may-2.lamdong.test"});
  CHECK(audit(f).value().approved == 1);
  row["fields"]["dns"] = "*.lamdong.test";
  CHECK(authority::check_roster(f.context(), authority::read_roster(bytes_of(f.file({row}))).value()).value()[0].rule ==
        "roster.lint");
}

namespace {

// A certificate that was signed past the authority, put into the store, and told to the log as `request`'s.
void smuggle(AuthorityFixture& f, const std::string& request, const std::string& tbs, bool with_intent) {
  const auto made = f.single(*f.government, "government", "smuggled", "officer",
                             issuance::built_in_profile("officer")
                                 .value()
                                 .subject({{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Người Lạ"}})
                                 .value(),
                             hsm::software::generate({}).value());
  auto transaction = f.store->begin().value();
  if (with_intent)
    REQUIRE(transaction->append_log(
        log::entry(f.clock.now(), "certificate.intent", {{"request", request}, {"tbs", tbs}, {"profile", "officer"}})));
  REQUIRE(transaction->append_log(log::entry(
      f.clock.now(), "certificate.issue",
      {{"certificate", made.id}, {"request", request}, {"tbs", tbs}, {"sha256", to_hex(sha256(made.der))}})));
  REQUIRE(transaction->commit().has_value());
}

std::string tbs_of(AuthorityFixture& f, const std::string& request) {
  std::string tbs;
  REQUIRE(f.store->for_each_log_entry(0, [&](const store::LogEntry& logged) -> Status {
    const auto entry = nlohmann::json::parse(logged.entry);
    if (entry["type"] == "certificate.intent" && entry["request"] == request) tbs = entry["tbs"];
    return {};
  }));
  return tbs;
}

}  // namespace

TEST_CASE("a decision of the ceremony, or one that was carried out, makes no second certificate") {
  AuthorityFixture f;
  // Before the end, so that the smuggled certificate's own honest entries pass and only the forged ones are judged.
  SECTION("of the ceremony, once more") { smuggle(f, "ceremony/officer-1", tbs_of(f, "ceremony/officer-1"), false); }
  SECTION("taken up again") { smuggle(f, "ceremony/officer-1", tbs_of(f, "ceremony/officer-1"), true); }
  SECTION("with the digest of other bytes") { smuggle(f, "ceremony/officer-9", std::string(64, '0'), true); }
  end_ceremony(f);
  CHECK(refusal(f).code == ErrorCode::permission_denied);
}

TEST_CASE("whoever is no officer of the ceremony approves nothing, though the store called it one") {
  AuthorityFixture f;
  end_ceremony(f);
  const Bytes hash = f.submit(f.file(f.rows(1)));
  REQUIRE(authority::approve(f.context(), hash, f.officers[0], *f.officer_keys[0]).has_value());
  const auto authorities = f.store->certificates({.kind = "issuing"}, f.clock.now()).value();
  const auto& government =
      authorities[0].issuer == "root" && authorities[0].subject.contains("Nhà nước") ? authorities[0] : authorities[1];
  const Bytes signature =
      f.government_key->sign(hsm::SignatureScheme::ecdsa_sha256, authority::approval_statement(hash, government.id))
          .value();
  auto transaction = f.store->begin().value();
  REQUIRE(transaction->append_log(
      log::entry(f.clock.now(), "roster.approve",
                 {{"roster", to_hex(hash)}, {"officer", government.id}, {"signature", to_hex(signature)}})));
  REQUIRE(transaction->commit().has_value());
  auto plan = f.plan();
  plan.required_approvals = 1;
  REQUIRE(authority::issue_roster(f.context(), hash, plan, {}).value().issued == 1);
  CHECK(refusal(f).message.contains("1 of 2 approvals"));
}

TEST_CASE("a log without the ceremony's end shows no approvals") {
  AuthorityFixture f;
  CHECK(refusal(f).code == ErrorCode::data_loss);
}

TEST_CASE("a roster's name is one line: else one hash would stand for two rosters") {
  AuthorityFixture f;
  const auto row = f.row(1, *hsm::software::generate({}).value());
  const std::string text = "{\"format\":\"antin-roster-1\",\"name\":\"thử\\n{}\"}\n" + row.dump() + "\n";
  CHECK(authority::read_roster(bytes_of(text)).error().message.contains("control character"));
}

TEST_CASE("a certificate of an approved row that comes from the other bloc's CA is not what was approved") {
  AuthorityFixture f;
  end_ceremony(f);
  const auto key = hsm::software::generate({}).value();
  const Bytes hash = f.submit(f.file({f.row(1, *key)}));
  f.approve(hash);
  const auto profile = issuance::built_in_profile("personal").value();
  const auto subject = profile.subject({{"o", "ỦY BAN NHÂN DÂN TỈNH LÂM ĐỒNG (DỮ LIỆU GIẢ LẬP)"},
                                        {"ou", "UBND XÃ ĐẠ K' NÀNG"},
                                        {"cn", "Nguyễn Văn Thử 1"},
                                        {"mail", "thu1@lamdong.test"}});
  REQUIRE(authority::issue_single(f.context(), *f.party, "party",
                                  {.request_id = to_hex(hash) + "/1",
                                   .profile = "personal",
                                   .content = {*subject, to_bytes(key->public_key_info()), {"thu1@lamdong.test"}, {}},
                                   .key_location = "subscriber",
                                   .key_uri = {},
                                   .subscriber = "P-1",
                                   .mail = "thu1@lamdong.test"})
              .has_value());
  const Error error = refusal(f);
  CHECK(error.code == ErrorCode::data_loss);
  INFO(error.message);
  CHECK(error.message.contains("comes from another CA"));
}
