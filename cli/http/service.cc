#include "cli/http/service.h"

#include <algorithm>
#include <iostream>
#include <mutex>

#include "base/encoding.h"
#include "ca/authority/issuer_register.h"
#include "ca/store/store.h"
#include "cli/http/multipart.h"
#include "cli/http/service_tokens.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/tokens.h"
#include "cli/wiring/trust.h"
#include "cli/words/report_words.h"
#include "signer/dossier/dossier.h"
#include "signer/pipeline/signing_service.h"
#include "signer/validation/verify.h"

namespace antin::http {
namespace {

using Form = std::vector<FormPart>;

std::string field(const Form& form, std::string_view name, std::string fallback = {}) {
  for (const FormPart& part : form)
    if (part.name == name) return std::string(text_of(part.content));
  return fallback;
}

std::vector<pipeline::NamedDocument> files(const Form& form, std::string_view name) {
  std::vector<pipeline::NamedDocument> found;
  for (const FormPart& part : form)
    if (part.name == name)
      found.push_back({part.file_name.empty() ? "document" : part.file_name,
                       part.media_type.empty() ? "application/octet-stream" : part.media_type, to_bytes(part.content)});
  return found;
}

// What each call knows (schemas/openapi.yaml). A slip in a field's name must not make another signature than was meant.
std::vector<std::string_view> known_fields(std::string_view target) {
  if (target == "/v1/sign") return {"file", "signer", "format", "reason", "location", "contact", "field"};
  if (target == "/v1/dossiers") return {"dossier", "signer", "file", "role"};
  return {"file", "detached"};
}

Status check_fields(std::string_view target, const Form& form) {
  const std::vector<std::string_view> known = known_fields(target);
  std::string names;
  for (const std::string_view name : known) names += (names.empty() ? "" : ", ") + std::string(name);
  for (const FormPart& part : form) {
    if (std::ranges::find(known, part.name) == known.end())
      return fail(ErrorCode::invalid_argument, "the form has a field \"" + part.name.substr(0, 64) +
                                                   "\" that this call does not know: it knows " + names);
    const std::string_view value = text_of(part.content);
    if (part.name == "format" && value != "pades" && value != "cades" && value != "asic-e")
      return fail(ErrorCode::invalid_argument, "format: the value is none of pades, cades, asic-e");
  }
  return {};
}

Result<Form> form_of(const Request& request) {
  ANTIN_TRY(const std::string boundary, boundary_of(request.header("content-type")));
  ANTIN_TRY(Form form, parse_multipart(request.body, boundary));
  ANTIN_CHECK(check_fields(request.target, form));
  return form;
}

Response wrong_method(const Request& request, const std::string& allowed) {
  Response response = problem(405, "method_not_allowed", "this path takes " + allowed, language_of(request));
  response.headers["Allow"] = allowed;
  return response;
}

bool may_use(const Caller& caller, const store::CertificateRecord& record) {
  const std::string serial = record.serial.hex();
  return std::any_of(caller.signers.begin(), caller.signers.end(), [&](const std::string& allowed) {
    return allowed == "*" || allowed == record.id || allowed == serial ||
           (!allowed.empty() && (allowed == record.subscriber || allowed == record.mail));
  });
}

// As `antin verify --detached`: a PDF or container holds its own data and must not be judged as if what came with it
// had been read. A CMS that carries its content is held against it.
Status data_were_wanted(const validation::Question& question, const validation::Report& found) {
  if (!question.detached || found.format == "cades") return {};
  return fail(ErrorCode::invalid_argument, "detached: the file is not a detached signature");
}

Response text_response(std::string content_type, Bytes body) {
  return {200, std::move(content_type), {}, std::move(body)};
}

}  // namespace

struct Service::State {
  State(wiring::Home where, wiring::Config with, const Clock& by, std::unique_ptr<store::Store> ca_store,
        std::unique_ptr<ServiceStore> own)
      : home(std::move(where)),
        clock(by),
        certificates(std::move(ca_store)),
        records(std::move(own)),
        tokens(home, std::move(with)) {}

  wiring::Home home;
  const Clock& clock;
  std::mutex store_mutex;
  std::unique_ptr<store::Store> certificates;  // read-only
  std::unique_ptr<ServiceStore> records;
  ServiceTokens tokens;
  std::mutex trust_mutex;
  std::shared_ptr<const x509::TrustMaterial> trust;
  std::string trust_stamp;

  // Read again when a published file changed.
  Result<std::shared_ptr<const x509::TrustMaterial>> current_trust() {
    std::string stamp;
    std::error_code ignored;
    for (const Path& folder : {home.out_ca(), home.out_crl()})
      for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        stamp += entry.path().filename().string() +
                 std::to_string(entry.last_write_time(ignored).time_since_epoch().count()) + ";";
    const std::lock_guard lock(trust_mutex);
    if (trust && stamp == trust_stamp) return trust;
    ANTIN_TRY(x509::TrustMaterial fresh, wiring::load_trust(home));
    trust = std::make_shared<const x509::TrustMaterial>(std::move(fresh));
    trust_stamp = stamp;
    return trust;
  }

  Result<store::CertificateRecord> find(const std::string& signer) {
    if (signer.empty()) return fail(ErrorCode::invalid_argument, "the form has no field \"signer\"");
    const std::lock_guard lock(store_mutex);
    return certificates->certificate(signer, clock.now());
  }

  Result<Caller> authenticate(const Request& request) {
    const std::string header = request.header("authorization");
    if (!header.starts_with("Bearer "))
      return fail(ErrorCode::unauthenticated, "send the header Authorization: Bearer TOKEN");
    ANTIN_TRY(const auto caller, records->caller(std::string_view(header).substr(7)));
    if (!caller) return fail(ErrorCode::unauthenticated, "the API token is unknown or revoked");
    return *caller;
  }

  Result<Response> sign_documents(const Request& request, const Form& form, const std::string& operation,
                                  const std::string& format_name, std::vector<pipeline::NamedDocument> documents);
  Result<Response> sign(const Request& request);
  Result<Response> make_dossier(const Request& request);
  Result<Response> verify(const Request& request);
  Result<Response> published(const Path& file, const char* content_type, bool pem_certificate);
  Result<Response> route(const Request& request);
};

Result<Response> Service::State::sign_documents(const Request& request, const Form& form, const std::string& operation,
                                                const std::string& format_name,
                                                std::vector<pipeline::NamedDocument> documents) {
  ANTIN_TRY(const Caller caller, authenticate(request));
  ANTIN_TRY(const auto format, pipeline::document_format(format_name));
  ANTIN_TRY(const store::CertificateRecord record, find(field(form, "signer")));
  if (!may_use(caller, record))
    return fail(ErrorCode::permission_denied, "the system " + caller.system + " may not sign with this certificate");
  const std::string key = request.header("idempotency-key");
  if (key.size() > 255) return fail(ErrorCode::invalid_argument, "the Idempotency-Key has over 255 octets");
  Hasher hasher;
  hasher.update(bytes_of(operation + "\n" + record.id + "\n" + format_name + "\n"));
  // What was sent, not what is made of it: a dossier's manifest holds the time.
  for (const FormPart& part : form)
    hasher.update(bytes_of(part.name + "\n" + part.file_name + "\n" + part.media_type + "\n"))
        .update(sha256(part.content));
  const Bytes request_hash = hasher.finish();
  if (!key.empty()) {
    ANTIN_TRY(auto kept, records->kept_answer(caller.system, key));
    if (kept && kept->request_hash != request_hash)
      return fail(ErrorCode::failed_precondition, "the Idempotency-Key was used for another request");
    if (kept) return text_response(kept->content_type, std::move(kept->body));
  }
  ANTIN_CHECK(wiring::require_valid(record));
  ANTIN_TRY(const auto material, current_trust());
  pipeline::SigningOptions options{.reason = field(form, "reason"),
                                   .location = field(form, "location"),
                                   .contact = field(form, "contact"),
                                   .field_name = field(form, "field"),
                                   .scheme = std::nullopt};
  Sha256 document_hash{};
  std::copy(request_hash.begin(), request_hash.end(), document_hash.begin());
  ANTIN_TRY(Bytes finished, tokens.sign_with(record, [&](const pipeline::Signer& signer) {
    return pipeline::sign_document(*format, std::move(documents), signer, options, *material, clock);
  }));
  const std::string content_type(format->media_type());
  ANTIN_CHECK(
      records->record({clock.now(), caller.system, operation, record.id, format_name, document_hash, sha256(finished)},
                      key, {request_hash, content_type, key.empty() ? Bytes() : finished}));
  return text_response(content_type, std::move(finished));
}

Result<Response> Service::State::sign(const Request& request) {
  ANTIN_TRY([[maybe_unused]] const Caller caller, authenticate(request));
  ANTIN_TRY(const Form form, form_of(request));
  std::vector<pipeline::NamedDocument> documents = files(form, "file");
  if (documents.empty()) return fail(ErrorCode::invalid_argument, "the form has no part \"file\"");
  const std::string fallback = documents.size() > 1                                      ? "asic-e"
                               : text_of(documents.front().content).starts_with("%PDF-") ? "pades"
                                                                                         : "cades";
  return sign_documents(request, form, "sign", field(form, "format", fallback), std::move(documents));
}

Result<Response> Service::State::make_dossier(const Request& request) {
  ANTIN_TRY([[maybe_unused]] const Caller caller, authenticate(request));
  ANTIN_TRY(const Form form, form_of(request));
  dossier::Dossier dossier{.code = field(form, "dossier"), .previous_sha256 = {}, .components = {}};
  for (pipeline::NamedDocument& document : files(form, "file"))
    dossier.components.push_back({std::move(document), dossier.components.empty() ? "application" : "component"});
  // `role` fields, when there are any, go with the files in order.
  std::size_t next = 0;
  for (const FormPart& part : form)
    if (part.name == "role" && next < dossier.components.size())
      dossier.components[next++].role = std::string(text_of(part.content));
  ANTIN_TRY(std::vector<pipeline::NamedDocument> documents, dossier::make_documents(std::move(dossier), clock.now()));
  return sign_documents(request, form, "dossier", "asic-e", std::move(documents));
}

Result<Response> Service::State::verify(const Request& request) {
  ANTIN_TRY([[maybe_unused]] const Caller caller, authenticate(request));
  ANTIN_TRY(const Form form, form_of(request));
  const FormPart *document = nullptr, *detached = nullptr;
  for (const FormPart& part : form) {
    if (part.name == "file") document = &part;
    if (part.name == "detached") detached = &part;
  }
  if (document == nullptr) return fail(ErrorCode::invalid_argument, "the form has no part \"file\"");
  ANTIN_TRY(const auto material, current_trust());
  validation::Question question{document->content, std::nullopt, *material, clock.now()};
  if (detached != nullptr) question.detached = detached->content;
  ANTIN_TRY(validation::Report found, validation::verify(question));
  ANTIN_CHECK(data_were_wanted(question, found));
  const validation::Report report = words::in_language(std::move(found), language_of(request));
  return text_response("application/json",
                       to_bytes(validation::to_json(report, language_of(request) == Language::vi ? "vi" : "en")));
}

Result<Response> Service::State::published(const Path& file, const char* content_type, bool pem_certificate) {
  auto content = read_file(file);
  if (!content) return fail(ErrorCode::not_found, "there is no issuer of that name");
  if (pem_certificate) {
    ANTIN_TRY(const x509::Certificate certificate, x509::Certificate::from_file_bytes(*content));
    content = to_bytes(certificate.der());
  }
  Response response = text_response(content_type, *std::move(content));
  response.headers["Cache-Control"] = "public, max-age=60";
  return response;
}

Result<Response> Service::State::route(const Request& request) {
  const std::string& target = request.target;
  const bool post = request.method == "POST", get = request.method == "GET" || request.method == "HEAD";
  if (target == "/v1/sign" || target == "/v1/verify" || target == "/v1/dossiers") {
    if (!post) return wrong_method(request, "POST");
    return target == "/v1/sign" ? sign(request) : target == "/v1/verify" ? verify(request) : make_dossier(request);
  }
  if (target == "/livez" || target == "/readyz" || target.starts_with("/v1/crl/") || target.starts_with("/v1/ca/")) {
    if (!get) return wrong_method(request, "GET, HEAD");
    if (target == "/livez") return text_response("text/plain", to_bytes("ok\n"));
    if (target == "/readyz") {
      ANTIN_TRY([[maybe_unused]] const auto material, current_trust());
      ANTIN_CHECK(tokens.ready());
      return text_response("text/plain", to_bytes("ok\n"));
    }
    const bool crl = target.starts_with("/v1/crl/");
    const std::string name = target.substr(crl ? 8 : 7);
    if (!authority::is_issuer_name(name)) return fail(ErrorCode::not_found, "there is no issuer of that name");
    return crl ? published(home.crl(name), "application/pkix-crl", false)
               : published(home.ca_certificate(name), "application/pkix-cert", true);
  }
  return fail(ErrorCode::not_found, "no such path");
}

namespace {

// What callers are not shown stands in the daemon's log.
Response failed(const Request& request, const Error& error) {
  if (error.code == ErrorCode::internal || error.code == ErrorCode::data_loss || error.code == ErrorCode::unavailable)
    std::cerr << request.method + " " + request.target + ": " + std::string(to_string(error.code)) + ": " +
                     error.message + "\n";
  return problem(error, language_of(request));
}

}  // namespace

Service::Service(std::unique_ptr<State> state) : state_(std::move(state)) {}
Service::~Service() = default;

Result<std::unique_ptr<Service>> Service::open(const wiring::Home& home, const wiring::Config& config,
                                               const Clock& clock) {
  ANTIN_TRY(auto certificates, store::open_sqlite_store(home.store(), true));
  ANTIN_TRY(auto records, ServiceStore::open(home.service_store()));
  return std::unique_ptr<Service>(
      new Service(std::make_unique<State>(home, config, clock, std::move(certificates), std::move(records))));
}

Response Service::answer(const Request& request) {
  try {
    Result<Response> response = state_->route(request);
    return response ? *std::move(response) : failed(request, response.error());
  } catch (const std::exception& failure) {
    return failed(request, {ErrorCode::internal, failure.what()});
  }
}

}  // namespace antin::http
