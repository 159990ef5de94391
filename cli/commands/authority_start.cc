#include "cli/commands/authority_start.h"

#include <malloc.h>

#include "ca/authority/reconcile.h"
#include "hsm/signing_key.h"

namespace antin::commands {
namespace {

// Nothing that could be taken for a certificate or a list: those begin with 0x30.
Result<Bytes> test_statement(RandomSource& random) {
  Bytes statement = to_bytes("antin self-test\n");
  Bytes nonce(32);
  ANTIN_CHECK(random.fill(nonce));
  statement.insert(statement.end(), nonce.begin(), nonce.end());
  return statement;
}

Status test_key(const hsm::SigningKey& key, const issuance::Issuer& issuer, ByteView statement) {
  const hsm::SignatureScheme scheme = issuer.identity().scheme;
  ANTIN_TRY(const Bytes signature, key.sign(scheme, statement));
  ANTIN_TRY(const bool good,
            hsm::verify_signature(issuer.certificate()->public_key_info(), scheme, statement, signature));
  if (good) return {};
  return fail(ErrorCode::internal, key.uri() + ": its signature does not verify with the certificate's key");
}

}  // namespace

Status require_reconciled(Session& session, OpenHome& home) {
  Status same = authority::reconcile(*home.store, session.now());
  ::malloc_trim(0);  // this process runs for months, and what was compared is some hundred octets a certificate
  if (same || same.error().code != ErrorCode::data_loss) return same;
  return std::unexpected(
      std::move(same).error().in("authority: nothing is issued while store and log differ: see `antin log verify`"));
}

Status test_issuing_keys(Session& session, const OpenHome& home, const OpenIssuers& issuers) {
  for (const auto& [name, issuer] : issuers.issuers) {
    ANTIN_TRY(const authority::RegisteredIssuer registered, find_issuer(session, home, name));
    ANTIN_TRY(const Bytes statement, test_statement(session.random()));
    const std::string where = "self-test of ca " + name;
    ANTIN_TRY(const std::shared_ptr<hsm::Token> token, in(where, issuers.tokens->token(registered.token)));
    ANTIN_TRY(const std::shared_ptr<const hsm::SigningKey> key, in(where, token->find_key(wiring::named_key(name))));
    ANTIN_CHECK(in(where, test_key(*key, *issuer, statement)));
  }
  return {};
}

}  // namespace antin::commands
