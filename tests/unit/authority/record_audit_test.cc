// Columns of the store that an editor of databases changed: whatever the log, an approved row or the certificate itself
// binds is found.
#include <sqlite3.h>

#include "ca/authority/approval_audit.h"
#include "ca/authority/proposal.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/life_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

// P-1 was revoked, P-2 was changed into another unit; a proposal waits, and so does the roster of P-9.
struct Edited : LifeFixture {
  Bytes waiting;

  Edited() : LifeFixture(0) {
    auto transaction = must(store->begin());
    REQUIRE(transaction->append_log(log::entry(clock.now(), "ceremony", {{"required_approvals", "2"}})));
    REQUIRE(transaction->commit());
    must(authority::propose(context(), profiles(), 2));
    done(file(rows(2)));
    REQUIRE(authority::revoke(context(), of("P-1").id, x509::RevocationReason::superseded, {}, "thử", body));
    done(acts({change(1, of("P-2"), "PHÒNG KHÁC")}));
    auto late = row(9, *hsm::software::generate({}).value());
    late["row"] = 1;
    waiting = approved(file({late}));
    REQUIRE(refusal() == "");
  }
  static authority::ProfileChange profiles() {
    return {issuance::ProfileSet::compose({}, {{"personal", {"1.3.6.1.4.1.32473.9.2"}}}).value()};
  }
  // As `antin log verify`.
  Status verify() {
    ANTIN_TRY([[maybe_unused]] const auto log, log::verify(*store, std::nullopt));
    ANTIN_CHECK(authority::reconcile(*store, clock.now()));
    ANTIN_TRY([[maybe_unused]] const auto audit, authority::audit_approvals(*store, 0));
    return {};
  }
  std::string refusal() {
    const Status found = verify();
    return found ? "" : found.error().message;
  }
  void sql(const std::string& text) {
    sqlite3* database = nullptr;
    REQUIRE(sqlite3_open((folder / "antin.sqlite").c_str(), &database) == SQLITE_OK);
    char* message = nullptr;
    sqlite3_exec(database, text.c_str(), nullptr, nullptr, &message);
    const std::string told = message == nullptr ? "" : message;
    sqlite3_free(message);
    const int changed = sqlite3_total_changes(database);
    sqlite3_close(database);
    INFO(text);
    REQUIRE(told == "");
    REQUIRE(changed > 0);
  }
  void intent(const std::string& code, const std::string& change) {
    sql("UPDATE intent SET " + change + " WHERE seq = (SELECT max(seq) FROM intent WHERE subscriber = '" + code + "')");
  }
  void certificate(const std::string& code, const std::string& change) {
    sql("UPDATE certificate SET " + change + " WHERE seq = (SELECT max(seq) FROM intent WHERE subscriber = '" + code +
        "')");
  }
};

bool names_column(const std::string& refusal, const std::string& column) {
  return refusal.contains("the column " + column + " of the certificate ");
}

}  // namespace

TEST_CASE("a column of an issued certificate that an editor of databases changed is found and named") {
  Edited f;
  std::string column;
  SECTION("whose it is") { f.intent("P-1", "subscriber = 'P-7'"), column = "subscriber"; }
  SECTION("of which kind") { f.intent("P-1", "kind = 'officer'"), column = "kind"; }
  SECTION("its address") { f.intent("P-1", "mail = 'khac@lamdong.test'"), column = "mail"; }
  SECTION("no address") { f.intent("P-1", "mail = ''"), column = "mail"; }
  SECTION("its profile") { f.intent("P-1", "profile = 'organisation'"), column = "profile"; }
  SECTION("where its key is") { f.intent("P-1", "key_location = 'token'"), column = "key_location"; }
  SECTION("which key it is") { f.intent("P-1", "key_uri = 'pkcs11:object=khac'"), column = "key_uri"; }
  SECTION("which row asked for it") { f.intent("P-1", "request_id = 'khac/1'"), column = "request_id"; }
  SECTION("its subject") { f.certificate("P-1", "subject = 'CN=Người Khác'"), column = "subject"; }
  SECTION("its beginning") { f.certificate("P-1", "not_before = not_before - 1"), column = "not_before"; }
  SECTION("its end") { f.certificate("P-2", "not_after = not_after - 86400"), column = "not_after"; }
  SECTION("its key") { f.certificate("P-1", "key_hash = zeroblob(32)"), column = "key_hash"; }
  SECTION("why the one before ended") { f.sql("UPDATE succession SET reason = 9"), column = "succession"; }
  SECTION("an officer's, who would be none") {
    f.sql("UPDATE intent SET kind = 'device' WHERE id = '" + f.officers[0] + "'"), column = "kind";
  }
  SECTION("that of a CA, who would be an officer") {
    f.sql("UPDATE intent SET kind = 'officer' WHERE request_id = 'ceremony/party'"), column = "kind";
  }
  SECTION("the names of two CAs, the one for the other") {
    f.sql(
        "UPDATE intent SET request_id = 'x' WHERE request_id = 'ceremony/party';"
        "UPDATE intent SET request_id = 'ceremony/party' WHERE request_id = 'ceremony/government';"
        "UPDATE intent SET request_id = 'ceremony/government' WHERE request_id = 'x'");
    column = "request_id";
  }
  const std::string found = f.refusal();
  INFO(found);
  CHECK(names_column(found, column));
}

TEST_CASE("a column of another act that an editor of databases changed is found") {
  Edited f;
  std::string what = "is not in it";
  SECTION("until when a revoked certificate stays on lists") {
    f.sql("UPDATE revocation SET not_after = not_after - 86400");
  }
  SECTION("a serial that nobody issued, on lists") {
    f.sql(
        "INSERT INTO revocation SELECT issuer, x'00000000000000000000000000000000000000AA', 0, 0, 1, at, NULL, "
        "not_after, '', '' FROM revocation LIMIT 1");
  }
  SECTION("when a roster was handed in, which decides by which decree") {
    f.sql("UPDATE roster SET submitted_at = submitted_at - 86400");
    what = "in the store is not the one that was logged";
  }
  SECTION("when an officer approved") {
    f.sql("UPDATE approval SET at = at - 86400");
    what = "is logged and not there";
  }
  SECTION("when it was proposed") {
    f.sql("UPDATE proposal SET at = at - 86400");
    what = "in the store is not the one that was logged";
  }
  SECTION("a decision that nobody took, for recovery to sign") {
    f.sql(
        "INSERT INTO intent SELECT 99, (SELECT lower(hex(hash)) FROM roster ORDER BY seq DESC LIMIT 1) || '/1', "
        "'party-AA', 'party', x'00000000000000000000000000000000000000AA', tbs, kind, profile, key_location, key_uri, "
        "'P-9', mail FROM intent LIMIT 1");
  }
  const std::string found = f.refusal();
  INFO(found);
  CHECK(found.contains(what));
}

TEST_CASE("a decision that waits for its certificate is compared with the log too") {
  Edited f;
  struct Stop {};
  auto plan = f.plan();
  plan.at_step = [](std::string_view step) {
    if (step == "after-commit") throw Stop{};
  };
  CHECK_THROWS_AS(authority::issue_roster(f.context(), f.waiting, plan, {}), Stop);
  REQUIRE(must(f.store->open_intents()).size() == 1);
  CHECK(f.refusal() == "");
  SECTION("other bytes") { f.intent("P-9", "tbs = x'3000'"); }
  SECTION("another profile") { f.intent("P-9", "profile = 'organisation'"); }
  SECTION("taken away") { f.sql("DELETE FROM intent WHERE subscriber = 'P-9'"); }
  CHECK(f.refusal().contains("the decision on the request"));
}
