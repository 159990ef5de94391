#include "cli/commands/token_making.h"

#include <algorithm>

#include "base/encoding.h"
#include "ca/authority/role_register.h"
#include "ca/issuance/key_gate.h"
#include "ca/personal/random_pin.h"
#include "cli/wiring/issuers.h"
#include "hsm/key_trial.h"
#include "hsm/software/software_token.h"

namespace antin::commands {
namespace {

// The PIN in `file`, made when it is not there.
Result<Secret> kept_pin(const Path& file, RandomSource& random) {
  Result<Bytes> before = read_file(file, 256);
  if (before) {
    std::string text(text_of(*before));
    wipe(before->data(), before->size());
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return Secret(std::move(text));
  }
  if (before.error().code != ErrorCode::not_found) return fail(before.error());
  ANTIN_TRY(Secret pin, personal::random_pin(random, personal::so_pin_digits));
  ANTIN_CHECK(write_file(file, pin.reveal(), 0600));
  return pin;
}

}  // namespace

Status make_token(RandomSource& random, wiring::Tokens& tokens, const Path& folder, const std::string& label) {
  ANTIN_TRY(Secret user_pin, kept_pin(folder / "pins" / (label + ".pin"), random));
  ANTIN_TRY(Secret so_pin, kept_pin(folder / "pins" / (label + ".so.pin"), random));
  Status made = tokens.initialise(label, so_pin, user_pin);
  if (!made && made.error().code != ErrorCode::already_exists) return made;
  return {};
}

Status make_software_token(RandomSource& random, const Path& folder, const std::string& label) {
  ANTIN_CHECK(make_directories(folder / "pins", 0700));
  ANTIN_TRY([[maybe_unused]] const Secret pin, kept_pin(folder / "pins" / (label + ".pin"), random));
  return hsm::software::make_token(folder, label);
}

OnRecord on_record_in(store::Store* store, Time now) {
  return [store, now](ByteView public_key_info) -> Result<bool> {
    if (store == nullptr) return false;
    ANTIN_TRY(const auto certificates, store->certificates_by_key(issuance::key_hash(public_key_info), now));
    if (!certificates.empty()) return true;
    ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*store, now));
    const std::string key = to_hex(sha256(public_key_info));
    return std::ranges::any_of(roles.proposals(), [&](const auto& proposal) {
      const auto* issuer = std::get_if<authority::IssuerChange>(&proposal.second.proposal.change);
      return issuer != nullptr && issuer->key == key;
    });
  };
}

Result<bool> remove_hollow_key(RandomSource& random, hsm::Token& token, const hsm::KeyRef& ref,
                               const OnRecord& on_record) {
  ANTIN_TRY(const auto key, token.find_key(ref));
  const Status signs = hsm::try_key(*key, key->public_key_info(), random);
  if (signs) return false;
  const ErrorCode code = signs.error().code;
  if (code == ErrorCode::unauthenticated || code == ErrorCode::resource_exhausted || code == ErrorCode::unimplemented)
    return fail(signs.error());
  ANTIN_CHECK(token.keys());  // a token that is gone says nothing of its key
  ANTIN_TRY(const bool known, on_record(key->public_key_info()));
  if (known)
    return fail(ErrorCode::data_loss,
                key->uri() + ": it is there and does not sign, and it is on record: restore its token from a backup");
  if (token.info().manufacturer != "SoftHSM project")
    return fail(ErrorCode::data_loss, key->uri() +
                                          ": it is there and does not sign: remove it with the token's own "
                                          "tools and run again");
  ANTIN_CHECK(token.destroy_key(ref));
  return true;
}

Result<std::shared_ptr<const hsm::SigningKey>> make_key(RandomSource& random, wiring::Tokens& tokens,
                                                        const std::string& token_label, const std::string& label,
                                                        const hsm::KeySpec& spec, const OnRecord& on_record) {
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, tokens.token(token_label));
  const hsm::KeyRef ref = wiring::named_key(label);
  Result<std::shared_ptr<const hsm::SigningKey>> found = token->find_key(ref);
  if (found) {
    ANTIN_TRY(const bool removed, remove_hollow_key(random, *token, ref, on_record));
    return removed ? token->generate_key(ref, spec) : found;
  }
  const ErrorCode code = found.error().code;
  const bool half = code == ErrorCode::failed_precondition || code == ErrorCode::data_loss;
  if (!half && code != ErrorCode::not_found) return found;
  auto made = token->generate_key(ref, spec);  // removes halves first
  return !made && made.error().code == ErrorCode::already_exists ? found : made;
}

}  // namespace antin::commands
