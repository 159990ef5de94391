#include "cli/http/service_tokens.h"

#include <algorithm>

#include "cli/wiring/issuers.h"

namespace antin::http {
namespace {

// A PIN that the service lacks is its own trouble: 401 would tell the caller that the API token is wrong.
template <class T>
Result<T> ready_or_unavailable(Result<T> result) {
  if (!result && result.error().code == ErrorCode::unauthenticated) result.error().code = ErrorCode::unavailable;
  return result;
}

}  // namespace

Result<wiring::Tokens*> ServiceTokens::opened() {
  if (!tokens_) {
    ANTIN_TRY(wiring::Tokens tokens, wiring::open_service(home_, config_, refused_));
    tokens_.emplace(std::move(tokens));
    ++generation_;
  }
  return &*tokens_;
}

Result<pipeline::Signer> ServiceTokens::signer_for(const store::CertificateRecord& record) {
  if (const auto known = signers_.find(record.id); known != signers_.end()) return known->second;
  ANTIN_TRY(x509::Certificate certificate, x509::Certificate::from_der(record.der));
  ANTIN_TRY(std::vector<x509::Certificate> chain, wiring::chain_of(home_, certificate));
  ANTIN_TRY(wiring::Tokens* const tokens, opened());
  auto key = record.key_uri.empty() ? wiring::find_personal_key(*tokens, config_, certificate.public_key_info())
                                    : tokens->key(record.key_uri);
  if (!key) return fail(ready_or_unavailable(std::move(key)).error());
  return signers_.emplace(record.id, pipeline::Signer{*std::move(key), std::move(certificate), std::move(chain)})
      .first->second;
}

Result<Bytes> ServiceTokens::sign_with(const store::CertificateRecord& record,
                                       const std::function<Result<Bytes>(const pipeline::Signer&)>& use) {
  std::uint64_t generation = 0;
  Result<Bytes> done = Bytes();
  {
    const std::shared_lock in_use(in_use_);
    Result<pipeline::Signer> signer = fail(ErrorCode::internal, "");
    {
      const std::lock_guard lock(mutex_);
      signer = signer_for(record);
      generation = generation_;
    }
    done = signer ? use(*signer) : Result<Bytes>(fail(std::move(signer).error()));
  }
  if (!done && done.error().code == ErrorCode::unavailable) forget(generation);
  return done;
}

Status ServiceTokens::ready() {
  std::uint64_t generation = 0;
  Status all;
  {
    const std::shared_lock in_use(in_use_);
    const std::lock_guard lock(mutex_);
    auto tokens = ready_or_unavailable(opened());
    generation = generation_;
    if (!tokens) return fail(std::move(tokens).error());
    ANTIN_TRY(const std::vector<hsm::TokenInfo> there, (*tokens)->list());
    for (const auto& [name, source] : config_.service.pins) {
      if (!all) break;
      auto token = ready_or_unavailable((*tokens)->token(name));
      if (!token) {
        all = fail(std::move(token).error());
        continue;
      }
      const hsm::TokenInfo& wanted = (*token)->info();
      const bool present =
          std::ranges::any_of(there, [&](const hsm::TokenInfo& one) { return one.serial == wanted.serial; });
      if (!present) all = fail(ErrorCode::unavailable, "token " + wanted.label + ": it is not there any more");
    }
  }
  if (!all && all.error().code == ErrorCode::unavailable) forget(generation);
  return all;
}

void ServiceTokens::forget(std::uint64_t generation) {
  const std::unique_lock alone(in_use_);
  const std::lock_guard lock(mutex_);
  if (generation != generation_) return;  // somebody else was first
  signers_.clear();
  tokens_.reset();
}

}  // namespace antin::http
