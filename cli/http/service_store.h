// ServiceStore: antind's own records: API tokens (hashed), answers kept for repeated requests, and the audit of
// signatures.
//
// Safe for several threads. Each call is one durable transaction (SQLite in WAL mode, synchronous=FULL).
// schemas/service/0001.sql.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/random.h"
#include "base/secret.h"

namespace antin::http {

// Who calls: a document system and the keys that it may use.
struct Caller {
  std::string system;
  std::vector<std::string> signers;  // certificate ids, serials, subscriber codes or mails; `*` for all
};

struct KeptAnswer {
  Bytes request_hash;
  std::string content_type;
  Bytes body;
};

struct AuditRecord {
  Time at;
  std::string system, operation, signer, format;
  Sha256 document, result;
};

class ServiceStore {
 public:
  static Result<std::unique_ptr<ServiceStore>> open(const Path& file);
  ~ServiceStore();

  // A new token: 256 random bits in base64url. Only its hash is kept, so that it can be shown this once.
  Result<Secret> add_token(const Caller& caller, RandomSource& random, Time now);
  Result<std::vector<Caller>> tokens();
  // Ends all tokens of a system; not_found when it has none.
  Status revoke_tokens(const std::string& system);
  // None for a token that is unknown or revoked.
  Result<std::optional<Caller>> caller(std::string_view token);

  Result<std::optional<KeptAnswer>> kept_answer(const std::string& system, const std::string& key);
  // Audit record and, with a key, the answer, together.
  Status record(const AuditRecord& audit, const std::string& key, const KeptAnswer& answer);
  Result<std::uint64_t> audit_size();

 private:
  struct State;
  explicit ServiceStore(std::unique_ptr<State> state);
  std::mutex mutex_;
  std::unique_ptr<State> state_;
};

}  // namespace antin::http
