// ServiceTokens: the keys that antind signs with, kept open, and opened anew when a token went away and came back.
//
// A module that lost its token may answer errors until it is finalised (C_Finalize, C_Initialize); that ends every
// session of the process, so it waits until no signature is being made. A PIN that a token refused is not given to it
// again by this process, however often the module is opened: only another PIN is. Safe for all threads.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "ca/store/store.h"
#include "cli/wiring/tokens.h"
#include "signer/pipeline/signing_service.h"

namespace antin::http {

class ServiceTokens {
 public:
  ServiceTokens(wiring::Home home, wiring::Config config) : home_(std::move(home)), config_(std::move(config)) {}

  // Hands the signer of this certificate to `use`. After a failure for want of a token, the next call opens the module
  // anew.
  Result<Bytes> sign_with(const store::CertificateRecord& record,
                          const std::function<Result<Bytes>(const pipeline::Signer&)>& use);
  // Every token that the configuration names can be logged in to; else the first that cannot, and why.
  Status ready();

 private:
  // With tokens_ open. Opens what is not.
  Result<wiring::Tokens*> opened();
  Result<pipeline::Signer> signer_for(const store::CertificateRecord& record);
  void forget(std::uint64_t generation);

  wiring::Home home_;
  wiring::Config config_;
  std::shared_ptr<wiring::RefusedPins> refused_ = std::make_shared<wiring::RefusedPins>();
  std::shared_mutex in_use_;  // shared while a key of tokens_ may be used, alone while they are closed
  std::mutex mutex_;          // of what follows
  std::optional<wiring::Tokens> tokens_;
  std::map<std::string, pipeline::Signer> signers_;
  std::uint64_t generation_ = 0;
};

}  // namespace antin::http
