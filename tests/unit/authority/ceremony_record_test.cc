#include "ca/authority/ceremony_record.h"

#include "ca/authority/approval_audit.h"
#include "ca/authority/reconcile.h"
#include "ca/log/log.h"
#include "tests/unit/authority/authority_fixture.h"

using namespace antin;
using antin::tests::AuthorityFixture;
using antin::tests::must;

namespace {

const Sha256 reviewed = sha256(bytes_of("the reviewed file")), transcript = sha256(bytes_of("what it did"));

struct Held : AuthorityFixture {
  void log_one(std::string_view type, const std::vector<std::pair<std::string, std::string>>& fields) {
    auto transaction = store->begin().value();
    REQUIRE(transaction->append_log(log::entry(clock.now(), type, fields)));
    REQUIRE(transaction->commit().has_value());
  }
  Status sign(int officer) {
    return authority::sign_ceremony(context(), "root", officers[officer], *officer_keys[officer]);
  }
  authority::CeremonyRecord record() { return must(authority::find_ceremony(*store, "root")); }
  bool holds(std::size_t signature) {
    const authority::CeremonyRecord now = record();
    return must(authority::verify_ceremony_signature(*store, now, now.signatures.at(signature), clock.now()));
  }
  void ended() {
    REQUIRE(authority::begin_ceremony(context(), "root", reviewed));
    REQUIRE(authority::end_ceremony(context(), "root", transcript));
  }
};

}  // namespace

TEST_CASE("A ceremony begins and ends once: the same again changes nothing, and nothing else is taken") {
  Held held;
  CHECK(authority::find_ceremony(*held.store, "root").error().code == ErrorCode::not_found);
  CHECK(authority::end_ceremony(held.context(), "root", transcript).error().code == ErrorCode::not_found);
  REQUIRE(authority::begin_ceremony(held.context(), "root", reviewed));
  const std::uint64_t size = must(held.store->log_size());
  REQUIRE(authority::begin_ceremony(held.context(), "root", reviewed));
  CHECK(must(held.store->log_size()) == size);
  CHECK(authority::begin_ceremony(held.context(), "root", transcript).error().code == ErrorCode::failed_precondition);
  CHECK(held.sign(0).error().code == ErrorCode::failed_precondition);
  REQUIRE(authority::end_ceremony(held.context(), "root", transcript));
  REQUIRE(authority::end_ceremony(held.context(), "root", transcript));
  CHECK(must(held.store->log_size()) == size + 1);
  CHECK(authority::end_ceremony(held.context(), "root", reviewed).error().code == ErrorCode::failed_precondition);
  CHECK(held.record().file == to_hex(reviewed));
  CHECK(held.record().transcript == to_hex(transcript));
  CHECK(must(authority::read_ceremonies(*held.store)).size() == 1);
}

TEST_CASE("Each officer signs a transcript once, with their own key and no other") {
  Held held;
  held.ended();
  CHECK(authority::sign_ceremony(held.context(), "root", held.officers[0], *held.officer_keys[1]).error().code ==
        ErrorCode::permission_denied);
  REQUIRE(held.sign(0));
  CHECK(held.sign(0).error().code == ErrorCode::already_exists);
  REQUIRE(held.sign(1));
  REQUIRE(held.record().signatures.size() == 2);
  CHECK(held.holds(0));
  CHECK(held.holds(1));
  const std::string statement = "antin-approval-1\nceremony " + to_hex(transcript) + "\nofficer " + held.officers[0] + "\n";
  CHECK(text_of(authority::ceremony_statement(transcript, held.officers[0])) == statement);
  CHECK(authority::reconcile(*held.store, held.clock.now()));
}

TEST_CASE("What is written into the log later changes neither file nor transcript, and a made-up signature does not hold") {
  Held held;
  held.ended();
  REQUIRE(held.sign(0));
  held.log_one("ceremony.begin", {{"ceremony", "root"}, {"file", "00"}});
  held.log_one("ceremony.transcript", {{"ceremony", "root"}, {"file", "00"}, {"transcript", to_hex(reviewed)}});
  CHECK(held.record().file == to_hex(reviewed));
  CHECK(held.record().transcript == to_hex(transcript));
  const std::string first = to_hex(held.record().signatures.at(0).signature);
  held.log_one("ceremony.sign", {{"ceremony", "root"},
                                 {"transcript", to_hex(transcript)},
                                 {"officer", held.officers[1]},
                                 {"signature", first}});
  CHECK(held.holds(0));
  CHECK_FALSE(held.holds(1));
  // Of another transcript: it is no signature of this one.
  held.log_one("ceremony.sign", {{"ceremony", "root"},
                                 {"transcript", to_hex(reviewed)},
                                 {"officer", held.officers[0]},
                                 {"signature", first}});
  CHECK(held.record().signatures.size() == 2);
  held.log_one("ceremony.sign", {{"ceremony", "strange"}, {"transcript", "00"}, {"officer", "x"}, {"signature", "00"}});
  CHECK(authority::read_ceremonies(*held.store).error().code == ErrorCode::data_loss);
}

TEST_CASE("Who was revoked signs nothing more, and what was signed before still holds") {
  Held held;
  held.ended();
  REQUIRE(held.sign(0));
  held.clock.set(held.clock.now() + hours(1));
  for (const std::string& officer : held.officers)
    REQUIRE(authority::revoke(held.context(), officer, x509::RevocationReason::cessation_of_operation, {}, "thử"));
  held.clock.set(held.clock.now() + hours(1));
  CHECK(held.sign(1).error().code == ErrorCode::permission_denied);
  CHECK(held.holds(0));
  const std::string later = to_hex(must(held.officer_keys[1]->sign(
      hsm::default_scheme(held.officer_keys[1]->algorithm()), authority::ceremony_statement(transcript, held.officers[1]))));
  held.log_one("ceremony.sign", {{"ceremony", "root"},
                                 {"transcript", to_hex(transcript)},
                                 {"officer", held.officers[1]},
                                 {"signature", later}});
  CHECK_FALSE(held.holds(1));
}
