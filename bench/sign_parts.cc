// Where the CPU of signing one PDF by API goes, part by part, one thread, no network:
//
//   sign_parts HOME SIGNER FILE COUNT
//
// Prints one JSON object a line: `name`, `us` a document. `token` is C_Sign; the others are our own.
#include <time.h>

#include <iostream>
#include <vector>

#include "base/digest.h"
#include "ca/store/store.h"
#include "cli/http/multipart.h"
#include "cli/http/service_store.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/trust.h"
#include "signer/cms/cades.h"
#include "signer/pipeline/signing_service.h"

using namespace antin;

namespace {

double cpu() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

template <class Work>
Result<double> average(unsigned count, Work&& work) {
  const double begin = cpu();
  for (unsigned i = 0; i < count; ++i) ANTIN_CHECK(work());
  return (cpu() - begin) / count;
}

void print(std::string_view name, double us) { std::cout << "{\"name\": \"" << name << "\", \"us\": " << us << "}\n"; }

Bytes form_with(ByteView file, const std::string& signer) {
  Bytes body = to_bytes(std::string_view("--b\r\nContent-Disposition: form-data; name=\"signer\"\r\n\r\n"));
  append(body, bytes_of(signer));
  append(body, bytes_of("\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; "
                        "filename=\"letter.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"));
  append(body, file);
  append(body, bytes_of("\r\n--b--\r\n"));
  return body;
}

struct Bench {
  wiring::Home home;
  unsigned count;
  Bytes file;
  std::string who;

  Result<pipeline::Signer> signer(wiring::Tokens& tokens) const {
    ANTIN_TRY(const auto store, store::open_sqlite_store(home.store(), true));
    ANTIN_TRY(const store::CertificateRecord record, store->certificate(who, SystemClock().now()));
    ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
    ANTIN_TRY(auto chain, wiring::chain_of(home, certificate));
    ANTIN_TRY(auto key, tokens.key(record.key_uri));
    return pipeline::Signer{std::move(key), std::move(certificate), std::move(chain)};
  }

  Status cms_alone(const pipeline::Signer& signer) const {
    const auto scheme = hsm::default_scheme(signer.key->algorithm());
    const cms::SignedAttributes about{cms::Form::pdf, scheme, Bytes(32, 0x5a), SystemClock().now(), signer.certificate};
    ANTIN_TRY(const Bytes attributes, cms::encode_signed_attributes(about));
    ANTIN_TRY(const Bytes signature, signer.key->sign(scheme, attributes));
    ANTIN_TRY(const double us, average(count, [&]() -> Status {
                ANTIN_TRY(const Bytes again, cms::encode_signed_attributes(about));
                ANTIN_CHECK(cms::assemble_detached(again, about, signature, signer.chain));
                return {};
              }));
    print("CMS", us);
    return {};
  }

  Status run() const {
    const SystemClock clock;
    ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
    ANTIN_TRY(wiring::Tokens tokens, wiring::open_service(home, config));
    ANTIN_TRY(const pipeline::Signer by, signer(tokens));
    ANTIN_TRY(const x509::TrustMaterial trust, wiring::load_trust(home));
    ANTIN_TRY(const auto format, pipeline::document_format("pades"));
    const Bytes body = form_with(file, who);
    ANTIN_TRY(const double receive, average(count, [&]() -> Status {
                ANTIN_TRY(const auto form, http::parse_multipart(body, "b"));
                return form.size() == 2 ? Status() : Status(fail(ErrorCode::internal, "form"));
              }));
    print("receive (form)", receive);
    ANTIN_TRY(const double hash, average(count, [&]() -> Status {
                return sha256(file)[0] == 0 && file.empty() ? Status(fail(ErrorCode::internal, "hash")) : Status();
              }));
    print("hash", hash);
    ANTIN_CHECK(cms_alone(by));
    pipeline::SigningCost cost;
    Bytes finished;
    ANTIN_TRY(const double whole, average(count, [&]() -> Status {
                ANTIN_TRY(finished, pipeline::sign_document(*format, {{"letter.pdf", "application/pdf", file}}, by, {},
                                                            trust, clock, &cost));
                return {};
              }));
    const auto each = [&](std::uint64_t total) { return static_cast<double>(total) / count; };
    print("check the certificate", each(cost.check_certificate));
    print("parse and lay out, with one hash", each(cost.prepare));
    print("token", each(cost.token));
    print("assemble", each(cost.assemble));
    print("self-check", each(cost.self_check));
    print("all of signing", whole);
    return write(clock, finished);
  }

  Status write(const Clock& clock, const Bytes& finished) const {
    ANTIN_TRY(const auto records, http::ServiceStore::open(home.service_store()));
    ANTIN_TRY(const double us, average(count, [&] {
                return records->record({clock.now(), "bench", "sign", who, "pades", {}, sha256(finished)}, "",
                                       {{}, "application/pdf", {}});
              }));
    print("write (audit record)", us);
    return {};
  }
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() != 4) {
    std::cerr << "sign_parts HOME SIGNER FILE COUNT\n";
    return 2;
  }
  Result<Bytes> file = read_file(words[2]);
  const Status done =
      file
          ? Bench{wiring::Home{words[0]}, static_cast<unsigned>(std::stoul(words[3])), *std::move(file), words[1]}.run()
          : Status(fail(file.error()));
  if (done) return 0;
  std::cerr << "sign_parts: " << done.error().message << "\n";
  return 1;
}
