#include "ca/backup/container.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "ca/backup/cipher.h"
#include "ca/backup/threshold.h"
#include "hsm/public_key.h"

namespace antin::backup {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view magic = "antin-backup-1\n";
constexpr unsigned most_recipients = 64;

std::unexpected<Error> no_container(const std::string& why) {
  return fail(ErrorCode::invalid_argument, "this is no backup of antin: " + why);
}

Result<Secret> random_key(RandomSource& random) {
  std::string octets(32, '\0');
  ANTIN_CHECK(random.fill({reinterpret_cast<std::uint8_t*>(octets.data()), octets.size()}));
  return Secret(std::move(octets));
}

// A key pair for one share, forgotten at once.
struct Ephemeral {
  Bytes point;
  Secret secret;
};
Result<Ephemeral> agree_once(ByteView recipient) {
  ANTIN_TRY(const EvpPkeyPtr peer, hsm::read_public_key(recipient));
  const EvpPkeyPtr own(EVP_EC_gen("P-256"));
  const EvpPkeyCtxPtr context(own ? EVP_PKEY_CTX_new(own.get(), nullptr) : nullptr);
  std::string secret(32, '\0');
  std::size_t size = secret.size();
  unsigned char* point = nullptr;
  const std::size_t point_size = own ? EVP_PKEY_get1_encoded_public_key(own.get(), &point) : 0;
  const Bytes encoded(point, point + point_size);
  OPENSSL_free(point);
  if (!context || encoded.size() != 65 || EVP_PKEY_derive_init(context.get()) != 1 ||
      EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
      EVP_PKEY_derive(context.get(), reinterpret_cast<unsigned char*>(secret.data()), &size) != 1 || size != 32)
    return fail(ErrorCode::internal, "key agreement: " + openssl_error());
  return Ephemeral{encoded, Secret(std::move(secret))};
}

// The key that seals one share, and what is sealed with it: who it is for, and of how many.
Result<Secret> share_key(const Secret& agreed, ByteView ephemeral, ByteView recipient) {
  Bytes salt = to_bytes(ephemeral);
  append(salt, recipient);
  return hkdf(agreed, salt, "antin-backup-1 share");
}
Bytes share_context(Kind kind, unsigned threshold, std::size_t shares, const Sha256& certificate) {
  Bytes out = to_bytes(magic);
  append(out, bytes_of(to_string(kind)));
  out.push_back(static_cast<std::uint8_t>(threshold));
  out.push_back(static_cast<std::uint8_t>(shares));
  append(out, certificate);
  return out;
}

Result<SealedShare> seal_share(const Secret& share, const Recipient& to, Bytes context) {
  ANTIN_TRY(Bytes point, in("recipient " + to.name, hsm::p256_point(to.public_key_info)));
  ANTIN_TRY(const Ephemeral once, agree_once(to.public_key_info));
  ANTIN_TRY(const Secret key, share_key(once.secret, once.point, point));
  ANTIN_TRY(Bytes sealed, encrypt(key, {}, context, bytes_of(share.reveal())));
  return SealedShare{to.certificate, std::move(point), once.point, std::move(sealed)};
}

Bytes octets_of(const Header& header) {
  Json shares = Json::array();
  for (const SealedShare& share : header.shares)
    shares.push_back({{"certificate", to_hex(share.certificate)},
                      {"key", to_hex(share.public_key)},
                      {"ephemeral", to_hex(share.ephemeral)},
                      {"share", to_hex(share.sealed)}});
  const std::string json =
      Json{{"kind", to_string(header.kind)}, {"threshold", header.threshold}, {"recipients", shares}}.dump();
  Bytes out = to_bytes(magic);
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(json.size() >> shift));
  append(out, bytes_of(json));
  return out;
}

Result<Bytes> hex_member(const Json& object, const char* name, std::size_t least, std::size_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return no_container(std::string("a recipient has no ") + name);
  auto octets = from_hex(found->get<std::string>());
  if (!octets || octets->size() < least || octets->size() > most)
    return no_container(std::string("a recipient's ") + name + " has the wrong size");
  return octets;
}

Result<SealedShare> share_of(const Json& json) {
  if (!json.is_object()) return no_container("a recipient is no object");
  SealedShare share;
  ANTIN_TRY(const Bytes certificate, hex_member(json, "certificate", 32, 32));
  std::copy(certificate.begin(), certificate.end(), share.certificate.begin());
  ANTIN_TRY(share.public_key, hex_member(json, "key", 65, 65));
  ANTIN_TRY(share.ephemeral, hex_member(json, "ephemeral", 65, 65));
  ANTIN_TRY(share.sealed, hex_member(json, "share", tag_size + 1, 512));
  return share;
}

constexpr Kind kinds[] = {Kind::full, Kind::segment, Kind::so_pin};

Result<Header> header_of(const Json& json) {
  if (!json.is_object() || !json.contains("kind") || !json.contains("threshold") || !json.contains("recipients"))
    return no_container("its header lacks kind, threshold or recipients");
  Header header;
  const auto* const kind =
      std::ranges::find_if(kinds, [&](Kind one) { return json["kind"] == std::string(to_string(one)); });
  if (kind == std::end(kinds)) return no_container("its kind is not known");
  header.kind = *kind;
  const Json& recipients = json["recipients"];
  if (!json["threshold"].is_number_unsigned() || !recipients.is_array() || recipients.size() > most_recipients)
    return no_container("its header has a wrong threshold or too many recipients");
  const auto threshold = json["threshold"].get<std::uint64_t>();
  if (threshold < 2 || threshold > recipients.size()) return no_container("its threshold fits no such recipients");
  header.threshold = static_cast<unsigned>(threshold);
  for (const Json& recipient : recipients) {
    ANTIN_TRY(SealedShare share, share_of(recipient));
    header.shares.push_back(std::move(share));
  }
  return header;
}

Status check_recipients(unsigned threshold, const std::vector<Recipient>& recipients) {
  if (recipients.size() > most_recipients) return fail(ErrorCode::invalid_argument, "backup: too many officers");
  if (threshold < 2 || threshold > recipients.size())
    return fail(ErrorCode::failed_precondition,
                "backup: " + std::to_string(threshold) + " officers are to open it, and " +
                    std::to_string(recipients.size()) + " have an encryption certificate: run `antin backup officers`");
  std::set<Bytes> keys;
  for (const Recipient& recipient : recipients)
    if (!keys.insert(recipient.public_key_info).second)
      return fail(ErrorCode::invalid_argument, "backup: two officers have one encryption key: " + recipient.name);
  return {};
}

// The header is bound to the frames: another one gives another key.
Result<Secret> frame_key(const Secret& key, const Header& header) {
  return hkdf(key, sha256(header.octets), "antin-backup-1 frames");
}

}  // namespace

std::string_view to_string(Kind kind) noexcept {
  if (kind == Kind::so_pin) return "so-pin";
  return kind == Kind::full ? "full" : "segment";
}

Result<std::size_t> header_size(ByteView start) {
  if (start.size() < header_start || !text_of(start).starts_with(magic)) return no_container("it begins otherwise");
  std::size_t size = 0;
  for (std::size_t i = magic.size(); i < header_start; ++i) size = size << 8 | start[i];
  if (size > longest_header) return no_container("its header is too long");
  return header_start + size;
}

Result<Header> parse_header(ByteView octets) {
  ANTIN_TRY(const std::size_t size, header_size(octets));
  if (octets.size() != size) return no_container("its header is cut short");
  const Json json = Json::parse(text_of(octets.subspan(header_start)), nullptr, false);
  ANTIN_TRY(Header header, header_of(json));
  header.octets = to_bytes(octets);
  return header;
}

Result<Sealed> seal(Kind kind, unsigned threshold, const std::vector<Recipient>& recipients, RandomSource& random) {
  ANTIN_CHECK(check_recipients(threshold, recipients));
  ANTIN_TRY(const Secret key, random_key(random));
  Bytes identifier(16);
  ANTIN_CHECK(random.fill(identifier));
  const auto count = static_cast<unsigned>(recipients.size());
  ANTIN_TRY(const std::vector<Secret> shares, split(key, threshold, count, identifier));
  Header header{.kind = kind, .threshold = threshold, .shares = {}, .octets = {}};
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    ANTIN_TRY(SealedShare share,
              seal_share(shares[i], recipients[i], share_context(kind, threshold, count, recipients[i].certificate)));
    header.shares.push_back(std::move(share));
  }
  header.octets = octets_of(header);
  ANTIN_TRY(Secret frames, frame_key(key, header));
  return Sealed{std::move(header), std::move(frames)};
}

Result<Secret> open_share(const Header& header, const hsm::AgreementKey& key) {
  ANTIN_TRY(const Bytes point, in(key.uri(), hsm::p256_point(key.public_key_info())));
  const auto found = std::ranges::find_if(header.shares, [&](const auto& one) { return one.public_key == point; });
  if (found == header.shares.end())
    return fail(ErrorCode::permission_denied, key.uri() + ": the backup was not made for this officer");
  ANTIN_TRY(const Secret agreed, key.agree(found->ephemeral));
  ANTIN_TRY(const Secret share, share_key(agreed, found->ephemeral, point));
  const Bytes context = share_context(header.kind, header.threshold, header.shares.size(), found->certificate);
  ANTIN_TRY(Bytes plain, in("the share of " + key.uri(), decrypt(share, {}, context, found->sealed)));
  std::string text(plain.begin(), plain.end());
  wipe(plain.data(), plain.size());
  return Secret(std::move(text));
}

Result<Secret> join(const Header& header, const std::vector<Secret>& shares) {
  std::set<std::string_view> different;
  for (const Secret& share : shares) different.insert(share.reveal());
  if (different.size() < header.threshold)
    return fail(ErrorCode::permission_denied, "backup: " + std::to_string(header.threshold) +
                                                  " officers are needed to open it, and " +
                                                  std::to_string(different.size()) + " are here");
  ANTIN_TRY(const Secret key, in("backup", reconstruct(shares)));
  return frame_key(key, header);
}

}  // namespace antin::backup
