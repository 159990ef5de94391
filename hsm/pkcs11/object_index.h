// ObjectIndex: where the keys of one token are, read once a session generation. Not safe for several threads; its token
// locks.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "hsm/pkcs11/session_pool.h"
#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct KeyObjects {
  KeyInfo info;
  CK_OBJECT_HANDLE private_key = 0, public_key = 0, certificate = 0;
};

// Reader: attributes of objects, through one session. That an object lacks one, or hides it, is an answer; any other
// refusal of the module is kept, so that a session that dies in the middle is not taken for objects without attributes.
class Reader {
 public:
  Reader(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session) : call_(call), session_(session) {}
  // Empty when the object does not have it.
  Bytes octets(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  std::string text(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  // nullopt when the object does not have it.
  std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  bool flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, bool when_unknown);
  // True when the attribute is there and has no content.
  bool is_hollow(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
  Result<std::vector<CK_OBJECT_HANDLE>> find(std::vector<CK_ATTRIBUTE> match);
  // The first refusal.
  Status status() const;

 private:
  bool read(CK_OBJECT_HANDLE object, CK_ATTRIBUTE& want);
  CK_FUNCTION_LIST* call_;
  CK_SESSION_HANDLE session_;
  CK_RV refused_ = CKR_OK;
};

class ObjectIndex {
 public:
  // By CKA_ID. Reads all objects of the token in one search when the generation changed.
  Result<const std::map<Bytes, KeyObjects>*> at(CK_FUNCTION_LIST* call, const SessionPool::Lease& lease);
  // The next use reads the token anew, as when another process may have changed it.
  void reread() { generation_ = 0; }
  void put(const Bytes& id, KeyObjects objects) { keys_[id] = std::move(objects); }
  void forget(const Bytes& id) { keys_.erase(id); }
  // Key objects without id, label and key, as a process leaves that was stopped while it made them. They are handed
  // over once.
  std::vector<CK_OBJECT_HANDLE> take_nameless() { return std::exchange(nameless_, {}); }

 private:
  Result<std::vector<CK_OBJECT_HANDLE>> find_named(Reader& reader, CK_OBJECT_CLASS wanted);
  std::map<Bytes, KeyObjects> keys_;
  std::vector<CK_OBJECT_HANDLE> nameless_;
  std::uint64_t generation_ = 0;
};

// The DER SubjectPublicKeyInfo of a public key object.
Result<Bytes> public_key_info(Reader& reader, CK_OBJECT_HANDLE object);

}  // namespace antin::hsm::pkcs11
