// What `antin backup` does, one file an act; backup_command.cc declares it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ca/backup/container.h"
#include "ca/store/store.h"
#include "cli/commands/exit_code.h"
#include "cli/commands/session.h"
#include "cli/wiring/tokens.h"

namespace antin::commands {

// The CKA_LABEL of an officer's second key, on the token with that label.
inline std::string encryption_key_label(const std::string& token_label) { return token_label + "-encryption"; }

struct OfficersOptions {
  std::vector<std::string> officers;  // none: all of the configuration
};
Result<ExitCode> make_encryption_keys(Session& session, const OfficersOptions& options);

// The fact that says when the last full backup was made; since then `antin status` reads no log for it.
inline constexpr std::string_view last_backup_fact = "backup.last";
// None before the first.
Result<std::optional<Time>> last_backup(store::Store& store);

struct CreateOptions {
  std::string to;
};
Result<ExitCode> create_backup(Session& session, const CreateOptions& options);

// Where the officers' tokens are that open a backup: on a bare machine no configuration says it.
struct OpenersOptions {
  std::vector<std::string> officers;  // token labels
  std::string folder, module;         // of SoftHSM2, or a PKCS#11 library
  std::vector<std::string> pins;      // LABEL=SOURCE
};

// The keys of the officers who are here, which open containers together.
class Openers {
 public:
  static Result<Openers> open(const OpenersOptions& options);
  // The key of the frames.
  Result<Secret> unlock(const backup::Header& header) const;
  std::string names() const;  // with spaces between

 private:
  Openers(std::unique_ptr<wiring::Tokens> tokens, std::vector<std::string> labels)
      : tokens_(std::move(tokens)), labels_(std::move(labels)) {}
  std::unique_ptr<wiring::Tokens> tokens_;
  std::vector<std::string> labels_;
  std::vector<std::shared_ptr<const hsm::AgreementKey>> keys_;
};

struct VerifyBackupOptions {
  std::string file;
  OpenersOptions openers;
};
Result<ExitCode> verify_backup(Session& session, const VerifyBackupOptions& options);

struct RestoreOptions {
  std::string file;
  OpenersOptions openers;
  std::vector<std::string> segments;
  bool without_segments = false;
};
Result<ExitCode> restore_backup(Session& session, const RestoreOptions& options);

// SHA-256 of a file of any size.
Result<Bytes> file_digest(const Path& file);

}  // namespace antin::commands
