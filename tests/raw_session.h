// RawSession: a session with a token beside those of our code, in the module that our code has loaded: what a test
// reads there comes from the module itself.
#pragma once

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>

#include <vector>

#include "base/file.h"
#include "tests/catch.h"

namespace antin::tests {

class RawSession {
 public:
  // With the last token that `chosen` says is meant.
  template <class Chosen>
  RawSession(const Path& library, Chosen chosen) {
    void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_NOLOAD);
    REQUIRE(handle != nullptr);
    const auto get = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(handle, "C_GetFunctionList"));
    REQUIRE(get(&call_) == CKR_OK);
    CK_SLOT_ID slots[8];
    CK_ULONG count = 8;
    REQUIRE(call_->C_GetSlotList(CK_TRUE, slots, &count) == CKR_OK);
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      REQUIRE(call_->C_GetTokenInfo(slots[i], &info) == CKR_OK);
      if (chosen(info))
        REQUIRE(call_->C_OpenSession(slots[i], CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session_) == CKR_OK);
    }
  }
  RawSession(const RawSession&) = delete;
  RawSession& operator=(const RawSession&) = delete;
  ~RawSession() { call_->C_CloseSession(session_); }

  // At most 16.
  std::vector<CK_OBJECT_HANDLE> objects(CK_OBJECT_CLASS wanted) const {
    CK_ATTRIBUTE match{CKA_CLASS, &wanted, sizeof wanted};
    CK_OBJECT_HANDLE found[16];
    CK_ULONG count = 0;
    REQUIRE(call_->C_FindObjectsInit(session_, &match, 1) == CKR_OK);
    REQUIRE(call_->C_FindObjects(session_, found, 16, &count) == CKR_OK);
    call_->C_FindObjectsFinal(session_);
    return {found, found + count};
  }
  bool is(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    CK_BBOOL value = 2;
    CK_ATTRIBUTE want{type, &value, sizeof value};
    REQUIRE(call_->C_GetAttributeValue(session_, object, &want, 1) == CKR_OK);
    REQUIRE(value < 2);
    return value == CK_TRUE;
  }
  std::vector<CK_BYTE> octets(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const {
    std::vector<CK_BYTE> value(512);
    CK_ATTRIBUTE want{type, value.data(), value.size()};
    REQUIRE(call_->C_GetAttributeValue(session_, object, &want, 1) == CKR_OK);
    value.resize(want.ulValueLen);
    return value;
  }
  // Where our code is logged in to the token.
  void create(std::vector<CK_ATTRIBUTE> content) const {
    CK_OBJECT_HANDLE made = 0;
    REQUIRE(call_->C_CreateObject(session_, content.data(), content.size(), &made) == CKR_OK);
  }
  void destroy(CK_OBJECT_HANDLE object) const { REQUIRE(call_->C_DestroyObject(session_, object) == CKR_OK); }

 private:
  CK_FUNCTION_LIST* call_ = nullptr;
  CK_SESSION_HANDLE session_ = 0;
};

}  // namespace antin::tests
