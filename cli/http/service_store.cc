#include "cli/http/service_store.h"

#include <array>

#include "base/encoding.h"
#include "ca/store/sqlite.h"

namespace antin::http {

extern const std::string_view service_schema_0001;

namespace {

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// Rolls back unless it was committed.
class Transaction {
 public:
  explicit Transaction(store::Database& database) : database_(database) {}
  ~Transaction() {
    if (open_) [[maybe_unused]]
      const Status ignored = database_.execute("ROLLBACK");
  }
  Status begin() {
    ANTIN_CHECK(database_.execute("BEGIN IMMEDIATE"));
    open_ = true;
    return {};
  }
  Status commit() {
    ANTIN_CHECK(database_.execute("COMMIT"));
    open_ = false;
    return {};
  }

 private:
  store::Database& database_;
  bool open_ = false;
};

}  // namespace

struct ServiceStore::State {
  std::unique_ptr<store::Database> database;
};

ServiceStore::ServiceStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
ServiceStore::~ServiceStore() = default;

Result<std::unique_ptr<ServiceStore>> ServiceStore::open(const Path& file) {
  ANTIN_TRY(auto database, store::Database::open(file, false));
  // One fdatasync a record where a rollback journal takes four and a file made and removed.
  ANTIN_CHECK(database->execute("PRAGMA journal_mode = WAL"));
  ANTIN_CHECK(database->execute("PRAGMA synchronous = FULL"));
  Transaction transaction(*database);
  ANTIN_CHECK(transaction.begin());
  ANTIN_TRY(const std::int64_t version, database->number("PRAGMA user_version"));
  if (version > 1) return fail(ErrorCode::data_loss, file.string() + ": was written by a newer antind");
  if (version == 0) {
    ANTIN_CHECK(database->execute(std::string(service_schema_0001)));
    ANTIN_CHECK(database->execute("PRAGMA user_version = 1"));
  }
  ANTIN_CHECK(transaction.commit());
  auto state = std::make_unique<State>();
  state->database = std::move(database);
  return std::unique_ptr<ServiceStore>(new ServiceStore(std::move(state)));
}

Result<Secret> ServiceStore::add_token(const Caller& caller, RandomSource& random, Time now) {
  if (caller.system.empty() || caller.system.size() > 64)
    return fail(ErrorCode::invalid_argument, "API token: the system's name has 1 to 64 octets");
  if (caller.signers.empty())
    return fail(ErrorCode::invalid_argument, "API token: name the certificates that the system may sign with");
  std::array<std::uint8_t, 32> octets{};
  ANTIN_CHECK(random.fill(octets));
  std::string token = "antin_" + to_base64url(octets);
  const Sha256 hash = sha256(bytes_of(token));
  const std::string signers = joined(caller.signers);
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(store::Statement insert,
            state_->database->prepare("INSERT INTO api_token (hash, system, signers, made_at) VALUES (?, ?, ?, ?)"));
  ANTIN_CHECK(insert.blob(hash).text(caller.system).text(signers).time(now).run());
  return Secret(std::move(token));
}

Result<std::vector<Caller>> ServiceStore::tokens() {
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(
      store::Statement query,
      state_->database->prepare("SELECT system, signers FROM api_token WHERE revoked = 0 ORDER BY system, made_at"));
  std::vector<Caller> found;
  for (;;) {
    ANTIN_TRY(const bool row, query.step());
    if (!row) return found;
    found.push_back({query.text_at(0), lines_of(query.text_at(1))});
  }
}

Status ServiceStore::revoke_tokens(const std::string& system) {
  const std::lock_guard lock(mutex_);
  {
    ANTIN_TRY(store::Statement query,
              state_->database->prepare("SELECT count(*) FROM api_token WHERE revoked = 0 AND system = ?"));
    query.text(system);
    ANTIN_TRY([[maybe_unused]] const bool row, query.step());
    if (query.integer_at(0) == 0) return fail(ErrorCode::not_found, "the system " + system + " has no API token");
  }
  ANTIN_TRY(store::Statement update, state_->database->prepare("UPDATE api_token SET revoked = 1 WHERE system = ?"));
  return update.text(system).run();
}

// The lookup is by hash, so that its time says nothing of the token.
Result<std::optional<Caller>> ServiceStore::caller(std::string_view token) {
  const Sha256 hash = sha256(bytes_of(token));
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(store::Statement query,
            state_->database->prepare("SELECT system, signers FROM api_token WHERE hash = ? AND revoked = 0"));
  query.blob(hash);
  ANTIN_TRY(const bool row, query.step());
  if (!row) return std::nullopt;
  return Caller{query.text_at(0), lines_of(query.text_at(1))};
}

Result<std::optional<KeptAnswer>> ServiceStore::kept_answer(const std::string& system, const std::string& key) {
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(store::Statement query,
            state_->database->prepare(
                "SELECT request_hash, content_type, body FROM idempotency WHERE system = ? AND key = ?"));
  query.text(system).text(key);
  ANTIN_TRY(const bool row, query.step());
  if (!row) return std::nullopt;
  return KeptAnswer{to_bytes(query.blob_at(0)), query.text_at(1), to_bytes(query.blob_at(2))};
}

Status ServiceStore::record(const AuditRecord& audit, const std::string& key, const KeptAnswer& answer) {
  const std::lock_guard lock(mutex_);
  Transaction transaction(*state_->database);
  ANTIN_CHECK(transaction.begin());
  {
    ANTIN_TRY(store::Statement insert,
              state_->database->prepare("INSERT INTO audit (at, system, operation, signer, format, document, result) "
                                        "VALUES (?, ?, ?, ?, ?, ?, ?)"));
    ANTIN_CHECK(insert.time(audit.at)
                    .text(audit.system)
                    .text(audit.operation)
                    .text(audit.signer)
                    .text(audit.format)
                    .blob(audit.document)
                    .blob(audit.result)
                    .run());
  }
  if (!key.empty()) {
    ANTIN_TRY(
        store::Statement keep,
        state_->database->prepare(
            "INSERT INTO idempotency (system, key, request_hash, content_type, body, at) VALUES (?, ?, ?, ?, ?, ?)"));
    ANTIN_CHECK(keep.text(audit.system)
                    .text(key)
                    .blob(answer.request_hash)
                    .text(answer.content_type)
                    .blob(answer.body)
                    .time(audit.at)
                    .run());
  }
  return transaction.commit();
}

Result<std::uint64_t> ServiceStore::audit_size() {
  const std::lock_guard lock(mutex_);
  ANTIN_TRY(const std::int64_t size, state_->database->number("SELECT count(*) FROM audit"));
  return static_cast<std::uint64_t>(size);
}

}  // namespace antin::http
