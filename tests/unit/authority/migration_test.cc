// A store of every earlier version comes up to the newest one with everything in it, and a migration that fails leaves
// it as it was. Rows are those of real acts: what a version did not have yet is left out of it.
#include <sqlite3.h>

#include "ca/authority/key_block.h"
#include "ca/authority/proposal.h"
#include "ca/status/crl.h"
#include "ca/store/migrations.h"
#include "ca/store/store_version.h"
#include "tests/unit/authority/issuer_fixture.h"

using namespace antin;
using namespace antin::tests;

namespace {

class Sql {
 public:
  explicit Sql(const Path& file) { REQUIRE(sqlite3_open(file.c_str(), &handle_) == SQLITE_OK); }
  ~Sql() { sqlite3_close(handle_); }
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;
  void run(const std::string& sql) {
    char* why = nullptr;
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &why);
    INFO(sql << (why == nullptr ? "" : why));
    CHECK(code == SQLITE_OK);
    sqlite3_free(why);
  }
  // The first column of every row.
  std::vector<std::string> texts(const std::string& sql) {
    std::vector<std::string> all;
    const auto add = [](void* into, int, char** values, char**) {
      static_cast<std::vector<std::string>*>(into)->emplace_back(values[0] == nullptr ? "" : values[0]);
      return 0;
    };
    CHECK(sqlite3_exec(handle_, sql.c_str(), add, &all, nullptr) == SQLITE_OK);
    return all;
  }

 private:
  sqlite3* handle_ = nullptr;
};

std::vector<std::string> schema_of(const Path& file) {
  return Sql(file).texts("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
}
std::vector<std::string> tables_of(const Path& file) {
  return Sql(file).texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
}

// A home as a program of that version could have left it: acts that its schema has a place for.
struct Home : Issuers {
  std::string revoked, suspended;

  explicit Home(std::uint64_t version) {
    const Bytes hash = submit(file(rows(4)));
    approve(hash);
    REQUIRE(must(authority::issue_roster(context(), hash, plan(), {})).issued == 4);
    later();
    revoked = must(store->certificate("P-1", clock.now())).id;
    suspended = must(store->certificate("P-2", clock.now())).id;
    // Without an invalidity date.
    REQUIRE(authority::revoke(context(), revoked, x509::RevocationReason::superseded, {}, "đổi", body));
    REQUIRE(authority::suspend(context(), suspended, "tạm dừng"));
    later();
    publish("government");
    publish("party");
    submit(file(rows(2)));  // waits for approvals
    if (version >= 2) REQUIRE(authority::block_key(context(), next_key->public_key_info(), "thử"));
    if (version >= 4) add_foreign();
    if (version >= 5)
      adopt(must(authority::propose(
          context(), authority::RoleChange{authority::Role::auditor, true, officers[0], {}, {}, "thử"}, 2)));
    if (version >= 6) add_request();
    if (version >= 9) add_token();
    later();
  }
  void later() { clock.set(clock.now() + hours(1)); }
  void publish(const std::string& name) {
    status::CrlPlan made;
    made.issuer_name = name;
    made.issuer = name == "party" ? &*party : &*government;
    made.url = made.issuer->identity().crl_url;
    made.file = folder / (name + ".crl");
    must(status::build_and_publish(context(), made));
  }
  void logged(store::Transaction& transaction, const char* type,
              const std::vector<std::pair<std::string, std::string>>& fields) {
    REQUIRE(transaction.append_log(log::entry(clock.now(), type, fields)));
  }
  void add_foreign() {
    const auto known = must(x509::Certificate::from_der(must(store->certificate(officers[0], clock.now())).der));
    const Sha256 key = sha256(known.public_key_info());
    const Bytes issuer = to_bytes(known.issuer().der());
    store::ForeignCertificate one{.id = store::foreign_id(issuer, known.serial()),
                                  .issuer = issuer,
                                  .serial = known.serial(),
                                  .subject = known.subject().rfc4514(),
                                  .kind = "personal",
                                  .mail = "",
                                  .not_before = known.not_before(),
                                  .not_after = known.not_after(),
                                  .key_hash = Bytes(key.begin(), key.end()),
                                  .der = to_bytes(known.der()),
                                  .subscriber = "",
                                  .unit = "",
                                  .doubts = {},
                                  .imported_at = clock.now(),
                                  .events = {}};
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_foreign(one));
    logged(*transaction, "foreign.import",
           {{"certificate", one.id}, {"sha256", to_hex(sha256(one.der))}, {"doubts", ""}});
    REQUIRE(transaction->commit());
  }
  void add_request() {
    const store::OutsideRequest one{
        "request-0123456789abcdef", "CA khác", to_bytes("{}"), to_bytes("yêu cầu"), Bytes(32, 2), clock.now(),
        clock.now() + days(30),     {}};
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_outside_request(one));
    logged(*transaction, "request.collect",
           {{"request", one.id},
            {"authority", one.authority},
            {"sha256", to_hex(sha256(one.request))},
            {"row", to_hex(sha256(one.content))},
            {"until", to_rfc3339(one.until)}});
    REQUIRE(transaction->commit());
  }
  void add_token() {
    const store::PersonalToken one{"token-0123456789abcdef", "P-1-token", "P-1", to_bytes("{}"),
                                   to_bytes("escrow"),       clock.now(), {}};
    auto transaction = must(store->begin());
    REQUIRE(transaction->add_personal_token(one));
    logged(*transaction, "token.begin",
           {{"token", one.id},
            {"label", one.label},
            {"subscriber", one.subscriber},
            {"row", to_hex(sha256(one.content))},
            {"escrow", to_hex(sha256(one.escrow))}});
    REQUIRE(transaction->commit());
  }
  // The store as of `version`: the tables and columns of that time with the rows of this home.
  Path as_of(std::uint64_t version) {
    const Path old = folder / ("version-" + std::to_string(version) + ".sqlite");
    Sql sql(old);
    for (std::uint64_t i = 0; i < version; ++i) sql.run(std::string(store::migrations()[i]));
    sql.run("ATTACH '" + (folder / "antin.sqlite").string() + "' AS now");
    for (const std::string& table : sql.texts("SELECT name FROM main.sqlite_schema WHERE type = 'table'")) {
      std::string columns;
      for (const std::string& column : sql.texts("SELECT name FROM pragma_table_info('" + table + "', 'main')"))
        columns += (columns.empty() ? "" : ", ") + column;
      sql.run("INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM now." + table);
    }
    sql.run("DETACH now");
    sql.run("PRAGMA user_version = " + std::to_string(version));
    sql.run("PRAGMA application_id = " + std::to_string(0x416E5469));
    return old;
  }
};

const std::uint64_t newest = store::migrations().size();

}  // namespace

TEST_CASE("A store of every earlier version is migrated with all that is in it, verifies, and goes on") {
  const std::uint64_t version = GENERATE(range(std::uint64_t{1}, std::uint64_t{12}));
  if (version > newest) return;
  INFO("version " << version);
  Home home(version);
  const Path old = home.as_of(version);
  CHECK(must(store::store_versions(old)).file == version);
  CHECK(must(store::store_versions(old)).newest == newest);
  if (version < newest)
    CHECK(store::open_sqlite_store(old, true).error().code ==
          ErrorCode::failed_precondition);  // a reader migrates nothing
  const auto count = must(home.store->certificates({}, home.clock.now())).size();
  const auto size = must(home.store->log_size());

  home.store = must(store::open_sqlite_store(old));
  CHECK(must(store::store_versions(old)).file == newest);
  CHECK(schema_of(old) == schema_of(home.folder / "antin.sqlite"));
  CHECK(must(home.store->certificates({}, home.clock.now())).size() == count);
  CHECK(must(log::verify(*home.store)).size == size);
  CHECK(home.all_is_well());
  CHECK(must(home.store->foreign_certificates()).size() == (version >= 4 ? 1 : 0));
  CHECK(must(home.store->proposals()).size() == (version >= 5 ? 1 : 0));
  CHECK(must(home.store->outside_requests()).size() == (version >= 6 ? 1 : 0));
  CHECK(must(home.store->personal_tokens()).size() == (version >= 9 ? 1 : 0));
  CHECK(must(home.store->blocked_keys()).size() == (version >= 2 ? 1 : 0));

  // Rows of before are no worse than new ones: each is revoked, resumed, listed; and what waited is issued.
  REQUIRE(authority::resume(home.context(), home.suspended, "xong"));
  for (const char* code : {"P-3", "P-4"})
    REQUIRE(authority::revoke(home.context(), must(home.store->certificate(code, home.clock.now())).id,
                              x509::RevocationReason::key_compromise, home.clock.now() - days(1), "", home.body));
  home.later();
  home.publish("government");
  home.publish("party");
  CHECK(must(home.store->last_crl("government"))->entries == 2);
  CHECK(must(home.store->last_crl("party"))->entries == 1);
  const Bytes fresh = home.submit(home.file(home.rows(2)));
  home.approve(fresh);
  CHECK(must(authority::issue_roster(home.context(), fresh, home.plan(), {})).issued == 2);
  CHECK(home.all_is_well());
}

TEST_CASE("A migration that fails in its middle leaves the store at its version, whole and usable by its own program") {
  const std::uint64_t version = GENERATE(range(std::uint64_t{1}, std::uint64_t{11}));
  if (version >= newest) return;
  INFO("version " << version);
  Home home(version);
  const Path old = home.as_of(version);
  // What the last migration makes is there already: those before it have run when it fails.
  Sql(old).run("CREATE TABLE listed_serial (other INTEGER)");
  const auto before = schema_of(old), tables = tables_of(old);
  const auto rows = Sql(old).texts("SELECT hex(entry) FROM log ORDER BY idx");
  const auto failed = store::open_sqlite_store(old);
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().message.find("migration") != std::string::npos);
  CHECK(must(store::store_versions(old)).file == version);
  CHECK(schema_of(old) == before);
  CHECK(tables_of(old) == tables);
  CHECK(Sql(old).texts("SELECT hex(entry) FROM log ORDER BY idx") == rows);
  CHECK(Sql(old).texts("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
  Sql(old).run("DROP TABLE listed_serial");
  home.store = must(store::open_sqlite_store(old));
  CHECK(home.all_is_well());
}

TEST_CASE("The version of a store is told without changing it, and of what is no store of ours it is not") {
  Home home(1);
  const Path old = home.as_of(3);
  const Bytes before = must(read_file(old));
  CHECK(must(store::store_versions(old)).file == 3);
  CHECK(must(read_file(old)) == before);
  CHECK(store::store_versions(home.folder / "nothing.sqlite").error().code == ErrorCode::not_found);
  Sql(home.folder / "other.sqlite").run("CREATE TABLE something (a)");
  CHECK(store::store_versions(home.folder / "other.sqlite").error().code == ErrorCode::data_loss);
  Sql(old).run("PRAGMA user_version = 999");
  CHECK(store::store_versions(old).error().code == ErrorCode::data_loss);
}
