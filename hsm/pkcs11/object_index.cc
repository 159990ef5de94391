#include "hsm/pkcs11/object_index.h"

#include <array>

#include "base/encoding.h"

namespace antin::hsm::pkcs11 {
namespace {

Result<std::vector<CK_OBJECT_HANDLE>> find_all(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session,
                                               CK_OBJECT_CLASS wanted) {
  CK_ATTRIBUTE match{CKA_CLASS, &wanted, sizeof wanted};
  CK_RV value = call->C_FindObjectsInit(session, &match, 1);
  if (value != CKR_OK) return fail(ckr_error(value, "find objects"));
  std::vector<CK_OBJECT_HANDLE> found;
  std::array<CK_OBJECT_HANDLE, 256> some{};
  unsigned long count = 0;
  while ((value = call->C_FindObjects(session, some.data(), some.size(), &count)) == CKR_OK && count > 0)
    found.insert(found.end(), some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count));
  call->C_FindObjectsFinal(session);
  if (value != CKR_OK) return fail(ckr_error(value, "find objects"));
  return found;
}

std::string text(const Bytes& octets) { return std::string(text_of(octets)); }

std::optional<KeyAlgorithm> algorithm_of(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_KEY_TYPE type = 0;
  CK_ATTRIBUTE want{CKA_KEY_TYPE, &type, sizeof type};
  if (call->C_GetAttributeValue(session, object, &want, 1) != CKR_OK) return std::nullopt;
  if (type == CKK_RSA) return KeyAlgorithm::rsa;
  const std::string parameters = to_hex(attribute(call, session, object, CKA_EC_PARAMS));
  if (parameters == "06082a8648ce3d030107") return KeyAlgorithm::ec_p256;
  if (parameters == "06052b81040022") return KeyAlgorithm::ec_p384;
  if (parameters == "06032b6570" || parameters == "130c656477617264733235353139") return KeyAlgorithm::ed25519;
  return std::nullopt;
}

// A module that was stopped while it made a key pair may have written the object and not the key in it: the attribute
// is there, and empty.
bool is_hollow(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  CK_KEY_TYPE type = 0;
  CK_ATTRIBUTE kind{CKA_KEY_TYPE, &type, sizeof type};
  if (call->C_GetAttributeValue(session, object, &kind, 1) != CKR_OK) return false;
  CK_ATTRIBUTE content{static_cast<CK_ATTRIBUTE_TYPE>(type == CKK_RSA ? CKA_MODULUS : CKA_EC_PARAMS), nullptr, 0};
  return call->C_GetAttributeValue(session, object, &content, 1) == CKR_OK && content.ulValueLen == 0;
}

bool is_nameless(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  for (const CK_ATTRIBUTE_TYPE type : {CKA_ID, CKA_LABEL, CKA_EC_PARAMS, CKA_MODULUS})
    if (!attribute(call, session, object, type).empty()) return false;
  return true;
}

bool flag(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
          bool when_unknown) {
  const Bytes value = attribute(call, session, object, type);
  return value.size() == sizeof(CK_BBOOL) ? value.front() != 0 : when_unknown;
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

Bytes attribute(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE want{type, nullptr, 0};
  if (call->C_GetAttributeValue(session, object, &want, 1) != CKR_OK || want.ulValueLen == CK_UNAVAILABLE_INFORMATION ||
      want.ulValueLen > 65536)
    return {};
  Bytes value(want.ulValueLen);
  want.pValue = value.data();
  if (call->C_GetAttributeValue(session, object, &want, 1) != CKR_OK) return {};
  value.resize(want.ulValueLen);
  return value;
}

Result<Bytes> public_key_info(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  const auto algorithm = algorithm_of(call, session, object);
  if (!algorithm) return fail(ErrorCode::unimplemented, "the token's key is not RSA, P-256, P-384 or Ed25519");
  if (*algorithm == KeyAlgorithm::rsa) {
    const Bytes oid = from_hex("06092a864886f70d0101010500").value();
    const Bytes modulus = attribute(call, session, object, CKA_MODULUS),
                exponent = attribute(call, session, object, CKA_PUBLIC_EXPONENT);
    if (modulus.empty() || exponent.empty())
      return fail(ErrorCode::data_loss, "the token's RSA public key has no modulus or exponent");
    return key_info(oid, tlv(0x30, joined(unsigned_integer(modulus), unsigned_integer(exponent))));
  }
  const Bytes point = bare_point(attribute(call, session, object, CKA_EC_POINT));
  if (point.empty()) return fail(ErrorCode::data_loss, "the token's EC public key has no point");
  if (*algorithm == KeyAlgorithm::ed25519) return key_info(from_hex("06032b6570").value(), point);
  return key_info(joined(from_hex("06072a8648ce3d0201").value(), attribute(call, session, object, CKA_EC_PARAMS)),
                  point);
}

Result<const std::map<Bytes, KeyObjects>*> ObjectIndex::at(CK_FUNCTION_LIST* call, const SessionPool::Lease& lease) {
  if (generation_ == lease.generation()) return &keys_;
  std::map<Bytes, KeyObjects> keys;
  const CK_SESSION_HANDLE session = lease.session();
  const auto slot = [&](CK_OBJECT_HANDLE object) -> KeyObjects& {
    Bytes id = attribute(call, session, object, CKA_ID);
    KeyObjects& objects = keys[id];
    if (objects.info.ref.label.empty())
      objects.info.ref = {std::move(id), text(attribute(call, session, object, CKA_LABEL))};
    return objects;
  };
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> privates, find_all(call, session, CKO_PRIVATE_KEY));
  std::vector<CK_OBJECT_HANDLE> nameless;
  for (const CK_OBJECT_HANDLE object : privates) {
    if (is_nameless(call, session, object)) {
      nameless.push_back(object);
      continue;
    }
    KeyObjects& objects = slot(object);
    objects.private_key = object;
    objects.info.has_private = !is_hollow(call, session, object);
    objects.info.algorithm = algorithm_of(call, session, object);
    objects.info.sensitive = flag(call, session, object, CKA_SENSITIVE, false);
    objects.info.extractable = flag(call, session, object, CKA_EXTRACTABLE, true);
  }
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> publics, find_all(call, session, CKO_PUBLIC_KEY));
  for (const CK_OBJECT_HANDLE object : publics) {
    if (is_nameless(call, session, object)) {
      nameless.push_back(object);
      continue;
    }
    KeyObjects& objects = slot(object);
    objects.public_key = object;
    objects.info.has_public = true;
    if (!objects.info.algorithm) objects.info.algorithm = algorithm_of(call, session, object);
  }
  ANTIN_TRY(const std::vector<CK_OBJECT_HANDLE> certificates, find_all(call, session, CKO_CERTIFICATE));
  for (const CK_OBJECT_HANDLE object : certificates) {
    KeyObjects& objects = slot(object);
    objects.certificate = object;
    objects.info.has_certificate = true;
  }
  keys_ = std::move(keys);
  nameless_ = std::move(nameless);
  generation_ = lease.generation();
  return &keys_;
}

}  // namespace antin::hsm::pkcs11
