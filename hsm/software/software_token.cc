#include "hsm/software/software_token.h"

#include <algorithm>

#include "base/encoding.h"
#include "hsm/software/software_key.h"

namespace antin::hsm::software {
namespace {

constexpr std::uintmax_t largest_key_file = 64U << 10;
constexpr std::string_view id_line = "CKA_ID: ", label_line = "CKA_LABEL: ", pem_begin = "-----BEGIN ";

// The serial tells it from tokens of the same label elsewhere; with it the URI finds the token again.
TokenInfo info_of(const std::string& label) {
  TokenInfo info;
  info.label = label;
  info.serial = "software-" + label;
  info.model = "software";
  info.manufacturer = "antin";
  info.uri = "pkcs11:token=" + label + ";serial=" + info.serial;
  info.initialised = info.user_pin_set = true;
  return info;
}

std::string uri_of(const TokenInfo& token, const KeyRef& ref) {
  std::string uri = token.uri + ";id=";
  for (const std::uint8_t octet : ref.id) uri += "%" + to_hex_upper({&octet, 1});
  return uri + ";object=" + ref.label;
}

// The value of a line of the file's head.
std::optional<std::string> line_of(std::string_view head, std::string_view name) {
  if (!head.starts_with(name)) {
    const std::size_t at = head.find("\n" + std::string(name));
    if (at == std::string_view::npos) return std::nullopt;
    head.remove_prefix(at + 1);
  }
  head.remove_prefix(name.size());
  return std::string(head.substr(0, head.find('\n')));
}

Result<KeyRef> read_ref(std::string_view text) {
  const std::string_view head = text.substr(0, std::min(text.find(pem_begin), text.size()));
  const auto id = line_of(head, id_line), label = line_of(head, label_line);
  const auto octets = id ? from_hex(*id) : Result<Bytes>(Bytes());
  if (!label || !is_token_name(*label) || !octets || octets->empty())
    return fail(ErrorCode::data_loss, "no CKA_ID and CKA_LABEL before the key: it was not written by antin");
  return KeyRef{*octets, *label};
}

struct HeldKey {
  KeyRef ref;
  std::shared_ptr<const SigningKey> key;
};

bool fits(const KeyRef& wanted, const KeyRef& ref) {
  return (wanted.id.empty() || wanted.id == ref.id) && (wanted.label.empty() || wanted.label == ref.label);
}

class SoftwareToken final : public Token {
 public:
  SoftwareToken(Path folder, TokenInfo info, Secret pin)
      : folder_(std::move(folder)), info_(std::move(info)), pin_(std::move(pin)) {}

  Status read() {
    std::error_code error;
    std::vector<Path> files;
    for (std::filesystem::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".pem") files.push_back(at->path());
    if (error) return fail(ErrorCode::unavailable, folder_.string() + ": " + error.message());
    std::ranges::sort(files);
    for (const Path& file : files) ANTIN_CHECK(in(file.string(), read(file)));
    return {};
  }

  const TokenInfo& info() const noexcept override { return info_; }

  Result<TokenAbilities> abilities() const override {
    return TokenAbilities{.most_rsa_bits = 4096,
                          .rsa_pss = true,
                          .p256 = true,
                          .p384 = true,
                          .ed25519 = true,
                          .agrees = false,
                          .writes = true,
                          .pin_at_token = false,
                          .in_files = true,
                          .most_sessions = 0};
  }

  Result<std::vector<KeyInfo>> keys() const override {
    std::vector<KeyInfo> all;
    for (const HeldKey& held : keys_)
      all.push_back({.ref = held.ref,
                     .algorithm = held.key->algorithm(),
                     .has_private = true,
                     .has_public = true,
                     .has_certificate = false,
                     .sensitive = true,
                     .extractable = true,
                     .signs = true,
                     .asks_each_time = false});
    return all;
  }

  Result<std::shared_ptr<const SigningKey>> find_key(const KeyRef& ref) const override {
    const auto same = [&](const HeldKey& held) { return fits(ref, held.ref); };
    const auto found = std::ranges::find_if(keys_, same);
    if (found == keys_.end()) return fail(ErrorCode::not_found, info_.label + ": no private key " + name_of(ref));
    if (std::find_if(found + 1, keys_.end(), same) != keys_.end())
      return fail(ErrorCode::failed_precondition,
                  info_.label + ": several keys are " + name_of(ref) + "; name one by its id");
    return found->key;
  }

  Result<std::shared_ptr<const SigningKey>> generate_key(const KeyRef& ref, const KeySpec& spec) override {
    if (ref.id.empty() || !is_token_name(ref.label))
      return fail(ErrorCode::invalid_argument,
                  "generate key: a key in software needs a CKA_ID and a name for its file");
    std::error_code error;
    const Path file = folder_ / (ref.label + ".pem");
    if (std::ranges::any_of(keys_, [&](const HeldKey& held) { return held.ref.id == ref.id; }) ||
        std::filesystem::exists(file, error))
      return fail(ErrorCode::already_exists, info_.label + ": a key with id " + to_hex(ref.id) + " is there already");
    ANTIN_TRY(const std::string pem, generate_encrypted_pem(spec, pin_));
    const std::string head = std::string(id_line) + to_hex(ref.id) + "\n" + std::string(label_line) + ref.label + "\n";
    ANTIN_CHECK(write_file(file, head + pem, 0600));
    ANTIN_CHECK(in(file.string(), read(file)));
    return keys_.back().key;
  }

  Result<std::shared_ptr<const AgreementKey>> generate_agreement_key(const KeyRef&) override { return signs_alone(); }
  Result<std::shared_ptr<const AgreementKey>> find_agreement_key(const KeyRef&) const override { return signs_alone(); }
  Status write_certificate(const KeyRef&, ByteView) override { return signs_alone(); }
  Result<std::vector<StoredCertificate>> certificates() const override { return std::vector<StoredCertificate>(); }

  Status destroy_key(const KeyRef& ref) override {
    ANTIN_TRY(const auto key, find_key(ref));
    const auto found = std::ranges::find(keys_, key, &HeldKey::key);
    std::error_code error;
    std::filesystem::remove(folder_ / (found->ref.label + ".pem"), error);
    if (error) return fail(ErrorCode::unavailable, info_.label + ": " + error.message());
    keys_.erase(found);
    return {};
  }

 private:
  static std::string name_of(const KeyRef& ref) {
    return ref.label.empty() ? "id " + to_hex(ref.id) : "\"" + ref.label + "\"";
  }
  std::unexpected<Error> signs_alone() const {
    return fail(ErrorCode::unimplemented, info_.label + ": a token in software keeps keys that sign, and nothing else");
  }

  Status read(const Path& file) {
    ANTIN_TRY(const Bytes text, read_file(file, largest_key_file));
    ANTIN_TRY(KeyRef ref, read_ref(text_of(text)));
    ANTIN_TRY(auto key, from_encrypted_pem(text_of(text), pin_, uri_of(info_, ref)));
    keys_.push_back({std::move(ref), std::move(key)});
    return {};
  }

  Path folder_;
  TokenInfo info_;
  Secret pin_;
  std::vector<HeldKey> keys_;
};

}  // namespace

bool is_token_name(std::string_view name) noexcept {
  constexpr std::string_view plain = "-_.ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return !name.empty() && name.size() <= 64 && plain.find(name.front()) > 2 &&
         name.find_first_not_of(plain) == std::string_view::npos;
}

std::vector<TokenInfo> tokens_in(const Path& folder) {
  std::vector<TokenInfo> infos;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string label = at->path().filename().string();
    std::error_code unreadable;
    if (at->is_directory(unreadable) && is_token_name(label) && label != "pins") infos.push_back(info_of(label));
  }
  std::ranges::sort(infos, {}, &TokenInfo::label);
  return infos;
}

Status make_token(const Path& folder, const std::string& label) {
  if (!is_token_name(label) || label == "pins")
    return fail(ErrorCode::invalid_argument, "token: " + label + ": its label must be a name for its folder");
  return make_directories(folder / label, 0700);
}

Result<std::shared_ptr<Token>> open_token(const Path& folder, const std::string& label, PinSource& pins) {
  const std::vector<TokenInfo> there = tokens_in(folder);
  const auto found = std::ranges::find(there, label, &TokenInfo::label);
  if (found == there.end()) return fail(ErrorCode::not_found, "token " + label + ": it is not in " + folder.string());
  ANTIN_TRY(Secret pin, pins.pin(*found));
  auto token = std::make_shared<SoftwareToken>(folder / label, *found, std::move(pin));
  ANTIN_CHECK(in("token " + label, token->read()));
  return token;
}

}  // namespace antin::hsm::software
