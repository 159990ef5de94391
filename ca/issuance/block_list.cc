#include "ca/issuance/block_list.h"

#include <openssl/evp.h>

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "ca/x509/der.h"
#include "hsm/signing_key.h"

namespace antin::issuance {
namespace {

namespace der = x509::der;

std::string_view trimmed(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!line.empty() && blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && blank(line.back())) line.remove_suffix(1);
  return line;
}

// The modulus of an RSA key without leading zeros; none for other keys and for what is none.
std::optional<ByteView> modulus_of(ByteView public_key_info) {
  const auto algorithm = hsm::key_algorithm_of(public_key_info);
  if (!algorithm || *algorithm != hsm::KeyAlgorithm::rsa) return std::nullopt;
  const auto outer = der::only(public_key_info, der::sequence_tag);
  if (!outer) return std::nullopt;
  der::Reader reader(outer->content);
  if (!reader.expect(der::sequence_tag)) return std::nullopt;
  const auto bits = reader.expect(der::bit_string_tag);
  const auto octets = bits ? der::read_bit_string_octets(*bits) : Result<ByteView>(fail(bits.error()));
  const auto key = octets ? der::only(*octets, der::sequence_tag) : Result<der::Element>(fail(octets.error()));
  if (!key) return std::nullopt;
  const auto modulus = der::Reader(key->content).expect(der::integer_tag);
  if (!modulus) return std::nullopt;
  ByteView number = modulus->content;
  while (!number.empty() && number[0] == 0) number = number.subspan(1);
  return number;
}

template <class T>
void insert_sorted(std::vector<T>& into, std::vector<T> more) {
  into.insert(into.end(), more.begin(), more.end());
  std::ranges::sort(into);
  const auto repeated = std::ranges::unique(into);
  into.erase(repeated.begin(), repeated.end());
}

template <class T>
T array_of(ByteView octets) {
  T out{};
  std::ranges::copy(octets, out.begin());
  return out;
}

}  // namespace

Status BlockList::add(std::string_view text, std::string_view source) {
  std::vector<Modulus> moduli;
  std::vector<Sha256> keys;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto octets = from_hex(line);
    if (octets && octets->size() == 10)
      moduli.push_back(array_of<Modulus>(*octets));
    else if (octets && octets->size() == 32)
      keys.push_back(array_of<Sha256>(*octets));
    else
      return fail(ErrorCode::invalid_argument, "block list " + std::string(source) + ": line " +
                                                   std::to_string(number) + ": want 20 or 64 hexadecimal digits");
  }
  insert_sorted(moduli_, std::move(moduli));
  insert_sorted(keys_, std::move(keys));
  return {};
}

bool BlockList::contains(ByteView public_key_info) const {
  if (std::ranges::binary_search(keys_, sha256(public_key_info))) return true;
  if (moduli_.empty()) return false;
  const auto modulus = modulus_of(public_key_info);
  if (!modulus) return false;
  std::string digits = to_hex_upper(*modulus);
  if (digits.starts_with('0')) digits.erase(0, 1);
  const std::string line = "Modulus=" + digits + "\n";
  std::array<std::uint8_t, 20> hash{};
  if (EVP_Digest(line.data(), line.size(), hash.data(), nullptr, EVP_sha1(), nullptr) != 1) return true;  // fail closed
  return std::ranges::binary_search(moduli_, array_of<Modulus>(ByteView(hash).last(10)));
}

}  // namespace antin::issuance
