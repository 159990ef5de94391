// Shipping: what is acknowledged is in the segments, and a copy comes to the same by them.
#include "ca/backup/segments.h"

#include <unistd.h>

#include "ca/log/log.h"
#include "tests/unit/backup/backup_fixture.h"

using namespace antin;
using namespace antin::backup;

namespace {

struct Shop {
  TemporaryDirectory folder;
  Officers officers{3};
  Path file = folder / "store.sqlite", segments = folder / "segments", copy = folder / "copy.sqlite";

  Shop() { REQUIRE(make_directories(segments, 0700).has_value()); }
  std::unique_ptr<store::Store> open() {
    auto sink = std::make_shared<SegmentFolder>(
        segments, 2, [this]() -> Result<std::vector<Recipient>> { return officers.recipients; }, officers.random);
    return store::open_shipping_store(file, std::move(sink), officers.random).value();
  }
  // As `antin backup create` does it.
  void back_up() {
    auto plain = store::open_sqlite_store(file).value();
    if (!store::chain_position(*plain).value()) REQUIRE(store::begin_chain(*plain, officers.random).has_value());
    std::filesystem::remove(copy);
    REQUIRE(store::copy_database(file, copy).has_value());
    const auto shipping = open();
    auto transaction = shipping->begin().value();
    REQUIRE(transaction->append_log(bytes_of("{\"type\":\"backup\"}")).has_value());
    REQUIRE(transaction->set_fact(std::string(store::pending_fact), "no").has_value());
    REQUIRE(transaction->commit().has_value());
  }
  static Status act(store::Store& store, const std::string& what) {
    ANTIN_TRY(auto transaction, store.begin());
    ANTIN_CHECK(transaction->append_log(bytes_of("{\"what\":\"" + what + "\"}")));
    ANTIN_CHECK(transaction->set_fact("last", what));
    return transaction->commit();
  }
  Result<std::uint64_t> replay(std::vector<SegmentFile> from) {
    store::Position base;
    {
      const auto opened = store::open_sqlite_store(copy).value();
      base = store::position_of(opened->fact(std::string(store::position_fact)).value().value()).value();
    }
    ANTIN_TRY(store::Replay onto, store::Replay::open(copy));
    std::uint64_t count = 0;
    ANTIN_CHECK(read_segments(
        from, base, [this](const Header& header) { return officers.unlock(header, {0, 2}); },
        [&](const store::Changes& changes) {
          ++count;
          return onto.apply(changes);
        }));
    return count;
  }
  std::string copied_last() {
    const auto opened = store::open_sqlite_store(copy).value();
    REQUIRE(log::verify(*opened).has_value());
    return opened->fact("last").value().value_or("");
  }
};

}  // namespace

TEST_CASE("a copy and the segments after it come to the store") {
  Shop shop;
  {
    REQUIRE(Shop::act(*store::open_sqlite_store(shop.file).value(), "before").has_value());
  }
  shop.back_up();
  {
    const auto one = shop.open();
    const auto other = shop.open();  // as a second process: both write in turn
    for (int i = 0; i < 5; ++i) {
      REQUIRE(Shop::act(*one, "one " + std::to_string(i)).has_value());
      REQUIRE(Shop::act(*other, "other " + std::to_string(i)).has_value());
    }
  }
  CHECK(shop.replay(segments_in(shop.segments).value()).value() == 11);
  CHECK(shop.copied_last() == "other 4");
  const auto a = store::open_sqlite_store(shop.file).value(), b = store::open_sqlite_store(shop.copy).value();
  CHECK(log::verify(*a).value().root == log::verify(*b).value().root);
  CHECK(a->fact(std::string(store::position_fact)).value() == b->fact(std::string(store::position_fact)).value());
}

TEST_CASE("without a full backup before it no act is done") {
  Shop shop;
  const auto opened = shop.open();
  CHECK(Shop::act(*opened, "x").error().code == ErrorCode::failed_precondition);
  CHECK(opened->log_size().value() == 0);
  REQUIRE(store::begin_chain(*store::open_sqlite_store(shop.file).value(), shop.officers.random).has_value());
  CHECK(Shop::act(*opened, "x").error().code == ErrorCode::failed_precondition);  // it is not made yet
  shop.back_up();
  CHECK(Shop::act(*opened, "x").has_value());
}

TEST_CASE("after an act that went nowhere the next one waits for a full backup") {
  Shop shop;
  shop.back_up();
  REQUIRE(Shop::act(*store::open_sqlite_store(shop.file).value(), "unshipped").has_value());
  const auto opened = shop.open();
  CHECK(Shop::act(*opened, "x").error().code == ErrorCode::failed_precondition);
  shop.back_up();
  CHECK(Shop::act(*opened, "y").has_value());
  CHECK(shop.replay(segments_in(shop.segments).value()).value() == 2);
  CHECK(shop.copied_last() == "y");
}

TEST_CASE("an act that cannot be shipped is not done") {
  Shop shop;
  shop.back_up();
  const auto opened = shop.open();
  REQUIRE(Shop::act(*opened, "good").has_value());
  std::filesystem::rename(shop.segments, shop.folder / "away");
  CHECK_FALSE(Shop::act(*opened, "lost").has_value());
  CHECK(opened->fact("last").value() == "good");
  std::filesystem::rename(shop.folder / "away", shop.segments);
  CHECK(Shop::act(*opened, "again").has_value());
  CHECK(shop.replay(segments_in(shop.segments).value()).value() == 3);
  CHECK(shop.copied_last() == "again");
}

TEST_CASE("changes that were shipped and then not made are replaced by those that were") {
  Shop shop;
  shop.back_up();
  const auto before = store::open_sqlite_store(shop.file).value()->fact(std::string(store::position_fact)).value();
  const store::Position at = store::position_of(*before).value();
  {
    // A process dies between shipping and commit.
    SegmentFolder sink(
        shop.segments, 2, [&]() -> Result<std::vector<Recipient>> { return shop.officers.recipients; },
        shop.officers.random);
    REQUIRE(sink.ship({at.number + 1, std::string(32, 'a'), at.id, 1, to_bytes("no changeset")}).has_value());
  }
  REQUIRE(Shop::act(*shop.open(), "made").has_value());
  CHECK(shop.replay(segments_in(shop.segments).value()).value() == 2);
  CHECK(shop.copied_last() == "made");
}

TEST_CASE("a segment cut off in its last record gives the records before it") {
  Shop shop;
  shop.back_up();
  {
    const auto opened = shop.open();
    REQUIRE(Shop::act(*opened, "first").has_value());
    REQUIRE(Shop::act(*opened, "second").has_value());
  }
  const auto files = segments_in(shop.segments).value();
  const auto size = std::filesystem::file_size(files.back().path);
  std::filesystem::resize_file(files.back().path, size - 1);
  CHECK(shop.replay(files).value() == 2);
  CHECK(shop.copied_last() == "first");
}

TEST_CASE("a missing segment, a changed one and another store's are noticed") {
  Shop shop;
  shop.back_up();
  for (const char* what : {"one", "two", "three"}) REQUIRE(Shop::act(*shop.open(), what).has_value());
  const auto files = segments_in(shop.segments).value();
  REQUIRE(files.size() == 4);
  auto without = files;
  without.erase(without.begin() + 2);
  CHECK(shop.replay(without).error().code == ErrorCode::data_loss);

  Bytes content = read_file(files[1].path).value();
  content[content.size() - 20] ^= 1;
  REQUIRE(write_file(files[1].path, content).has_value());
  CHECK(shop.replay(files).error().code == ErrorCode::data_loss);

  Shop other;
  other.back_up();
  REQUIRE(Shop::act(*other.open(), "foreign").has_value());
  shop.officers.keys = other.officers.keys;
  CHECK_FALSE(shop.replay(segments_in(other.segments).value()).has_value());
}

TEST_CASE("a copy knows which intents are open as its store does, whichever of its tables the changes name first") {
  Shop shop;
  shop.back_up();
  {
    const auto shipping = shop.open();
    const auto issuing = [&](const char* request, const char* serial) {
      const auto number = x509::SerialNumber::from_hex(serial).value();
      return store::Intent{request,      "party", number, to_bytes("tbs"), "personal", "personal",
                           "subscriber", "",      "",     ""};
    };
    auto both = shipping->begin().value();
    const store::Intent done = issuing("r/1", "0A");
    REQUIRE(both->add_intents({done, issuing("r/2", "0B")}).has_value());
    REQUIRE(both->add_certificate({.issuer = "party",
                                   .serial = done.serial,
                                   .subject = "CN=x",
                                   .not_before = time_at(2026, 1, 1),
                                   .not_after = time_at(2027, 1, 1),
                                   .key_hash = to_bytes("key"),
                                   .der = to_bytes("der")},
                                  done.request_id)
                .has_value());
    REQUIRE(both->commit().has_value());
    auto one = shipping->begin().value();
    REQUIRE(one->add_intents({issuing("r/3", "0C")}).has_value());
    REQUIRE(one->commit().has_value());
  }
  REQUIRE(shop.replay(segments_in(shop.segments).value()).has_value());
  const auto open = store::open_sqlite_store(shop.copy).value()->open_intents().value();
  REQUIRE(open.size() == 2);
  CHECK(open[0].request_id == "r/2");
  CHECK(open[1].request_id == "r/3");
}
