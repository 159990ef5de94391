// Whoever has root on the machine, and the issuing token's PIN, but no officer's token: every way to a certificate that
// `antin log verify` accepts. docs/threat-model.md has the table.
#include <sqlite3.h>

#include "ca/authority/approval_audit.h"
#include "ca/authority/incident.h"
#include "ca/authority/issue_steps.h"
#include "ca/authority/proposal.h"
#include "ca/authority/reconcile.h"
#include "ca/authority/roster_json.h"
#include "ca/authority/row_tbs.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

using Entries = std::vector<Bytes>;
using Fields = std::vector<std::pair<std::string, std::string>>;

// P-1 to P-3 are issued, with two officers' approvals and after the ceremony's end; P-4's row is approved and waits.
struct Machine : LifeFixture {
  Bytes issued, waiting;
  std::string waiting_text;

  Machine() : LifeFixture(0) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->append_log(log::entry(clock.now(), "ceremony", {{"required_approvals", "2"}})));
    REQUIRE(transaction->commit());
    issued = approved(file(rows(3)));
    REQUIRE(must(authority::issue_roster(context(), issued, plan(), {})).issued == 3);
    auto late = row(4, *hsm::software::generate({}).value());
    late["row"] = 1;
    waiting = approved(file({late}));
    REQUIRE(verify());
    clock.set(clock.now() + hours(1));
  }

  // As `antin log verify` does where antin.toml asks for no approval at all.
  Status verify(const std::optional<log::Verification>& earlier = std::nullopt) {
    ANTIN_TRY([[maybe_unused]] const auto log, log::verify(*store, earlier));
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 0));
    return {};
  }
  std::string refusal(const std::optional<log::Verification>& earlier = std::nullopt) {
    const Status found = verify(earlier);
    return found ? "" : found.error().message;
  }

  // With an editor of databases.
  void sql(const std::string& text) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((folder / "antin.sqlite").c_str(), &database) == SQLITE_OK);
    char* message = nullptr;
    sqlite3_exec(database, text.c_str(), nullptr, nullptr, &message);
    const std::string told = message == nullptr ? "" : message;
    sqlite3_free(message);
    sqlite3_close(database);
    INFO(text);
    REQUIRE(told == "");
  }
  Entries entries() {
    Entries all;
    REQUIRE(store->for_each_log_entry(0, [&](const store::LogEntry& entry) -> Status {
      all.push_back(entry.entry);
      return {};
    }));
    return all;
  }
  // The whole log anew, with right indexes and hashes.
  void write_log(const Entries& all) {
    std::string text = "BEGIN; DELETE FROM log;";
    for (std::size_t i = 0; i < all.size(); ++i)
      text += "INSERT INTO log VALUES (" + std::to_string(i) + ", X'" + to_hex(all[i]) + "', X'" +
              to_hex(log::leaf_hash(all[i])) + "');";
    sql(text + "COMMIT;");
  }
  void append(std::string_view type, const Fields& fields) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->append_log(log::entry(clock.now(), type, fields)));
    REQUIRE(transaction->commit());
  }
  std::size_t end_of_ceremony(const Entries& all) {
    for (std::size_t i = 0; i < all.size(); ++i)
      if (text_of(all[i]).contains("\"type\":\"ceremony\"")) return i;
    return all.size();
  }

  // Signed by the CA's token for a key of root's own, with intent, certificate and entries as the authority writes them.
  store::CertificateRecord certify(const std::string& request, const std::string& profile = "personal") {
    const auto found = must(issuance::built_in_profile(profile));
    std::vector<std::string> mails;
    Fields fields{{"o", "DỮ LIỆU GIẢ LẬP"}, {"ou", "PHÒNG THỬ"}, {"cn", "Người Lạ"}};
    if (profile == "personal") fields.emplace_back("mail", mails.emplace_back("la@lamdong.test"));
    const auto subject = must(found.subject(fields));
    return must(authority::issue_single(context(), *government, "government",
                                        {.request_id = request,
                                         .profile = profile,
                                         .content = {subject, to_bytes(own_key->public_key_info()), mails, {}},
                                         .key_location = "subscriber",
                                         .key_uri = {},
                                         .subscriber = "P-9",
                                         .mail = {}}));
  }
  // Store and log say that the officer approved; the signature is whatever root has.
  void write_approval(const Bytes& hash, const std::string& officer, const Bytes& signature) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_approval({hash, officer, "ecdsa-sha256", signature, clock.now()}));
    REQUIRE(transaction->append_log(
        log::entry(clock.now(), "roster.approve",
                   {{"roster", to_hex(hash)}, {"officer", officer}, {"signature", to_hex(signature)}})));
    REQUIRE(transaction->commit());
  }
  Bytes signature_of(const Bytes& hash, std::size_t officer) {
    for (const auto& approval : must(store->approvals(hash)))
      if (approval.officer_id == officers[officer]) return approval.signature;
    FAIL("the officer did not approve");
    return {};
  }
  // A roster with root's own key, handed in as anybody may.
  Bytes own_roster() {
    auto own = row(9, *own_key);
    own["row"] = 1;
    return submit(file({own}));
  }
  // Issued by the program itself, told that no approval is needed.
  void issue_unapproved(const Bytes& hash) {
    auto lax = plan();
    lax.required_approvals = 0;
    REQUIRE(must(authority::issue_roster(context(), hash, lax, {})).issued == 1);
  }
  // Store and log say that the officer approved the proposal; root's own key signed.
  void write_proposal_approval(const Bytes& hash, const std::string& officer) {
    const Bytes signature = must(
        own_key->sign(hsm::SignatureScheme::ecdsa_sha256, authority::proposal_statement(hash, officer)));
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_approval({hash, officer, "ecdsa-sha256", signature, clock.now()}));
    REQUIRE(transaction->append_log(
        log::entry(clock.now(), "proposal.approve",
                   {{"proposal", to_hex(hash)}, {"officer", officer}, {"signature", to_hex(signature)}})));
    REQUIRE(transaction->commit());
  }
  // The approved row that waits, by profiles of root's own.
  void issue_by(const issuance::ProfileSet& profiles) {
    std::optional<store::RosterRow> stored;
    REQUIRE(store->for_each_row(waiting, 1, [&](const store::RosterRow& row) -> Status {
      stored = row;
      return {};
    }));
    const Time now = clock.now();
    const auto row = must(authority::row_from_canonical(1, stored->content));
    auto content = must(
        authority::row_content(profiles, row, {}, must(authority::public_key_of(stored->request)), now, now));
    const std::string mail = content.mail;
    const auto serial = must(x509::SerialNumber::random(random));
    const issuance::Issuer& by = row.bloc == "party" ? *party : *government;
    auto tbs = must(authority::linted_row(profiles, row, std::move(content), by.identity(), serial, now));
    const store::Intent intent{to_hex(waiting) + "/1", row.bloc,     serial,    to_bytes(tbs.der()), row.kind, row.profile,
                               "subscriber",           std::string(), row.code, mail};
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_intents({intent}));
    REQUIRE(authority::record_intent(*transaction, intent, {}, now));
    const auto record = must(authority::sign_intent(by, intent, std::move(tbs)));
    REQUIRE(authority::record_certificate(*transaction, record, intent, now));
    REQUIRE(transaction->commit());
  }
  Key own_key = hsm::software::generate({}).value();
};

}  // namespace

TEST_CASE("root without an officer: rows of the store that are written, changed or taken away are found") {
  Machine f;
  const std::string first = "(SELECT min(seq) FROM intent WHERE request_id LIKE '" + to_hex(f.issued) + "/%')";
  SECTION("a certificate that the log does not know") {
    f.certify("device/1");
    Entries all = f.entries();
    all.resize(all.size() - 2);
    f.write_log(all);
    CHECK(f.refusal().contains("is not in it"));
  }
  SECTION("the certificate itself") {
    const auto der = f.certify("device/1").der;
    f.sql("UPDATE certificate SET der = X'" + to_hex(der) + "' WHERE seq = " + first);
    CHECK(f.refusal().contains("in the store is not the one that was logged"));
  }
  SECTION("an approved row") {
    f.sql("UPDATE roster_row SET content = CAST(replace(content, 'Thử 1', 'Lạ') AS BLOB) WHERE number = 1");
    CHECK(f.refusal() != "");
  }
  SECTION("an approved request") {
    const auto other = x509::CertificationRequest::make(f.name("bất kỳ"), *f.own_key).value();
    f.sql("UPDATE roster_row SET request = X'" + to_hex(other.der()) + "' WHERE number = 1");
    CHECK(f.refusal().contains("another key than its approved row"));
  }
  SECTION("a certificate is taken away") {
    f.sql("DELETE FROM certificate WHERE seq = " + first);
    CHECK(f.refusal().contains("is logged and not there"));
  }
  SECTION("an approval is taken away") {
    f.sql("DELETE FROM approval WHERE seq = 1");
    CHECK(f.refusal().contains("is logged and not there"));
  }
  SECTION("an approval that the log does not know") {
    f.sql("INSERT INTO approval SELECT 99, subject_hash, 'government-01', scheme, signature, at FROM approval LIMIT 1");
    CHECK(f.refusal().contains("is not in it"));
  }
  SECTION("a roster that the log does not know") {
    f.sql("INSERT INTO roster SELECT 99, zeroblob(32), name, submitted_at, row_count, format FROM roster LIMIT 1");
    CHECK(f.refusal() != "");
  }
  SECTION("a proposal that the log does not know, as the ceremony's") {
    const authority::RoleChange change{authority::Role::officer, true, "government-01", {}, {}, {}};
    const Bytes content = authority::proposal_content({1, 1, change});
    f.sql("INSERT INTO proposal VALUES (1, X'" + to_hex(sha256(content)) + "', X'" + to_hex(content) + "', 0, 1)");
    CHECK(f.refusal().contains("is not in it"));
  }
  SECTION("a fact: an issuer that is in service") {
    f.sql("INSERT OR REPLACE INTO fact VALUES ('issuers.in_service', 'government-2')");
    CHECK(f.refusal().contains("is not in it"));
  }
}

TEST_CASE("root without an officer: entries of the log that are changed or taken away are found") {
  Machine f;
  SECTION("changed") {
    f.sql("UPDATE log SET entry = replace(entry, '\"2\"', '\"1\"') WHERE instr(entry, 'required_approvals')");
    CHECK(f.refusal().contains("does not match its leaf hash"));
  }
  SECTION("taken away from its middle") {
    f.sql("DELETE FROM log WHERE idx = 3");
    CHECK(f.refusal().contains("is missing"));
  }
  SECTION("taken away from its end") {
    f.sql("DELETE FROM log WHERE idx = (SELECT max(idx) FROM log)");
    CHECK(f.refusal().contains("is not in it"));
  }
}

TEST_CASE("root without an officer: a certificate from the CA's token, with store and log as they should be, is refused") {
  Machine f;
  std::string why = "0 of 2 approvals";
  SECTION("of no roster") { f.certify("device/1"); }
  SECTION("of a roster that nobody handed in") { f.certify(std::string(64, 'a') + "/1"); }
  SECTION("in the ceremony's name, after its end") { f.certify("ceremony/officer-3", "officer"); }
  SECTION("in the name of a proposal for an issuer") { f.certify("issuer/" + std::string(64, 'a')); }
  SECTION("in the name of an officer's encryption key") { f.certify("encryption/" + f.officers[0]); }
  SECTION("after a second ceremony that asks for none") {
    f.append("ceremony", {{"required_approvals", "0"}});
    f.certify("ceremony/officer-3", "officer");
  }
  SECTION("for a row that is issued") {
    f.sql("UPDATE intent SET request_id = 'moved' WHERE request_id = '" + to_hex(f.issued) + "/1'");
    f.certify(to_hex(f.issued) + "/1");
    why = "was taken up twice";
  }
  SECTION("for an approved row that waits") {
    f.certify(to_hex(f.waiting) + "/1");
    why = "another key than its approved row";
  }
  SECTION("for a row that the approved roster does not have") {
    f.certify(to_hex(f.waiting) + "/2");
    why = "a row that its roster does not have";
  }
  SECTION("decided in the ceremony, as the log says, and made after its end") {
    f.certify("ceremony/officer-3", "officer");
    Entries all = f.entries();
    const Bytes intent = all[all.size() - 2];
    all.erase(all.end() - 2);
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(f.end_of_ceremony(all)), intent);
    f.write_log(all);
    why = "of the ceremony was made after its end";
  }
  CHECK_THAT(f.refusal(), Catch::Matchers::ContainsSubstring(why));
}

TEST_CASE("root without an officer: approvals that are forged, replayed or too late count for nothing") {
  Machine f;
  const Bytes own = f.own_roster();
  SECTION("antin.toml asks for none") {}
  SECTION("signed with a key of root's own") {
    for (const std::string& officer : f.officers)
      f.write_approval(own, officer,
                       must(f.own_key->sign(hsm::SignatureScheme::ecdsa_sha256,
                                            authority::approval_statement(own, officer))));
  }
  SECTION("signed by the CA's token") {
    for (const std::string& officer : f.officers)
      f.write_approval(own, officer,
                       must(f.government_key->sign(hsm::SignatureScheme::ecdsa_sha256,
                                                   authority::approval_statement(own, officer))));
  }
  SECTION("those of another roster") {
    for (std::size_t i = 0; i < 2; ++i) f.write_approval(own, f.officers[i], f.signature_of(f.issued, i));
  }
  SECTION("one officer's, twice") {
    REQUIRE(authority::approve(f.context(), own, f.officers[0], *f.officer_keys[0]));
    f.append("roster.approve", {{"roster", to_hex(own)},
                                {"officer", f.officers[0]},
                                {"signature", to_hex(f.signature_of(own, 0))}});
    f.write_approval(own, f.officers[1], f.signature_of(own, 0));
  }
  SECTION("one that an officer made while in office, written after the certificate was revoked") {
    REQUIRE(authority::approve(f.context(), own, f.officers[0], *f.officer_keys[0]));
    const Bytes kept = must(f.officer_keys[1]->sign(hsm::SignatureScheme::ecdsa_sha256,
                                                    authority::approval_statement(own, f.officers[1])));
    REQUIRE(authority::revoke(f.context(), f.officers[1], x509::RevocationReason::cessation_of_operation, {}, "nghỉ"));
    SECTION("as it is") {}
    SECTION("and the certificate is resumed") {
      auto transaction = must(f.store->begin());
      const Time now = f.clock.now();
      REQUIRE(transaction->add_revocation({f.officers[1], store::RevocationEvent::Act::resume,
                                           x509::RevocationReason::unspecified, now, std::nullopt, ""}));
      REQUIRE(transaction->append_log(
          log::entry(now, "certificate.resume",
                     {{"certificate", f.officers[1]}, {"reason", "unspecified"}, {"remark", ""}})));
      REQUIRE(transaction->commit());
    }
    f.write_approval(own, f.officers[1], kept);
  }
  f.issue_unapproved(own);
  CHECK(f.verify().error().code == ErrorCode::permission_denied);
}

TEST_CASE("root without an officer: profiles, issuers, officers and incidents of root's own are in force nowhere") {
  Machine f;
  std::string why;
  SECTION("an issuer without a proposal") {
    f.append("issuer.in_service", {{"issuer", "government-2"}, {"proposal", ""}, {"certificate", ""}});
    f.sql("INSERT OR REPLACE INTO fact VALUES ('issuers.in_service', 'government-2')");
    why = "was put in service without the officers' decision";
  }
  SECTION("profiles in force, as the officers' forged signatures say, and an approved row issued by them") {
    auto other = nlohmann::json::parse(must(issuance::ProfileSet().text("personal")));
    other["version"] = 9;
    other["extended_key_usage"] = {"1.3.6.1.5.5.7.3.4"};
    const auto profiles = must(issuance::ProfileSet::compose({other.dump()}, {}));
    const Bytes hash = must(authority::propose(f.context(), authority::ProfileChange{profiles}, 2));
    for (const std::string& officer : f.officers) f.write_proposal_approval(hash, officer);
    f.issue_by(profiles);
    why = "for other purposes";
  }
  SECTION("root's own certificate as an officer's, with forged approvals, and a roster that it approves twice") {
    const std::string third = must(f.store->certificates({.subscriber = "P-3"}, f.clock.now())).front().id;
    const Bytes hash = must(authority::propose(
        f.context(), authority::RoleChange{authority::Role::officer, true, third, {}, {}, {}}, 2));
    for (const std::string& officer : f.officers) f.write_proposal_approval(hash, officer);
    const Bytes own = f.own_roster();
    f.write_approval(own, third, must(f.own_key->sign(hsm::SignatureScheme::ecdsa_sha256,
                                                      authority::approval_statement(own, third))));
    f.issue_unapproved(own);
    why = "0 of 2 approvals";
  }
  SECTION("an incident that nobody approved") {
    const auto made = must(authority::create_incident(
        f.context(), {.name = "thử",
                      .description = "thử",
                      .selection = {.issuers = {"government"}},
                      .reason = x509::RevocationReason::key_compromise,
                      .time_to_act = hours(24)}));
    REQUIRE(authority::run_incident(f.context(), made.hash, {.required_approvals = 0}, {}));
    why = "approvals";
  }
  CHECK_THAT(f.refusal(), Catch::Matchers::ContainsSubstring(why));
  CHECK(f.refusal() != "");
}

TEST_CASE("root without an officer: a past that agrees with itself is found by a size and a root that were written down") {
  Machine f;
  const log::Verification earlier = must(log::verify(*f.store));
  REQUIRE(f.verify(earlier));
  SECTION("log and store go back to what they were") {
    const Entries all = f.entries();
    f.clock.set(f.clock.now() + hours(1));
    REQUIRE(must(authority::issue_roster(f.context(), f.waiting, f.plan(), {})).issued == 1);
    const log::Verification later = must(log::verify(*f.store));
    f.write_log(all);
    f.sql("DELETE FROM certificate WHERE seq = (SELECT max(seq) FROM intent);"
          "DELETE FROM intent WHERE seq = (SELECT max(seq) FROM intent);");
    CHECK(f.verify());  // nothing on the machine tells
    CHECK(f.verify(earlier));
    CHECK(f.refusal(later).contains("entries were taken away"));
  }
  SECTION("a ceremony that went on for longer, with an officer of root's own") {
    f.certify("ceremony/officer-3", "officer");
    Entries all = f.entries();
    const std::size_t end = f.end_of_ceremony(all);
    std::rotate(all.begin() + static_cast<std::ptrdiff_t>(end), all.end() - 2, all.end());
    f.write_log(all);
    CHECK(f.verify());
    CHECK(f.refusal(earlier).contains("it was written anew"));
  }
  SECTION("what comes after is no matter") {
    REQUIRE(must(authority::issue_roster(f.context(), f.waiting, f.plan(), {})).issued == 1);
    CHECK(f.verify(earlier));
  }
}
