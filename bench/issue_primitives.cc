// What issuing one certificate cannot do without, each piece alone, on this machine and in this run:
//
//   issue_primitives ISSUED_HOME ISSUER ROSTER_HASH SCRATCH
//
// ISSUED_HOME has issued its roster. Two threads work on each piece at once, as issuing does, but for the transactions
// of the store, which one thread writes beside them into SCRATCH. Prints one JSON object a line: `name`, `us` of both
// cores a certificate.
#include <time.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>
#include <vector>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "ca/log/log.h"
#include "ca/store/store.h"
#include "ca/x509/csr.h"
#include "ca/x509/opinion.h"
#include "ca/x509/signature_check.h"
#include "cli/wiring/issuers.h"
#include "hsm/public_key.h"

using namespace antin;

namespace {

struct Samples {
  std::vector<x509::Certificate> certificates;
  std::vector<store::CertificateRecord> records;
  std::vector<Bytes> requests;
};

Result<Samples> samples(const wiring::Home& home, const std::string& issuer, ByteView roster_hash) {
  ANTIN_TRY(const auto store, store::open_sqlite_store(home.store(), true));
  store::CertificateQuery query;
  query.issuer = issuer;
  query.limit = 2000;
  Samples found;
  ANTIN_TRY(found.records, store->certificates(query, SystemClock().now()));
  for (const auto& record : found.records) {
    ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
    found.certificates.push_back(std::move(certificate));
  }
  ANTIN_CHECK(store->for_each_row(roster_hash, 1, [&](const store::RosterRow& row) -> Status {
    if (found.requests.size() < 1000) found.requests.push_back(row.request);
    return {};
  }));
  if (found.certificates.empty() || found.requests.empty())
    return fail(ErrorCode::not_found, "the home has issued nothing");
  return found;
}

void print(std::string_view name, double us) { std::cout << "{\"name\": \"" << name << "\", \"us\": " << us << "}\n"; }

// `work(i)` for half a second on two threads.
template <class Work>
Status measure(std::string_view name, Work&& work) {
  std::atomic<std::uint64_t> done = 0;
  std::atomic<bool> failed = false;
  const auto begin = std::chrono::steady_clock::now();
  const auto until = begin + std::chrono::milliseconds(500);
  const auto half = [&](std::uint64_t first) {
    for (std::uint64_t i = first; !failed && std::chrono::steady_clock::now() < until; i += 2, ++done)
      if (!work(i)) failed = true;
  };
  {
    const std::jthread other(half, 1);
    half(0);
  }
  if (failed) return fail(ErrorCode::internal, std::string(name) + ": failed");
  print(name, std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() /
                  static_cast<double>(done.load()));
  return {};
}

double cpu_of_thread() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// Intent, certificate and both log entries, 256 certificates a durable transaction.
Status measure_store(const Path& scratch, const Samples& found) {
  ANTIN_TRY(const auto store, store::open_sqlite_store(scratch / "bench.sqlite"));
  const Time now = SystemClock().now();
  const double begin = cpu_of_thread();
  for (std::size_t first = 0; first < found.records.size(); first += 256) {
    const std::size_t last = std::min(found.records.size(), first + 256);
    ANTIN_TRY(const auto transaction, store->begin());
    std::vector<store::Intent> intents;
    for (std::size_t i = first; i < last; ++i) {
      const auto& r = found.records[i];
      intents.push_back({"bench/" + std::to_string(i), r.issuer, r.serial, to_bytes(found.certificates[i].tbs()),
                         r.kind, r.profile, r.key_location, r.key_uri, r.subscriber, r.mail});
    }
    ANTIN_CHECK(transaction->add_intents(intents));
    for (std::size_t i = first; i < last; ++i) {
      ANTIN_CHECK(transaction->append_log(log::entry(now, "intent", {{"request", intents[i - first].request_id}})));
      ANTIN_CHECK(transaction->add_certificate(found.records[i], intents[i - first].request_id));
      ANTIN_CHECK(
          transaction->append_log(log::entry(now, "certificate", {{"request", intents[i - first].request_id}})));
    }
    ANTIN_CHECK(transaction->commit());
  }
  print("SQL and log, durable", (cpu_of_thread() - begin) / 2 / static_cast<double>(found.records.size()));
  return {};
}

Status run(const wiring::Home& home, const std::string& issuer, const Bytes& roster_hash, const Path& scratch) {
  ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
  ANTIN_TRY(wiring::Tokens ca, wiring::open_ca(home, config));
  ANTIN_TRY(const auto token, ca.token(issuer));
  ANTIN_TRY(const auto key, token->find_key({.id = {}, .label = issuer}));
  ANTIN_TRY(const Samples found, samples(home, issuer, roster_hash));
  const auto certificate = [&](std::uint64_t i) -> const x509::Certificate& {
    return found.certificates[i % found.certificates.size()];
  };
  const hsm::SignatureScheme scheme = hsm::default_scheme(key->algorithm());
  ANTIN_TRY(const EvpPkeyPtr openssl, hsm::read_public_key(key->public_key_info()));
  ANTIN_TRY(const auto botan, x509::BotanKey::read(key->public_key_info()));
  ANTIN_CHECK(
      measure("token sign", [&](std::uint64_t i) { return key->sign(scheme, certificate(i).tbs()).has_value(); }));
  ANTIN_CHECK(measure("OpenSSL parse", [&](std::uint64_t i) {
    const unsigned char* at = certificate(i).der().data();
    return X509Ptr(d2i_X509(nullptr, &at, static_cast<long>(certificate(i).der().size()))) != nullptr;
  }));
  ANTIN_CHECK(measure("our parse, with OpenSSL's but for the key",
                      [&](std::uint64_t i) { return x509::Certificate::from_der(certificate(i).der()).has_value(); }));
  ANTIN_CHECK(measure("OpenSSL verify", [&](std::uint64_t i) {
    return x509::check_signature(openssl.get(), certificate(i).signature_algorithm(), certificate(i).tbs(),
                                 certificate(i).signature())
        .value_or(false);
  }));
  ANTIN_CHECK(
      measure("Botan parse", [&](std::uint64_t i) { return x509::botan_opinion(certificate(i).der()).has_value(); }));
  ANTIN_CHECK(measure("Botan verify", [&](std::uint64_t i) {
    return botan->check(scheme, certificate(i).tbs(), certificate(i).signature()).value_or(false);
  }));
  ANTIN_CHECK(measure("proof of possession", [&](std::uint64_t i) {
    const auto request = x509::CertificationRequest::from_der(found.requests[i % found.requests.size()]);
    return request && request->proof_of_possession().value_or(false);
  }));
  return measure_store(scratch, found);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 4) {
    std::cerr << "issue_primitives ISSUED_HOME ISSUER ROSTER_HASH SCRATCH\n";
    return 2;
  }
  const Result<Bytes> hash = from_hex(words[2]);
  const Status done = hash ? run(wiring::Home{words[0]}, words[1], *hash, words[3]) : Status(fail(hash.error()));
  if (done) return 0;
  std::cerr << "issue_primitives: " << done.error().message << "\n";
  return 1;
}
