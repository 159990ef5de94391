// ObjectIndex: where the keys of one token are, read once a session generation. Not safe for several threads; its token
// locks.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "hsm/pkcs11/session_pool.h"
#include "hsm/token.h"

namespace antin::hsm::pkcs11 {

struct KeyObjects {
  KeyInfo info;
  CK_OBJECT_HANDLE private_key = 0, public_key = 0, certificate = 0;
};

class ObjectIndex {
 public:
  // By CKA_ID. Reads all objects of the token in one search when the generation changed.
  Result<const std::map<Bytes, KeyObjects>*> at(CK_FUNCTION_LIST* call, const SessionPool::Lease& lease);
  void put(const Bytes& id, KeyObjects objects) { keys_[id] = std::move(objects); }
  void forget(const Bytes& id) { keys_.erase(id); }
  // Key objects without id, label and key, as a process leaves that was stopped while it made them. They are handed
  // over once.
  std::vector<CK_OBJECT_HANDLE> take_nameless() { return std::exchange(nameless_, {}); }

 private:
  std::map<Bytes, KeyObjects> keys_;
  std::vector<CK_OBJECT_HANDLE> nameless_;
  std::uint64_t generation_ = 0;
};

// One attribute's octets; empty when the object does not have it.
Bytes attribute(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);
// The DER SubjectPublicKeyInfo of a public key object.
Result<Bytes> public_key_info(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object);

}  // namespace antin::hsm::pkcs11
