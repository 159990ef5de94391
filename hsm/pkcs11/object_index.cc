#include "hsm/pkcs11/object_index.h"

#include <array>

#include "base/encoding.h"

namespace antin::hsm::pkcs11 {
namespace {

std::optional<KeyAlgorithm> algorithm_of(Reader& reader, CK_OBJECT_HANDLE object) {
  const auto type = reader.number(object, CKA_KEY_TYPE);
  if (!type) return std::nullopt;
  if (*type == CKK_RSA) return KeyAlgorithm::rsa;
  const std::string parameters = to_hex(reader.octets(object, CKA_EC_PARAMS));
  if (parameters == "06082a8648ce3d030107") return KeyAlgorithm::ec_p256;
  if (parameters == "06052b81040022") return KeyAlgorithm::ec_p384;
  if (parameters == "06032b6570" || parameters == "130c656477617264733235353139") return KeyAlgorithm::ed25519;
  return std::nullopt;
}

// A module that was stopped while it made a key pair may have written the object and not the key in it: the attribute
// is there, and empty.
bool is_hollow(Reader& reader, CK_OBJECT_HANDLE object) {
  const auto type = reader.number(object, CKA_KEY_TYPE);
  return type && reader.is_hollow(object, *type == CKK_RSA ? CKA_MODULUS : CKA_EC_PARAMS);
}

bool is_hollow_public(Reader& reader, CK_OBJECT_HANDLE object) {
  const auto type = reader.number(object, CKA_KEY_TYPE);
  return type && reader.is_hollow(object, *type == CKK_RSA ? CKA_MODULUS : CKA_EC_POINT);
}

bool is_nameless(Reader& reader, CK_OBJECT_HANDLE object) {
  for (const CK_ATTRIBUTE_TYPE type : {CKA_ID, CKA_LABEL, CKA_EC_PARAMS, CKA_MODULUS})
    if (!reader.octets(object, type).empty()) return false;
  return true;
}

Bytes tlv(std::uint8_t tag, ByteView content) {
  Bytes out{tag};
  if (content.size() < 128) {
    out.push_back(static_cast<std::uint8_t>(content.size()));
  } else {
    Bytes size;
    for (std::size_t n = content.size(); n > 0; n >>= 8) size.insert(size.begin(), static_cast<std::uint8_t>(n));
    out.push_back(static_cast<std::uint8_t>(0x80 | size.size()));
    append(out, size);
  }
  append(out, content);
  return out;
}

Bytes joined(ByteView a, ByteView b) {
  Bytes out = to_bytes(a);
  append(out, b);
  return out;
}

Bytes unsigned_integer(Bytes magnitude) {
  while (magnitude.size() > 1 && magnitude.front() == 0) magnitude.erase(magnitude.begin());
  if (magnitude.empty() || magnitude.front() >= 0x80) magnitude.insert(magnitude.begin(), 0);
  return tlv(0x02, magnitude);
}

Bytes key_info(ByteView algorithm, ByteView key) {
  Bytes bits{0};
  append(bits, key);
  return tlv(0x30, joined(tlv(0x30, algorithm), tlv(0x03, bits)));
}

// CKA_EC_POINT is a DER OCTET STRING around the point; some modules give the point alone.
Bytes bare_point(const Bytes& value) {
  if (value.size() > 2 && value[0] == 0x04 && value[1] == value.size() - 2) return {value.begin() + 2, value.end()};
  return value;
}

}  // namespace

bool Reader::read(CK_OBJECT_HANDLE object, CK_ATTRIBUTE& want) {
  const CK_RV value = call_->C_GetAttributeValue(session_, object, &want, 1);
  if (value == CKR_OK) return want.ulValueLen != CK_UNAVAILABLE_INFORMATION;
  // An object that another process removed since it was found has no attributes.
  const bool answer =
      value == CKR_ATTRIBUTE_TYPE_INVALID || value == CKR_ATTRIBUTE_SENSITIVE || value == CKR_OBJECT_HANDLE_INVALID;
  if (!answer && refused_ == CKR_OK) refused_ = value;
  return false;
}

Bytes Reader::octets(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE want{type, nullptr, 0};
  if (!read(object, want) || want.ulValueLen > 65536) return {};
  Bytes value(want.ulValueLen);
  want.pValue = value.data();
  if (!read(object, want)) return {};
  value.resize(want.ulValueLen);
  return value;
}

std::string Reader::text(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  return std::string(text_of(octets(object, type)));
}

std::optional<CK_ULONG> Reader::number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ULONG value = 0;
  CK_ATTRIBUTE want{type, &value, sizeof value};
  return read(object, want) ? std::optional(value) : std::nullopt;
}

bool Reader::flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, bool when_unknown) {
  const Bytes value = octets(object, type);
  return value.size() == sizeof(CK_BBOOL) ? value.front() != 0 : when_unknown;
}

bool Reader::is_hollow(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE want{type, nullptr, 0};
  return read(object, want) && want.ulValueLen == 0;
}

Result<std::vector<CK_OBJECT_HANDLE>> Reader::find(std::vector<CK_ATTRIBUTE> match) {
  CK_RV value = call_->C_FindObjectsInit(session_, match.data(), match.size());
  if (value != CKR_OK) return fail(ckr_error(value, "find objects"));
  std::vector<CK_OBJECT_HANDLE> found;
  std::array<CK_OBJECT_HANDLE, 256> some{};
  unsigned long count = 0;
  while ((value = call_->C_FindObjects(session_, some.data(), some.size(), &count)) == CKR_OK && count > 0)
    found.insert(found.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  call_->C_FindObjectsFinal(session_);
  if (value != CKR_OK) return fail(ckr_error(value, "find objects"));
  return found;
}

Status Reader::status() const {
  return refused_ == CKR_OK ? Status() : Status(fail(ckr_error(refused_, "read an object")));
}

Result<Bytes> public_key_info(Reader& reader, CK_OBJECT_HANDLE object) {
  const auto algorithm = algorithm_of(reader, object);
  const Bytes modulus = algorithm == KeyAlgorithm::rsa ? reader.octets(object, CKA_MODULUS) : Bytes{},
              exponent = algorithm == KeyAlgorithm::rsa ? reader.octets(object, CKA_PUBLIC_EXPONENT) : Bytes{},
              point = algorithm == KeyAlgorithm::rsa ? Bytes{} : bare_point(reader.octets(object, CKA_EC_POINT)),
              curve = algorithm == KeyAlgorithm::rsa ? Bytes{} : reader.octets(object, CKA_EC_PARAMS);
  ANTIN_CHECK(reader.status());
  if (!algorithm) return fail(ErrorCode::unimplemented, "the token's key is not RSA, P-256, P-384 or Ed25519");
  if (*algorithm == KeyAlgorithm::rsa) {
    if (modulus.empty() || exponent.empty())
      return fail(ErrorCode::data_loss, "the token's RSA public key has no modulus or exponent");
    return key_info(from_hex("06092a864886f70d0101010500").value(),
                    tlv(0x30, joined(unsigned_integer(modulus), unsigned_integer(exponent))));
  }
  if (point.empty()) return fail(ErrorCode::data_loss, "the token's EC public key has no point");
  if (*algorithm == KeyAlgorithm::ed25519) return key_info(from_hex("06032b6570").value(), point);
  return key_info(joined(from_hex("06072a8648ce3d0201").value(), curve), point);
}

// The objects of one class, without those that have no name.
Result<std::vector<CK_OBJECT_HANDLE>> ObjectIndex::find_named(Reader& reader, CK_OBJECT_CLASS wanted) {
  ANTIN_TRY(std::vector<CK_OBJECT_HANDLE> found, reader.find({{CKA_CLASS, &wanted, sizeof wanted}}));
  std::erase_if(found, [&](CK_OBJECT_HANDLE object) {
    const bool nameless = wanted != CKO_CERTIFICATE && is_nameless(reader, object);
    if (nameless) nameless_.push_back(object);
    return nameless;
  });
  return found;
}

Result<const std::map<Bytes, KeyObjects>*> ObjectIndex::at(CK_FUNCTION_LIST* call, const SessionPool::Lease& lease) {
  if (generation_ == lease.generation()) return &keys_;
  Reader reader(call, lease.session());
  keys_.clear();
  nameless_.clear();
  generation_ = 0;
  const auto slot = [&](CK_OBJECT_HANDLE object) -> KeyObjects& {
    Bytes id = reader.octets(object, CKA_ID);
    KeyObjects& objects = keys_[id];
    if (objects.info.ref.label.empty()) objects.info.ref = {std::move(id), reader.text(object, CKA_LABEL)};
    return objects;
  };
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> privates, find_named(reader, CKO_PRIVATE_KEY));
  for (const CK_OBJECT_HANDLE object : privates) {
    KeyObjects& objects = slot(object);
    objects.private_key = object;
    objects.info.has_private = !is_hollow(reader, object);
    objects.info.algorithm = algorithm_of(reader, object);
    objects.info.sensitive = reader.flag(object, CKA_SENSITIVE, false);
    objects.info.extractable = reader.flag(object, CKA_EXTRACTABLE, true);
    objects.info.signs = reader.flag(object, CKA_SIGN, true);
    objects.info.asks_each_time = reader.flag(object, CKA_ALWAYS_AUTHENTICATE, false);
  }
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> publics, find_named(reader, CKO_PUBLIC_KEY));
  for (const CK_OBJECT_HANDLE object : publics) {
    KeyObjects& objects = slot(object);
    objects.public_key = object;
    objects.info.has_public = !is_hollow_public(reader, object);
    if (!objects.info.algorithm) objects.info.algorithm = algorithm_of(reader, object);
  }
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> certificates, find_named(reader, CKO_CERTIFICATE));
  for (const CK_OBJECT_HANDLE object : certificates) {
    KeyObjects& objects = slot(object);
    objects.certificate = object;
    objects.info.has_certificate = true;
  }
  ANTIN_CHECK(reader.status());
  generation_ = lease.generation();
  return &keys_;
}

}  // namespace antin::hsm::pkcs11
