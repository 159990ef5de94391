#include "ca/log/log.h"

#include <sqlite3.h>

#include "base/encoding.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;

namespace {

std::string hex(const Sha256& hash) { return to_hex(hash); }

// RFC 9162 §2.1.1 as it is written: split at the largest power of two below n.
Sha256 tree_hash(const std::vector<Sha256>& leaves, std::size_t first, std::size_t count) {
  if (count == 0) return sha256({});
  if (count == 1) return leaves[first];
  std::size_t k = 1;
  while (k * 2 < count) k *= 2;
  return log::node_hash(tree_hash(leaves, first, k), tree_hash(leaves, first + k, count - k));
}

void fill(store::Store& store, int entries) {
  auto transaction = store.begin().value();
  for (int i = 0; i < entries; ++i)
    REQUIRE(transaction->append_log(log::entry(time_at(2022, 12, 28), "test", {{"n", std::to_string(i)}})).has_value());
  REQUIRE(transaction->commit().has_value());
}

void execute(const Path& file, const char* sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
  CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(handle);
}

}  // namespace

TEST_CASE("an entry is JSON with sorted keys, in NFC, with RFC 8785 escapes") {
  const auto made = log::entry(time_at(2022, 12, 28, 2, 30, 15), "cert.revoke",
                               {{"remark", "a\"b\\c\nd\x01"}, {"name", "Đa\xCC\xA3 K' Na\xCC\x80ng"}, {"zoo", "z"}});
  CHECK(std::string(text_of(made)) ==
        "{\"at\":\"2022-12-28T02:30:15Z\",\"name\":\"Đạ K' "
        "Nàng\",\"remark\":\"a\\\"b\\\\c\\nd\\u0001\",\"type\":\"cert.revoke\",\"zoo\":\"z\"}");
}

TEST_CASE("the root of the empty log and of known leaves is that of RFC 9162") {
  CHECK(hex(log::RootBuilder().root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // The leaf of no octets, as in the vectors that Certificate Transparency implementations share.
  CHECK(hex(log::leaf_hash({})) == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

TEST_CASE("the root that grows leaf by leaf is the root by definition") {
  std::vector<Sha256> leaves;
  log::RootBuilder builder;
  for (std::size_t n = 0; n < 130; ++n) {
    CHECK(builder.root() == tree_hash(leaves, 0, n));
    CHECK(builder.size() == n);
    leaves.push_back(log::leaf_hash(bytes_of(std::to_string(n))));
    builder.add(leaves.back());
  }
}

TEST_CASE("verify tells size and root, and names the first entry that was changed or taken away") {
  TemporaryDirectory folder;
  const Path file = folder / "antin.sqlite";
  auto store = store::open_sqlite_store(file).value();
  fill(*store, 10);
  const auto good = log::verify(*store).value();
  CHECK(good.size == 10);
  SECTION("one octet of an entry") {
    execute(file, "UPDATE log SET entry = CAST(replace(CAST(entry AS TEXT), '\"4\"', '\"5\"') AS BLOB) WHERE idx = 4");
    const auto bad = log::verify(*store);
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().code == ErrorCode::data_loss);
    CHECK(bad.error().message.find("entry 4 ") != std::string::npos);
  }
  SECTION("an entry that is gone") {
    execute(file, "DELETE FROM log WHERE idx = 6");
    const auto bad = log::verify(*store);
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().message.find("entry 6 ") != std::string::npos);
  }
  SECTION("another entry makes another root") {
    fill(*store, 1);
    CHECK(log::verify(*store).value().root != good.root);
  }
}
