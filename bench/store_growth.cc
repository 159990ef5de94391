// What asking the store costs when it holds many certificates:
//
//   store_growth ISSUED_HOME CERTIFICATES
//
// Fills the store of ISSUED_HOME, which issued some certificates, up to CERTIFICATES: copies of what it issued with
// serial numbers, codes and addresses of their own, one in twenty revoked. Then asks for single certificates and for
// pages of a hundred, 2,000 times each, at places of its dice's choosing. Prints one JSON object a line: `name`, `p50`
// and `p99` in milliseconds; for adding and revoking `us` each.
#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <iostream>
#include <vector>

#include "base/digest.h"
#include "base/random.h"
#include "ca/log/log.h"
#include "ca/store/store.h"
#include "ca/x509/certificate.h"
#include "cli/wiring/home.h"

using namespace antin;

namespace {

using clock_type = std::chrono::steady_clock;

double micros_since(clock_type::time_point begin) {
  return std::chrono::duration<double, std::micro>(clock_type::now() - begin).count();
}

// The same numbers on every machine (SplitMix64).
struct Dice {
  std::uint64_t state = 1;
  std::uint64_t next() {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
};

struct Known {
  std::vector<std::string> ids, serials, codes, mails;
  std::vector<Bytes> keys;
};

x509::SerialNumber fresh_serial(Dice& dice) {
  Bytes octets(20);
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<std::uint8_t>(dice.next());
  octets[0] = static_cast<std::uint8_t>(0x40 | (octets[0] & 0x3f));
  return x509::SerialNumber::from_unsigned(octets).value();
}

// The certificate with another serial number of the same length in its place; its signature is the old one's.
Bytes renumbered(const Bytes& der, const x509::SerialNumber& old, const x509::SerialNumber& fresh) {
  Bytes out = der;
  const ByteView before = old.magnitude(), after = fresh.magnitude();
  const auto at = std::search(out.begin(), out.end(), before.begin(), before.end());
  if (at != out.end() && before.size() == after.size()) std::copy(after.begin(), after.end(), at);
  return out;
}

store::CertificateRecord copy_of(const store::CertificateRecord& model, std::uint64_t number, Dice& dice) {
  store::CertificateRecord record = model;
  record.serial = fresh_serial(dice);
  record.id = record.issuer + "-" + record.serial.hex();
  record.subscriber = "B-" + std::to_string(number);
  record.mail = "b" + std::to_string(number) + "@lamdong.test";
  record.not_after = model.not_after - days{dice.next() % 1500};
  record.der = renumbered(model.der, model.serial, record.serial);
  const std::string name = std::to_string(number);
  const Sha256 key = sha256(to_bytes(name));
  record.key_hash.assign(key.begin(), key.end());
  record.succession.reset();
  return record;
}

Status add_group(store::Store& store, const std::vector<store::CertificateRecord>& group, const std::string& name,
                 Time now) {
  ANTIN_TRY(const auto transaction, store.begin());
  std::vector<store::Intent> intents;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto& r = group[i];
    ANTIN_TRY(const auto certificate, x509::Certificate::from_der(r.der));
    intents.push_back({"bench/" + name + "/" + std::to_string(i), r.issuer, r.serial, to_bytes(certificate.tbs()),
                       r.kind, r.profile, r.key_location, r.key_uri, r.subscriber, r.mail});
  }
  ANTIN_CHECK(transaction->add_intents(intents));
  for (std::size_t i = 0; i < group.size(); ++i) {
    ANTIN_CHECK(transaction->append_log(log::entry(now, "intent", {{"request", intents[i].request_id}})));
    ANTIN_CHECK(transaction->add_certificate(group[i], intents[i].request_id));
    ANTIN_CHECK(transaction->append_log(log::entry(now, "certificate", {{"request", intents[i].request_id}})));
  }
  return transaction->commit();
}

Status revoke_group(store::Store& store, const std::vector<store::CertificateRecord>& group, Time now) {
  ANTIN_TRY(const auto transaction, store.begin());
  for (const auto& record : group) {
    ANTIN_CHECK(transaction->add_revocation({record.id, store::RevocationEvent::Act::revoke,
                                             x509::RevocationReason::superseded, now, std::nullopt, "bench"}));
    ANTIN_CHECK(transaction->append_log(log::entry(now, "revoke", {{"certificate", record.id}})));
  }
  return transaction->commit();
}

void note(Known& known, const store::CertificateRecord& record) {
  known.ids.push_back(record.id);
  known.serials.push_back(record.serial.hex());
  known.codes.push_back(record.subscriber);
  known.mails.push_back(record.mail);
  known.keys.push_back(record.key_hash);
}

// Returns a sample of what was added.
Result<Known> fill(store::Store& store, std::uint64_t wanted, Time now) {
  ANTIN_TRY(const auto models, store.certificates({.kind = "personal", .limit = 2000}, now));
  if (models.empty()) return fail(ErrorCode::not_found, "the home has issued nothing");
  ANTIN_TRY(const auto before, store.certificates({.limit = wanted}, now));
  Known known;
  Dice dice{before.size() + 1};  // other numbers than an earlier run took
  double adding = 0, revoking = 0;
  std::uint64_t added = 0, revoked = 0;
  for (std::uint64_t number = before.size(); number < wanted;) {
    std::vector<store::CertificateRecord> group;
    for (; group.size() < 256 && number < wanted; ++number)
      group.push_back(copy_of(models[number % models.size()], number, dice));
    const auto begin = clock_type::now();
    ANTIN_CHECK(add_group(store, group, std::to_string(number), now));
    adding += micros_since(begin);
    added += group.size();
    for (std::size_t i = 0; i < group.size(); i += group.size() / 4 + 1) note(known, group[i]);
    group.erase(group.begin() + static_cast<std::ptrdiff_t>(group.size() / 20), group.end());
    const auto middle = clock_type::now();
    ANTIN_CHECK(revoke_group(store, group, now));
    revoking += micros_since(middle);
    revoked += group.size();
  }
  for (const auto& record : models)
    if (known.ids.size() < 1000) note(known, record);
  std::cout << "{\"name\": \"add\", \"us\": " << adding / static_cast<double>(std::max<std::uint64_t>(added, 1))
            << ", \"count\": " << added << "}\n{\"name\": \"revoke\", \"us\": "
            << revoking / static_cast<double>(std::max<std::uint64_t>(revoked, 1)) << ", \"count\": " << revoked
            << "}\n";
  return known;
}

Status ask(std::string_view name, const std::function<Result<bool>(std::uint64_t place)>& question) {
  std::vector<double> times;
  Dice dice{7};
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t place = dice.next();
    const auto begin = clock_type::now();
    ANTIN_TRY(const bool good, question(place));
    times.push_back(micros_since(begin) / 1000);
    if (!good) return fail(ErrorCode::internal, std::string(name) + ": nothing was found");
  }
  std::ranges::sort(times);
  std::cout << "{\"name\": \"" << name << "\", \"p50\": " << times[times.size() / 2]
            << ", \"p99\": " << times[times.size() * 99 / 100] << "}\n";
  return {};
}

Status ask_all(store::Store& store, const Known& known, Time now) {
  const auto one_of = [](const auto& all, std::uint64_t place) { return all[place % all.size()]; };
  const auto single = [&](std::string_view name, const std::vector<std::string>& names) {
    return ask(name, [&](std::uint64_t place) -> Result<bool> {
      ANTIN_TRY(const auto found, store.certificate(one_of(names, place), now));
      return !found.der.empty();
    });
  };
  ANTIN_CHECK(single("find by id", known.ids));
  ANTIN_CHECK(single("find by serial", known.serials));
  ANTIN_CHECK(single("find by code", known.codes));
  ANTIN_CHECK(single("find by mail", known.mails));
  ANTIN_CHECK(ask("find by key", [&](std::uint64_t place) -> Result<bool> {
    ANTIN_TRY(const auto found, store.certificates_by_key(one_of(known.keys, place), now));
    return !found.empty();
  }));
  const auto page = [&](std::string_view name, store::CertificateQuery query, bool anywhere) {
    return ask(name, [&, query](std::uint64_t place) mutable -> Result<bool> {
      query.limit = 100;
      if (anywhere) query.after_id = one_of(known.ids, place);
      ANTIN_TRY([[maybe_unused]] const auto found, store.certificates(query, now));
      return true;
    });
  };
  ANTIN_CHECK(page("page", {}, true));
  ANTIN_CHECK(page("page of an issuer", {.issuer = "government"}, true));
  ANTIN_CHECK(page("page of a kind", {.kind = "personal"}, true));
  ANTIN_CHECK(page("page of a rare kind", {.kind = "officer"}, false));
  ANTIN_CHECK(page("page of a profile", {.profile = "personal"}, true));
  ANTIN_CHECK(page("page of the valid", {.status = store::CertificateStatus::valid}, true));
  ANTIN_CHECK(page("page of the revoked", {.status = store::CertificateStatus::revoked}, true));
  ANTIN_CHECK(page("page of the suspended", {.status = store::CertificateStatus::suspended}, false));
  return page("the first that end in 90 days", {.ends_by = now + days{90}}, false);
}

Status run(const wiring::Home& home, std::uint64_t wanted) {
  const Time now = SystemClock().now();
  ANTIN_TRY(const auto store, store::open_sqlite_store(home.store()));
  ANTIN_TRY(const Known known, fill(*store, wanted, now));
  return ask_all(*store, known, now);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "store_growth ISSUED_HOME CERTIFICATES\n";
    return 2;
  }
  const Status done = run(wiring::Home{argv[1]}, std::stoull(argv[2]));
  if (done) return 0;
  std::cerr << "store_growth: " << done.error().message << "\n";
  return 1;
}
