#include "cli/commands/token_making.h"

#include "ca/personal/random_pin.h"
#include "cli/wiring/issuers.h"
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

Result<std::shared_ptr<const hsm::SigningKey>> make_key(wiring::Tokens& tokens, const std::string& token_label,
                                                        const std::string& label, const hsm::KeySpec& spec) {
  ANTIN_TRY(std::shared_ptr<hsm::Token> token, tokens.token(token_label));
  const hsm::KeyRef ref = wiring::named_key(label);
  Result<std::shared_ptr<const hsm::SigningKey>> found = token->find_key(ref);
  if (found || found.error().code != ErrorCode::not_found) return found;
  return token->generate_key(ref, spec);
}

}  // namespace antin::commands
