#include "hsm/pkcs11/tray.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <cstring>

#include "base/encoding.h"
#include "base/openssl_ptr.h"
#include "hsm/pkcs11/certificate_object.h"
#include "hsm/pkcs11/object_index.h"
#include "hsm/pkcs11/slots.h"

namespace antin::hsm::pkcs11 {
namespace {

CK_UTF8CHAR_PTR octets(const Secret& secret) {
  return reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(secret.reveal().data()));
}

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const auto& value) {
  return {type, const_cast<void*>(static_cast<const void*>(value.data())), value.size()};
}

std::string name_of(const TokenInfo& token) { return "token " + token.label; }

// One read-write session, closed at the end; not one of a pool's.
class Session {
 public:
  static Result<Session> open(CK_FUNCTION_LIST* call, CK_SLOT_ID slot, const std::string& name) {
    CK_SESSION_HANDLE session = 0;
    const CK_RV value = call->C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
    if (value != CKR_OK) return fail(ckr_error(value, name + ": open session"));
    return Session(call, session);
  }
  Session(Session&& other) noexcept : call_(other.call_), session_(other.session_) { other.call_ = nullptr; }
  Session& operator=(Session&&) = delete;
  ~Session() {
    if (call_ != nullptr) call_->C_CloseSession(session_);
  }
  CK_SESSION_HANDLE handle() const { return session_; }

 private:
  Session(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session) : call_(call), session_(session) {}
  CK_FUNCTION_LIST* call_;
  CK_SESSION_HANDLE session_;
};

Status init_token(CK_FUNCTION_LIST* call, CK_SLOT_ID slot, const std::string& label, const Secret& so_pin) {
  if (label.empty() || label.size() > 32) return fail(ErrorCode::invalid_argument, "token label: 1 to 32 octets");
  std::array<CK_UTF8CHAR, 32> name{};
  name.fill(' ');
  std::memcpy(name.data(), label.data(), label.size());
  const CK_RV value = call->C_InitToken(slot, octets(so_pin), so_pin.reveal().size(), name.data());
  return value == CKR_OK ? Status() : Status(fail(ckr_error(value, "token " + label + ": initialise")));
}

Status init_pin(CK_FUNCTION_LIST* call, CK_SLOT_ID slot, const std::string& name, const Secret& so_pin,
                const Secret& user_pin) {
  ANTIN_TRY(const Session session, Session::open(call, slot, name));
  CK_RV value = call->C_Login(session.handle(), CKU_SO, octets(so_pin), so_pin.reveal().size());
  if (value != CKR_OK) return fail(ckr_error(value, name + ": login of the security officer"));
  value = call->C_InitPIN(session.handle(), octets(user_pin), user_pin.reveal().size());
  call->C_Logout(session.handle());
  return value == CKR_OK ? Status() : Status(fail(ckr_error(value, name + ": set the user's PIN")));
}

Result<CK_SLOT_ID> slot_of(const Library& library, const TokenInfo& token) {
  ANTIN_TRY(const SlotToken found, find_token(library.call, identity_of(token)));
  return found.slot;
}

// SHA-1 of the BIT STRING subjectPublicKey.
Result<Bytes> id_of(ByteView public_key_info) {
  const unsigned char* at = public_key_info.data();
  X509_PUBKEY* parsed = d2i_X509_PUBKEY(nullptr, &at, static_cast<long>(public_key_info.size()));
  const unsigned char* bits = nullptr;
  int size = 0;
  Bytes id(20);
  const bool done = parsed != nullptr && X509_PUBKEY_get0_param(nullptr, &bits, &size, nullptr, parsed) == 1 &&
                    EVP_Digest(bits, static_cast<std::size_t>(size), id.data(), nullptr, EVP_sha1(), nullptr) == 1;
  X509_PUBKEY_free(parsed);
  if (!done) return fail(ErrorCode::internal, "public key: " + openssl_error());
  return id;
}

Result<CK_OBJECT_HANDLE> only(Reader& reader, CK_OBJECT_CLASS wanted, const TokenInfo& token) {
  ANTIN_TRY(const auto found, reader.find({{CKA_CLASS, &wanted, sizeof wanted}}));
  if (found.size() == 1) return found.front();
  return fail(ErrorCode::failed_precondition, name_of(token) + ": must have one key pair alone, and " +
                                                  std::to_string(found.size()) + " of a kind are there");
}

Status set_id(CK_FUNCTION_LIST* call, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, const Bytes& id,
              const TokenInfo& token) {
  CK_ATTRIBUTE change = attribute(CKA_ID, id);
  const CK_RV value = call->C_SetAttributeValue(session, object, &change, 1);
  return value == CKR_OK ? Status() : Status(fail(ckr_error(value, name_of(token) + ": set CKA_ID")));
}

}  // namespace

Tray::Tray(const Module& module) : library_(module.library()) {}

Result<std::vector<Blank>> Tray::blanks() const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const std::vector<SlotToken> found, walk_slots(library_->call));
  std::vector<Blank> list;
  for (const SlotToken& token : found)
    if (!token.info.initialised) list.push_back({token.slot, token.info.serial});
  return list;
}

Result<TokenInfo> Tray::find(const std::string& label, const std::string& serial) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const SlotToken found,
            find_token(library_->call, {.token = label, .serial = serial, .model = {}, .manufacturer = {}, .key = {}}));
  return found.info;
}

Status Tray::initialise(const Blank& blank, const std::string& label, const Secret& so_pin,
                        const Secret& user_pin) const {
  CK_FUNCTION_LIST* call = library_->call;
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const std::vector<SlotToken> there, walk_slots(call));
  for (const SlotToken& token : there)
    if (token.info.initialised && token.info.label == label)
      return fail(ErrorCode::already_exists, "token " + label + ": is there already");
  ANTIN_TRY(const SlotToken now, token_in_slot(call, blank.slot));
  if (now.info.initialised || now.info.serial != blank.serial)
    return fail(ErrorCode::unavailable, "token " + label + ": another token came into the slot");
  const auto make = [&]() -> Status {
    ANTIN_CHECK(init_token(call, blank.slot, label, so_pin));
    return init_pin(call, blank.slot, "token " + label, so_pin, user_pin);
  };
  if (library_->softhsm2.empty()) return make();
  ANTIN_CHECK(begin_softhsm2_token(library_->softhsm2));
  const Status made = make();
  ANTIN_CHECK(end_softhsm2_token(library_->softhsm2));
  return made;
}

Status Tray::erase(const TokenInfo& token, const std::string& label, const Secret& so_pin,
                   const Secret& user_pin) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const CK_SLOT_ID slot, slot_of(*library_, token));
  ANTIN_CHECK(init_token(library_->call, slot, label, so_pin));
  return init_pin(library_->call, slot, "token " + label, so_pin, user_pin);
}

Status Tray::set_user_pin(const TokenInfo& token, const Secret& so_pin, const Secret& user_pin) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const CK_SLOT_ID slot, slot_of(*library_, token));
  return init_pin(library_->call, slot, name_of(token), so_pin, user_pin);
}

Result<KeyRef> Tray::name_key(const TokenInfo& token) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const CK_SLOT_ID slot, slot_of(*library_, token));
  ANTIN_TRY(const Session session, Session::open(library_->call, slot, name_of(token)));
  Reader reader(library_->call, session.handle());
  ANTIN_TRY(const CK_OBJECT_HANDLE public_key, only(reader, CKO_PUBLIC_KEY, token));
  ANTIN_TRY(const CK_OBJECT_HANDLE private_key, only(reader, CKO_PRIVATE_KEY, token));
  ANTIN_TRY(const Bytes spki, in(name_of(token), public_key_info(reader, public_key)));
  ANTIN_TRY(Bytes id, id_of(spki));
  for (const CK_OBJECT_HANDLE object : {private_key, public_key})
    if (reader.octets(object, CKA_ID) != id)
      ANTIN_CHECK(set_id(library_->call, session.handle(), object, id, token));
  std::string label = reader.text(private_key, CKA_LABEL);
  ANTIN_CHECK(reader.status());
  return KeyRef{std::move(id), std::move(label)};
}

Status Tray::discard_keys(const TokenInfo& token) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const CK_SLOT_ID slot, slot_of(*library_, token));
  ANTIN_TRY(const Session session, Session::open(library_->call, slot, name_of(token)));
  Reader reader(library_->call, session.handle());
  for (CK_OBJECT_CLASS wanted : {CKO_PUBLIC_KEY, CKO_PRIVATE_KEY}) {
    ANTIN_TRY(const auto found, reader.find({{CKA_CLASS, &wanted, sizeof wanted}}));
    for (const CK_OBJECT_HANDLE object : found)
      if (const CK_RV value = library_->call->C_DestroyObject(session.handle(), object); value != CKR_OK)
        return fail(ckr_error(value, name_of(token) + ": destroy key"));
  }
  return {};
}

Status Tray::write_authority(const TokenInfo& token, const KeyRef& name, ByteView certificate_der) const {
  ANTIN_TRY(const Turn turn, library_->turn());
  ANTIN_TRY(const CK_SLOT_ID slot, slot_of(*library_, token));
  ANTIN_TRY(const Session session, Session::open(library_->call, slot, name_of(token)));
  Reader reader(library_->call, session.handle());
  ANTIN_TRY(const CertificateNames names, names_of(certificate_der));
  CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
  ANTIN_TRY(const auto before,
            reader.find({{CKA_CLASS, &object_class, sizeof object_class}, attribute(CKA_ID, name.id)}));
  std::vector<CK_ATTRIBUTE> content = certificate_template(name, names, certificate_der);
  CK_OBJECT_HANDLE made = 0;
  const CK_RV value = library_->call->C_CreateObject(session.handle(), content.data(), content.size(), &made);
  if (value != CKR_OK) return fail(ckr_error(value, name_of(token) + ": write certificate"));
  for (const CK_OBJECT_HANDLE old : before) library_->call->C_DestroyObject(session.handle(), old);
  return {};
}

}  // namespace antin::hsm::pkcs11
