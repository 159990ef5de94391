// What the store's tests share: one factory a driver, and small records.
#pragma once

#include <functional>
#include <utility>

#include "ca/store/store.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"

namespace antin::tests {

using StoreFactory = std::function<Result<std::unique_ptr<store::Store>>(const Path& folder, bool read_only)>;
struct Door {
  const char* name;
  StoreFactory open;
};
// Every driver of the Store, by name. The contract below runs on each.
inline std::vector<Door> doors() {
  return {{"sqlite", [](const Path& folder, bool read_only) {
             return store::open_sqlite_store(folder / "antin.sqlite", read_only);
           }}};
}

template <class T>
T must(Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  return *std::move(result);
}
inline void ok(const Status& status) {
  INFO((status ? "" : status.error().message));
  REQUIRE(status.has_value());
}

inline x509::SerialNumber serial(const char* hex) { return x509::SerialNumber::from_hex(hex).value(); }
inline store::Intent intent(const std::string& request, const char* hex) {
  return {request,      "government", serial(hex),    to_bytes("tbs of " + request), "personal", "personal",
          "subscriber", "",           "P-" + request, request + "@lamdong.test"};
}
inline store::CertificateRecord record(const std::string& request, const char* hex,
                                       Time not_after = time_at(2027, 1, 1)) {
  return {.id = "government-" + serial(hex).hex(),
          .issuer = "government",
          .serial = serial(hex),
          .subject = "CN=Đạ K' Nàng",
          .kind = "personal",
          .profile = "personal",
          .key_location = "subscriber",
          .key_uri = "",
          .subscriber = "P-" + request,
          .mail = request + "@lamdong.test",
          .not_before = time_at(2022, 1, 1),
          .not_after = not_after,
          .key_hash = to_bytes("key of " + request),
          .der = to_bytes("der of " + request)};
}
inline void issue(store::Store& store, const std::string& request, const char* hex,
                  Time not_after = time_at(2027, 1, 1)) {
  auto transaction = must(store.begin());
  ok(transaction->add_intents({intent(request, hex)}));
  ok(transaction->add_certificate(record(request, hex, not_after), request));
  ok(transaction->commit());
}

}  // namespace antin::tests
