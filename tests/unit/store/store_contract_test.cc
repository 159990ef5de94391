// One contract, many doors: what every driver of the Store keeps.
#include "base/digest.h"
#include "base/encoding.h"
#include "tests/unit/store/store_fixture.h"

using namespace antin;
using namespace antin::tests;
using store::CertificateStatus;
using Act = store::RevocationEvent::Act;
using Reason = x509::RevocationReason;

namespace {

const Time now = time_at(2022, 12, 28);

// Runs `body` on an empty store of each driver.
void at_each_door(
    const std::function<void(store::Store&, const std::function<std::unique_ptr<store::Store>(bool)>&)>& body) {
  for (const Door& door : doors()) {
    INFO("driver " << door.name);
    TemporaryDirectory folder;
    const auto open = [&](bool read_only) { return must(door.open(folder.path(), read_only)); };
    const auto store = open(false);
    body(*store, open);
  }
}
void revocation(store::Store& store, const std::string& id, Act act, Reason reason, Time at = now) {
  auto transaction = must(store.begin());
  ok(transaction->add_revocation({id, act, reason, at, std::nullopt, "lý do"}));
  ok(transaction->commit());
}

}  // namespace

TEST_CASE("an intent is open until its certificate completes it") {
  at_each_door([](store::Store& store, const auto&) {
    {
      auto transaction = must(store.begin());
      ok(transaction->add_intents({intent("r/1", "0A"), intent("r/2", "0B")}));
      ok(transaction->commit());
    }
    CHECK(must(store.open_intents()).size() == 2);
    {
      auto transaction = must(store.begin());
      ok(transaction->add_certificate(record("r/1", "0A"), "r/1"));
      ok(transaction->commit());
    }
    const auto open = must(store.open_intents());
    REQUIRE(open.size() == 1);
    CHECK(open[0].request_id == "r/2");
    CHECK(open[0].tbs == to_bytes("tbs of r/2"));
    CHECK(must(store.known_requests("r/")) == std::vector<std::string>{"r/1"});
    CHECK(must(store.known_requests("r/2")).empty());
    CHECK(must(store.known_requests("%")).empty());
  });
}

TEST_CASE("a request and a serial are taken once, and a certificate needs its intent") {
  at_each_door([](store::Store& store, const auto&) {
    issue(store, "r/1", "0A");
    auto transaction = must(store.begin());
    CHECK(transaction->add_intents({intent("r/1", "0B")}).error().code == ErrorCode::already_exists);
    CHECK(transaction->add_intents({intent("r/2", "0A")}).error().code == ErrorCode::already_exists);
    CHECK(transaction->add_certificate(record("r/1", "0A"), "r/1").error().code == ErrorCode::already_exists);
    CHECK(transaction->add_certificate(record("r/9", "0C"), "r/9").error().code == ErrorCode::failed_precondition);
    CHECK(transaction->add_certificate(record("r/1", "0C"), "r/1").error().code == ErrorCode::invalid_argument);
  });
}

TEST_CASE("a transaction that is not committed leaves nothing") {
  at_each_door([](store::Store& store, const auto&) {
    {
      auto transaction = must(store.begin());
      ok(transaction->add_intents({intent("r/1", "0A")}));
      CHECK(must(transaction->append_log(to_bytes("{}"))) == 0);
      ok(transaction->set_fact("a", "b"));
    }
    CHECK(must(store.open_intents()).empty());
    CHECK(must(store.log_size()) == 0);
    CHECK_FALSE(must(store.fact("a")).has_value());
  });
}

TEST_CASE("what was committed is there for the next who opens the store, and a reader cannot write") {
  at_each_door([](store::Store& store, const auto& open) {
    issue(store, "r/1", "0A");
    auto reader = open(true);
    CHECK(must(reader->certificate("P-r/1", now)).der == to_bytes("der of r/1"));
    CHECK(reader->begin().error().code == ErrorCode::permission_denied);
    issue(store, "r/2", "0B");
    CHECK(must(reader->certificates({}, now)).size() == 2);
  });
}

TEST_CASE("serials of every length come back as they went in, and keep the order of numbers") {
  at_each_door([](store::Store& store, const auto&) {
    const char* serials[] = {
        "01", "7F", "80", "FF", "0100", "00FF01", "8000000000000000", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"};
    int request = 0;
    for (const char* hex : serials) issue(store, "r/" + std::to_string(request++), hex);
    for (const char* hex : serials) {
      const auto found = must(store.certificate_by_serial("government", serial(hex), now));
      REQUIRE(found.has_value());
      CHECK(found->serial == serial(hex));
      CHECK(must(store.certificate(serial(hex).hex(), now)).id == found->id);
      revocation(store, found->id, Act::revoke, Reason::superseded);
    }
    std::vector<std::string> order;
    ok(store.for_each_revoked("government", [&](const x509::CrlEntry& entry, Time) -> Status {
      order.push_back(entry.serial.hex());
      return {};
    }));
    std::vector<std::string> wanted;
    for (const char* hex : serials) wanted.push_back(serial(hex).hex());
    CHECK(order == wanted);
    CHECK_FALSE(must(store.certificate_by_serial("party", serial("01"), now)).has_value());
  });
}

TEST_CASE("the past is judged by the events that were there then") {
  at_each_door([](store::Store& store, const auto&) {
    issue(store, "r/1", "0A");
    const std::string id = "government-" + serial("0A").hex();
    revocation(store, id, Act::suspend, Reason::certificate_hold, now + hours{1});
    revocation(store, id, Act::resume, Reason::unspecified, now + hours{2});
    revocation(store, id, Act::revoke, Reason::superseded, now + hours{3});
    const auto record = must(store.certificate(id, now + hours{4}));
    const auto events = must(store.revocations(id));
    const auto status = [&](Time at) { return status_at(record, events, at); };
    CHECK(status(record.not_before - seconds{1}) == CertificateStatus::expired);
    CHECK(status(now) == CertificateStatus::valid);
    CHECK(status(now + hours{1}) == CertificateStatus::suspended);
    CHECK(status(now + hours{2}) == CertificateStatus::valid);
    CHECK(status(now + hours{3} - seconds{1}) == CertificateStatus::valid);
    CHECK(status(now + hours{3}) == CertificateStatus::revoked);
    CHECK(status(record.not_after + seconds{1}) == CertificateStatus::revoked);
    CHECK(status_at(record, std::span(events).first(2), record.not_after + seconds{1}) == CertificateStatus::expired);
  });
}

TEST_CASE("the last event decides: suspended, resumed, revoked; time decides between valid and expired") {
  at_each_door([](store::Store& store, const auto&) {
    issue(store, "r/1", "0A");
    const std::string id = "government-" + serial("0A").hex();
    const auto status = [&](Time at) { return must(store.certificate(id, at)).status; };
    CHECK(status(now) == CertificateStatus::valid);
    CHECK(status(time_at(2027, 1, 1)) == CertificateStatus::valid);
    CHECK(status(time_at(2027, 1, 2)) == CertificateStatus::expired);
    revocation(store, id, Act::suspend, Reason::certificate_hold);
    CHECK(status(now) == CertificateStatus::suspended);
    revocation(store, id, Act::resume, Reason::unspecified);
    CHECK(status(now) == CertificateStatus::valid);
    revocation(store, id, Act::revoke, Reason::key_compromise);
    CHECK(status(now) == CertificateStatus::revoked);
    const auto events = must(store.revocations(id));
    REQUIRE(events.size() == 3);
    CHECK(events[2].reason == Reason::key_compromise);
    CHECK(events[2].remark == "lý do");
    auto transaction = must(store.begin());
    CHECK(transaction->add_revocation({"government-FF", Act::revoke, Reason::unspecified, now, std::nullopt, ""})
              .error()
              .code == ErrorCode::not_found);
  });
}

TEST_CASE("a revoked serial whose certificate is lost stands among the revoked, once") {
  at_each_door([](store::Store& store, const auto&) {
    issue(store, "r/1", "0A");
    revocation(store, "government-A", Act::revoke, Reason::superseded);
    const store::ListedSerial lost{"government",
                                   serial("02"),
                                   {{}, Act::suspend, Reason::certificate_hold, now, time_at(2022, 1, 1), "mất"},
                                   time_at(9999, 12, 31, 23, 59, 59)};
    for (const bool again : {false, true}) {
      auto transaction = must(store.begin());
      const Status added = transaction->add_listed_serial(lost);
      CHECK(added.has_value() != again);
      if (again) CHECK(added.error().code == ErrorCode::already_exists);
      if (!again) ok(transaction->commit());
    }
    std::vector<std::string> serials;
    ok(store.for_each_revoked("government", [&](const x509::CrlEntry& entry, Time) -> Status {
      serials.push_back(entry.serial.hex());
      return {};
    }));
    CHECK(serials == std::vector<std::string>{"2", "A"});
    const auto listed = must(store.listed_serials());
    REQUIRE(listed.size() == 1);
    CHECK(
        (listed[0].issuer == "government" && listed[0].serial == lost.serial && listed[0].not_after == lost.not_after));
    CHECK((listed[0].event.act == Act::suspend && listed[0].event.invalidity_date == time_at(2022, 1, 1) &&
           listed[0].event.remark == "mất"));
  });
}

TEST_CASE("certificates are found by code, mail, key and page; a name that fits two is refused") {
  at_each_door([](store::Store& store, const auto&) {
    for (const auto& [request, hex] : {std::pair{"a", "0A"}, std::pair{"b", "0B"}, std::pair{"c", "0C"}})
      issue(store, request, hex);
    CHECK(must(store.certificate("b@lamdong.test", now)).subscriber == "P-b");
    CHECK(store.certificate("nobody", now).error().code == ErrorCode::not_found);
    CHECK(store.certificate("", now).error().code == ErrorCode::not_found);
    CHECK(must(store.certificates_by_key(to_bytes("key of c"), now)).size() == 1);
    const auto page = must(store.certificates({.limit = 2}, now));
    REQUIRE(page.size() == 2);
    CHECK(must(store.certificates({.after_id = page.back().id}, now)).size() == 1);
    CHECK(must(store.certificates({.kind = "organisation"}, now)).empty());
    {
      auto again = intent("d", "0D");
      again.subscriber = "P-a";
      auto certificate = record("d", "0D");
      auto transaction = must(store.begin());
      ok(transaction->add_intents({again}));
      ok(transaction->add_certificate(certificate, "d"));
      ok(transaction->commit());
    }
    CHECK(store.certificate("P-a", now).error().code == ErrorCode::failed_precondition);
  });
}

TEST_CASE("rosters, their rows and approvals come back octet for octet") {
  at_each_door([](store::Store& store, const auto&) {
    const Bytes hash(32, 0xAB);
    {
      auto transaction = must(store.begin());
      ok(transaction->add_roster(
          {.hash = hash, .name = "thử", .submitted_at = now},
          {{1, to_bytes("{}"), to_bytes("csr"), "subscriber", ""}, {2, to_bytes("{ }"), {}, "token", "pkcs11:id=x"}}));
      ok(transaction->add_approval({hash, "officer-1", "ECDSA-SHA256", to_bytes("sig"), now}));
      ok(transaction->commit());
    }
    const auto roster = must(store.roster(hash));
    CHECK(roster.rows == 2);
    CHECK(roster.approvals == 1);
    CHECK(roster.issued == 0);
    std::vector<std::uint64_t> rows;
    ok(store.for_each_row(hash, 2, [&](const store::RosterRow& row) -> Status {
      rows.push_back(row.row);
      CHECK(row.key_uri == "pkcs11:id=x");
      return {};
    }));
    CHECK(rows == std::vector<std::uint64_t>{2});
    CHECK(must(store.approvals(hash)).at(0).signature == to_bytes("sig"));
    auto transaction = must(store.begin());
    CHECK(transaction->add_roster({.hash = hash, .name = "thử", .submitted_at = now}, {}).error().code ==
          ErrorCode::already_exists);
    CHECK(transaction->add_approval({hash, "officer-1", "ECDSA-SHA256", to_bytes("sig"), now}).error().code ==
          ErrorCode::already_exists);
    CHECK(store.roster(Bytes(32, 1)).error().code == ErrorCode::not_found);
  });
}

TEST_CASE("CRL numbers only grow, whatever was published elsewhere, and a reserved number is not yet a list") {
  at_each_door([](store::Store& store, const auto&) {
    auto transaction = must(store.begin());
    CHECK(must(transaction->reserve_crl_number("party", 0)) == 1);
    CHECK(must(transaction->reserve_crl_number("party", 7)) == 8);
    CHECK(must(transaction->reserve_crl_number("party", 2)) == 9);
    CHECK(must(transaction->reserve_crl_number("government", 0)) == 1);
    const store::CrlRecord list{"party", 8, now, now + days{7}, 3, to_bytes("hash")};
    ok(transaction->complete_crl(list));
    CHECK(transaction->complete_crl(list).error().code == ErrorCode::failed_precondition);
    ok(transaction->commit());
    CHECK(must(store.last_crl("party"))->number == 8);
    CHECK_FALSE(must(store.last_crl("government")).has_value());
  });
}

TEST_CASE("log indexes have no gaps, across transactions and writers") {
  at_each_door([](store::Store& store, const auto& open) {
    auto second = open(false);
    std::uint64_t next = 0;
    for (int round = 0; round < 3; ++round)
      for (auto* writer : {&store, second.get()}) {
        auto transaction = must(writer->begin());
        CHECK(must(transaction->append_log(to_bytes("{\"n\":1}"))) == next++);
        CHECK(must(transaction->append_log(to_bytes("{\"n\":2}"))) == next++);
        ok(transaction->commit());
      }
    std::vector<std::uint64_t> seen;
    ok(store.for_each_log_entry(2, [&](const store::LogEntry& entry) -> Status {
      seen.push_back(entry.index);
      Bytes leaf{0};
      append(leaf, entry.entry);
      CHECK(entry.leaf_hash == sha256(leaf));
      return {};
    }));
    CHECK(seen.size() == 10);
    CHECK(must(store.log_size()) == 12);
  });
}

TEST_CASE("a key is blocked once, and found by its hash") {
  at_each_door([](store::Store& store, const auto&) {
    const Bytes key(32, 7), other(32, 6);
    CHECK_FALSE(must(store.blocked_key(key)).has_value());
    auto transaction = must(store.begin());
    ok(transaction->add_blocked_key({key, now, "lý do"}));
    ok(transaction->add_blocked_key({other, now, ""}));
    CHECK(transaction->add_blocked_key({key, now, "khác"}).error().code == ErrorCode::already_exists);
    CHECK_FALSE(transaction->add_blocked_key({Bytes(31, 1), now, ""}).has_value());
    ok(transaction->commit());
    CHECK(must(store.blocked_key(key))->reason == "lý do");
    const auto all = must(store.blocked_keys());
    REQUIRE(all.size() == 2);
    CHECK(all[0].key_hash == other);
    CHECK(all[1].at == now);
  });
}

TEST_CASE("of several certificates with one code, the only one that is not over is meant") {
  for (const Door& door : doors()) {
    INFO(door.name);
    TemporaryDirectory folder;
    const auto store = must(door.open(folder.path(), false));
    const Time now = time_at(2022, 6, 1);
    issue(*store, "r/1", "0A");
    auto again = intent("r/2", "0B");
    again.subscriber = "P-r/1";
    {
      auto transaction = must(store->begin());
      ok(transaction->add_intents({again}));
      ok(transaction->add_certificate(record("r/2", "0B"), "r/2"));
      ok(transaction->commit());
    }
    CHECK(store->certificate("P-r/1", now).error().code == ErrorCode::failed_precondition);
    {
      auto transaction = must(store->begin());
      ok(transaction->add_revocation({.certificate_id = record("r/1", "0A").id, .at = now, .remark = {}}));
      ok(transaction->commit());
    }
    CHECK(must(store->certificate("P-r/1", now)).id == record("r/2", "0B").id);
    CHECK(store->certificate("P-r/1", time_at(2028, 1, 1)).error().code == ErrorCode::failed_precondition);
  }
}

TEST_CASE("an id is its own certificate's, also when a code of another is written the same") {
  for (const Door& door : doors()) {
    INFO(door.name);
    TemporaryDirectory folder;
    const auto store = must(door.open(folder.path(), false));
    issue(*store, "r/1", "0A");
    const std::string id = record("r/1", "0A").id;
    auto other = intent("r/2", "0B");
    other.subscriber = id;
    auto transaction = must(store->begin());
    ok(transaction->add_intents({other}));
    ok(transaction->add_certificate(record("r/2", "0B"), "r/2"));
    ok(transaction->add_revocation({.certificate_id = id, .at = time_at(2022, 5, 1), .remark = {}}));
    ok(transaction->commit());
    CHECK(must(store->certificate(id, time_at(2022, 6, 1))).id == id);
  }
}

TEST_CASE("a certificate is followed by one, and both tell of each other") {
  for (const Door& door : doors()) {
    INFO(door.name);
    TemporaryDirectory folder;
    const auto store = must(door.open(folder.path(), false));
    const Time now = time_at(2022, 6, 1);
    issue(*store, "r/1", "0A");
    const std::string first = record("r/1", "0A").id;
    store::Intent next = intent("r/2", "0B");
    next.succession =
        store::Succession{"change", first, x509::RevocationReason::affiliation_changed, time_at(2022, 5, 1)};
    {
      auto transaction = must(store->begin());
      ok(transaction->add_intents({next}));
      ok(transaction->commit());
    }
    REQUIRE(must(store->open_intents()).size() == 1);
    CHECK(must(store->open_intents()).front().succession->reason == x509::RevocationReason::affiliation_changed);
    CHECK_FALSE(must(store->successor(first, now)).has_value());  // nothing is signed yet
    {
      auto transaction = must(store->begin());
      store::Intent other = intent("r/3", "0C");
      other.succession = store::Succession{"renew", first, std::nullopt, std::nullopt};
      CHECK(transaction->add_intents({other}).error().code == ErrorCode::already_exists);
    }
    {
      auto transaction = must(store->begin());
      ok(transaction->add_certificate(record("r/2", "0B"), "r/2"));
      ok(transaction->commit());
    }
    CHECK(must(store->successor(first, now))->id == record("r/2", "0B").id);
    const auto follower = must(store->certificate(record("r/2", "0B").id, now));
    REQUIRE(follower.succession.has_value());
    CHECK(follower.succession->act == "change");
    CHECK(follower.succession->predecessor == first);
    CHECK(follower.succession->invalidity_date == time_at(2022, 5, 1));
    CHECK_FALSE(must(store->certificate(first, now)).succession.has_value());
  }
}

TEST_CASE("a row that issues nothing is done once, and counts as a row that is done") {
  for (const Door& door : doors()) {
    INFO(door.name);
    TemporaryDirectory folder;
    const auto store = must(door.open(folder.path(), false));
    issue(*store, "r/1", "0A");
    const std::string first = record("r/1", "0A").id;
    const Bytes hash(32, 0xAB);
    const std::string request = to_hex(hash) + "/1";
    auto transaction = must(store->begin());
    ok(transaction->add_roster({.hash = hash, .name = "thử", .submitted_at = time_at(2022, 1, 1), .format = 2},
                               {{1, to_bytes("row"), {}, "subscriber", ""}}));
    ok(transaction->complete_row(request, first));
    CHECK(transaction->complete_row(request, first).error().code == ErrorCode::already_exists);
    ok(transaction->commit());
    CHECK(must(store->roster(hash)).issued == 1);
    CHECK(must(store->roster(hash)).format == 2);
    CHECK(must(store->known_requests(request.substr(0, 65))) == std::vector<std::string>{request});
  }
}

namespace {

store::ForeignCertificate foreign(const char* issuer, const char* hex, Time not_after = time_at(2027, 1, 1)) {
  return {.id = store::foreign_id(bytes_of(issuer), serial(hex)),
          .issuer = to_bytes(bytes_of(issuer)),
          .serial = serial(hex),
          .subject = "CN=Đạ K' Nàng",
          .kind = "organisation",
          .mail = "dakn@lamdong.test",
          .not_before = time_at(2022, 1, 1),
          .not_after = not_after,
          .key_hash = to_bytes("key"),
          .der = to_bytes(std::string("der of ") + hex),
          .subscriber = "000.92.92.H36",
          .unit = "674",
          .doubts = {{"import.several", {"a, \"b\"", "c\td"}}, {"import.sha1", {}}},
          .imported_at = now,
          .events = {}};
}

store::ForeignEvent said(const std::string& id, Act act, Reason reason, Time at, std::optional<Time> invalid = {}) {
  return {.certificate_id = id,
          .act = act,
          .reason = reason,
          .at = at,
          .invalidity_date = invalid,
          .list_issued = at + hours{1},
          .list_sha256 = Bytes(32, 7)};
}

}  // namespace

TEST_CASE("a certificate of another authority comes back as it went in, and is none of ours") {
  at_each_door([](store::Store& store, const auto& open) {
    const auto one = foreign("CA A", "0A"), other = foreign("CA B", "0A");
    CHECK(one.id != other.id);
    {
      auto transaction = must(store.begin());
      ok(transaction->add_foreign(one));
      ok(transaction->add_foreign(other));
      CHECK(transaction->add_foreign(one).error().code == ErrorCode::already_exists);
      ok(transaction->add_foreign_event(said(one.id, Act::suspend, Reason::certificate_hold, now)));
      ok(transaction->add_foreign_event(said(one.id, Act::resume, Reason::unspecified, now + days{2})));
      ok(transaction->add_foreign_event(said(one.id, Act::revoke, Reason::key_compromise, now + days{4}, now)));
      CHECK(transaction->add_foreign_event(said("foreign-none", Act::revoke, Reason::superseded, now)).error().code ==
            ErrorCode::not_found);
      ok(transaction->commit());
    }
    const auto found = must(open(true)->foreign_certificate(one.id));
    CHECK(found.issuer == one.issuer);
    CHECK(found.serial == one.serial);
    CHECK((found.subject == one.subject && found.kind == one.kind && found.mail == one.mail));
    CHECK((found.not_before == one.not_before && found.not_after == one.not_after));
    CHECK((found.key_hash == one.key_hash && found.der == one.der));
    CHECK((found.subscriber == one.subscriber && found.unit == one.unit && found.imported_at == one.imported_at));
    CHECK(found.doubts == one.doubts);
    REQUIRE(found.events.size() == 3);
    CHECK((found.events[2].reason == Reason::key_compromise && found.events[2].invalidity_date == now));
    CHECK(found.events[1].list_issued == now + days{2} + hours{1});
    CHECK(status_at(found, now - seconds{1}) == CertificateStatus::valid);
    CHECK(status_at(found, now + days{1}) == CertificateStatus::suspended);
    CHECK(status_at(found, now + days{3}) == CertificateStatus::valid);
    CHECK(status_at(found, now + days{9}) == CertificateStatus::revoked);
    CHECK(status_at(must(store.foreign_certificate(other.id)), time_at(2028, 1, 1)) == CertificateStatus::expired);

    CHECK(must(store.foreign_certificates()).size() == 2);
    CHECK(store.foreign_certificate("0A").error().code == ErrorCode::failed_precondition);
    CHECK(store.foreign_certificate("0B").error().code == ErrorCode::not_found);
    CHECK(must(store.certificates({}, now)).empty());
    CHECK(must(store.certificates_by_key(one.key_hash, now)).empty());
    CHECK(store.certificate(one.id, now).error().code == ErrorCode::failed_precondition);
    CHECK(store.certificate(one.mail, now).error().code == ErrorCode::not_found);
    auto transaction = must(store.begin());
    CHECK(transaction->add_revocation({one.id, Act::revoke, Reason::superseded, now, {}, ""}).error().code ==
          ErrorCode::not_found);
  });
}

TEST_CASE("the serial of another authority may be negative, zero or long") {
  at_each_door([](store::Store& store, const auto&) {
    auto odd = foreign("CA A", "01");
    for (const Bytes& content : {Bytes{0x80}, Bytes{0x00}, Bytes(40, 0x7f)}) {
      odd.serial = must(x509::SerialNumber::from_der_content(content));
      odd.id = store::foreign_id(odd.issuer, odd.serial);
      auto transaction = must(store.begin());
      ok(transaction->add_foreign(odd));
      ok(transaction->commit());
      CHECK(must(store.foreign_certificate(odd.id)).serial == odd.serial);
    }
  });
}

TEST_CASE("a request at another authority keeps what it asked and what became of it, and its state is that of a time") {
  at_each_door([](store::Store& store, const auto& open) {
    const store::OutsideRequest one{.id = "request-01",
                                    .authority = "NƠI CẤP THỬ",
                                    .content = to_bytes(bytes_of("{}")),
                                    .request = {1, 2, 3},
                                    .key_hash = Bytes(32, 7),
                                    .collected_at = now,
                                    .until = now + days{90},
                                    .events = {}};
    {
      auto transaction = must(store.begin());
      ok(transaction->add_outside_request(one));
      CHECK(transaction->add_outside_request(one).error().code == ErrorCode::already_exists);
      CHECK(transaction->add_outside_event("request-02", {}).error().code == ErrorCode::not_found);
      ok(transaction->add_outside_event(one.id, {store::RequestState::exported, now + days{1}, "", "ab"}));
      ok(transaction->add_outside_event(one.id, {store::RequestState::issued, now + days{9}, "foreign-1", ""}));
      ok(transaction->commit());
    }
    const auto found = must(open(true)->outside_requests());
    REQUIRE(found.size() == 1);
    CHECK((found[0].authority == one.authority && found[0].content == one.content && found[0].request == one.request &&
           found[0].key_hash == one.key_hash && found[0].collected_at == now && found[0].until == one.until));
    REQUIRE(found[0].events.size() == 2);
    CHECK(found[0].events[0].remark == "ab");
    CHECK(found[0].events[1].certificate == "foreign-1");
    CHECK(state_at(found[0], now) == store::RequestState::collected);
    CHECK(state_at(found[0], now + days{2}) == store::RequestState::exported);
    CHECK(state_at(found[0], now + days{200}) == store::RequestState::issued);
    CHECK(state_at(one, now + days{90}) == store::RequestState::collected);
    CHECK(state_at(one, now + days{90} + seconds{1}) == store::RequestState::expired);
  });
}

TEST_CASE("a list is in order of issuer and number, and its pages are the whole whatever it is narrowed by") {
  at_each_door([](store::Store& store, const auto&) {
    const char* serials[] = {"02", "0100", "FF", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "03", "0A", "0B"};
    int request = 0;
    for (const char* hex : serials) issue(store, "r/" + std::to_string(request++), hex);
    for (const char* hex : {"02", "FF", "0100"})
      revocation(store, "government-" + serial(hex).hex(), Act::revoke, Reason::superseded);
    revocation(store, "government-" + serial("0A").hex(), Act::suspend, Reason::certificate_hold);
    const auto ids = [&](store::CertificateQuery query) {
      std::vector<std::string> all;
      query.limit = 2;
      for (;;) {
        const auto page = must(store.certificates(query, now));
        for (const auto& record : page) all.push_back(record.serial.hex());
        if (page.size() < 2) return all;
        query.after_id = page.back().id;
      }
    };
    const auto hex = [](std::initializer_list<const char*> texts) {
      std::vector<std::string> all;
      for (const char* text : texts) all.push_back(serial(text).hex());
      return all;
    };
    const auto whole = hex({"02", "03", "0A", "0B", "FF", "0100", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"});
    CHECK(ids({}) == whole);
    CHECK(ids({.issuer = "government"}) == whole);
    CHECK(ids({.issuer = "party"}).empty());
    CHECK(ids({.kind = "personal"}) == whole);
    CHECK(ids({.profile = "personal"}) == whole);
    CHECK(ids({.issuer = "government", .kind = "personal", .profile = "none"}).empty());
    CHECK(ids({.status = CertificateStatus::revoked}) == hex({"02", "FF", "0100"}));
    CHECK(ids({.issuer = "party", .status = CertificateStatus::revoked}).empty());
    CHECK(ids({.status = CertificateStatus::suspended}) == hex({"0A"}));
    CHECK(ids({.status = CertificateStatus::valid}) == hex({"03", "0B", "7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"}));
    CHECK(ids({.subscriber = "P-r/3"}) == hex({"7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"}));
    CHECK(ids({.mail = "r/3@lamdong.test"}).size() == 1);
    // After a certificate of another issuer: all of this one's, or none.
    CHECK(must(store.certificates({.issuer = "government", .after_id = "federal-FF"}, now)).size() == whole.size());
    CHECK(must(store.certificates({.issuer = "government", .after_id = "party-01"}, now)).empty());
    CHECK(store.certificates({.after_id = "nonsense"}, now).error().code == ErrorCode::invalid_argument);
  });
}

TEST_CASE("what ends soon comes in the order in which it ends, without what is revoked, suspended or over") {
  at_each_door([](store::Store& store, const auto&) {
    const auto ending = [&](const std::string& request, const char* hex, Time end) {
      auto certificate = record(request, hex);
      certificate.not_after = end;
      auto transaction = must(store.begin());
      ok(transaction->add_intents({intent(request, hex)}));
      ok(transaction->add_certificate(certificate, request));
      ok(transaction->commit());
    };
    ending("r/1", "01", now + days{30});
    ending("r/2", "02", now + days{10});
    ending("r/3", "03", now - seconds{1});
    ending("r/4", "04", now);
    ending("r/5", "05", now + days{20});
    ending("r/6", "06", now + days{31});
    revocation(store, "government-" + serial("05").hex(), Act::suspend, Reason::certificate_hold);
    std::vector<std::string> found;
    for (const auto& record : must(store.certificates({.ends_by = now + days{30}}, now)))
      found.push_back(record.subscriber);
    CHECK(found == std::vector<std::string>{"P-r/4", "P-r/2", "P-r/1"});
    CHECK(must(store.certificates({.issuer = "party", .ends_by = now + days{30}}, now)).empty());
    CHECK(must(store.certificates({.ends_by = now + days{30}, .limit = 1}, now)).size() == 1);
    CHECK(store.certificates({.ends_by = now, .after_id = "government-01"}, now).error().code ==
          ErrorCode::invalid_argument);
  });
}

TEST_CASE("who is shown certificates one by one may stop, and may ask the store meanwhile") {
  at_each_door([](store::Store& store, const auto&) {
    issue(store, "r/1", "01");
    issue(store, "r/2", "02");
    int seen = 0;
    const Status stopped = store.for_each_certificate({}, now, [&](const store::CertificateRecord& record) -> Status {
      ++seen;
      CHECK(must(store.certificates({}, now)).size() == 2);
      CHECK(must(store.certificate(record.id, now)).id == record.id);
      return fail(ErrorCode::unavailable, "enough");
    });
    CHECK(stopped.error().code == ErrorCode::unavailable);
    CHECK(seen == 1);
  });
}

TEST_CASE("an incident keeps its frozen certificates, and what became of each, once") {
  at_each_door([](store::Store& store, const auto& open) {
    for (const char* hex : {"01", "02", "03"}) issue(store, std::string("r") + hex, hex);
    const auto id = [](const char* hex) { return "government-" + serial(hex).hex(); };
    const store::IncidentRecord one{
        .number = 1, .hash = Bytes(32, 1), .content = to_bytes(bytes_of("{}")), .at = now, .log_index = 7};
    {
      auto transaction = must(store.begin());
      ok(transaction->add_incident(one, {{id("01"), "", "", {}}, {id("02"), "", "", {}}, {id("03"), "why", "", {}}}));
      CHECK(transaction->add_incident(one, {}).error().code == ErrorCode::already_exists);
      ok(transaction->add_incident_outcome(1, id("01"), "done", now + days{1}));
      CHECK(transaction->add_incident_outcome(1, id("01"), "done", now).error().code == ErrorCode::already_exists);
      ok(transaction->commit());
    }
    const auto reader = open(true);
    const auto found = must(reader->incidents());
    REQUIRE(found.size() == 1);
    CHECK((found[0].hash == one.hash && found[0].content == one.content && found[0].at == now &&
           found[0].log_index == 7 && found[0].certificates == 2 && found[0].done == 1 && found[0].omitted == 0));
    const auto all = must(reader->incident_certificates(1, "", 10, false));
    REQUIRE(all.size() == 3);
    CHECK((all[0].outcome == "done" && all[0].at == now + days{1} && all[1].outcome.empty() && !all[1].at &&
           all[2].obstacle == "why"));
    const auto left = must(reader->incident_certificates(1, "", 10, true));
    REQUIRE(left.size() == 1);
    CHECK(left[0].id == id("02"));
    CHECK(must(reader->incident_certificates(1, id("02"), 10, true)).empty());
    CHECK(must(reader->incident_certificates(1, id("01"), 1, false)).size() == 1);
    CHECK(must(reader->certificate_status(id("02"), now)) == store::CertificateStatus::valid);
    CHECK(must(reader->certificate_status(id("02"), time_at(2030, 1, 1))) == store::CertificateStatus::expired);
    CHECK(reader->certificate_status("government-FF", now).error().code == ErrorCode::not_found);
  });
}

TEST_CASE("a subscriber's token keeps its escrow and what was done with it, in order") {
  at_each_door([](store::Store& store, const auto& open) {
    using store::PersonalAct;
    const store::PersonalToken one{.id = "token-01",
                                   .label = "CB-1-00000001",
                                   .subscriber = "CB-1",
                                   .content = to_bytes(bytes_of("{}")),
                                   .escrow = {9, 8, 7},
                                   .begun_at = now,
                                   .events = {}};
    store::PersonalToken same_label = one;
    same_label.id = "token-02";
    {
      auto transaction = must(store.begin());
      ok(transaction->add_personal_token(one));
      CHECK(transaction->add_personal_token(one).error().code == ErrorCode::already_exists);
      CHECK(transaction->add_personal_token(same_label).error().code == ErrorCode::already_exists);
      CHECK(transaction->add_personal_event("token-03", {}).error().code == ErrorCode::not_found);
      ok(transaction->add_personal_event(one.id, {PersonalAct::key, now, "s1", {1, 2}, "", ""}));
      ok(transaction->add_personal_event(one.id,
                                         {PersonalAct::certificate, now + days{1}, "s1", {}, "government-1", ""}));
      for (const PersonalAct act :
           {PersonalAct::letter, PersonalAct::unblock, PersonalAct::set_aside, PersonalAct::recycle, PersonalAct::lose})
        ok(transaction->add_personal_event(one.id, {act, now + days{2}, "s1", {}, "", std::string(to_string(act))}));
      ok(transaction->commit());
    }
    const auto found = must(open(true)->personal_tokens());
    REQUIRE(found.size() == 1);
    CHECK((found[0].label == one.label && found[0].subscriber == "CB-1" && found[0].content == one.content &&
           found[0].escrow == one.escrow && found[0].begun_at == now));
    REQUIRE(found[0].events.size() == 7);
    CHECK(found[0].events[0].request == Bytes{1, 2});
    CHECK(found[0].events[0].serial == "s1");
    CHECK(found[0].events[1].certificate == "government-1");
    CHECK(found[0].events[6].act == PersonalAct::lose);
    CHECK(found[0].events[6].remark == "lose");
    CHECK(found[0].events[6].at == now + days{2});
  });
}
