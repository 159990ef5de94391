#include "hsm/pkcs11/module.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "hsm/pkcs11/pkcs11_token.h"
#include "hsm/pkcs11/slots.h"

namespace antin::hsm::pkcs11 {
namespace {

class LoadedModule final : public Module {
 public:
  LoadedModule(std::shared_ptr<Library> library, unsigned max_sessions)
      : library_(std::move(library)), max_sessions_(max_sessions) {}
  ~LoadedModule() override {
    library_->call->C_Finalize(nullptr);
    library_->finalised = true;
  }

  Result<std::vector<TokenInfo>> tokens() const override {
    ANTIN_TRY(const Turn turn, library_->turn());
    ANTIN_TRY(const std::vector<SlotToken> found, walk_slots(library_->call));
    std::vector<TokenInfo> list;
    for (const SlotToken& token : found)
      if (token.info.initialised) list.push_back(token.info);
    return list;
  }

  Result<std::shared_ptr<Token>> open(const std::string& uri, PinSource& pins) override {
    ANTIN_TRY(const Uri wanted, parse_uri(uri));
    ANTIN_TRY(const SlotToken token, find(wanted));
    ANTIN_CHECK(may_try_pin(token.info));
    Secret pin;
    if (!token.info.pin_at_token) {
      ANTIN_TRY(pin, pins.pin(token.info));
    }
    const unsigned limit = token.session_limit == 0 || token.session_limit == CK_UNAVAILABLE_INFORMATION
                               ? max_sessions_
                               : static_cast<unsigned>(std::min<unsigned long>(token.session_limit, max_sessions_));
    auto state = std::make_shared<TokenState>();
    state->info = token.info;
    ANTIN_TRY(state->pool, SessionPool::open(library_, identity_of(token.info), std::move(pin), limit));
    return std::make_shared<Pkcs11Token>(std::move(state));
  }

  Result<TokenInfo> to_initialise(const std::string& label) const override {
    ANTIN_TRY(const Turn turn, library_->turn());
    ANTIN_TRY(const SlotToken token, candidate(label));
    return token.info;
  }

  Status initialise(const std::string& label, const Secret& so_pin, const Secret& user_pin) override {
    if (label.empty() || label.size() > 32) return fail(ErrorCode::invalid_argument, "token label: 1 to 32 octets");
    ANTIN_TRY(const Turn turn, library_->turn());
    if (library_->softhsm2.empty()) return make(label, so_pin, user_pin);
    ANTIN_CHECK(begin_softhsm2_token(library_->softhsm2));
    const Status made = make(label, so_pin, user_pin);
    ANTIN_CHECK(end_softhsm2_token(library_->softhsm2));
    return made;
  }

  std::shared_ptr<Library> library() const override { return library_; }

 private:
  // A PIN as a token gets it: nothing, when it asks for PINs itself.
  struct GivenPin {
    GivenPin(const TokenInfo& token, const Secret& secret)
        : octets(token.pin_at_token ? nullptr
                                    : reinterpret_cast<CK_UTF8CHAR_PTR>(const_cast<char*>(secret.reveal().data()))),
          size(token.pin_at_token ? 0 : secret.reveal().size()) {}
    CK_UTF8CHAR_PTR octets;
    CK_ULONG size;
  };

  // No longer than it takes to look: a person may take minutes over the PIN.
  Result<SlotToken> find(const Uri& wanted) const {
    ANTIN_TRY(const Turn turn, library_->turn());
    return find_token(library_->call, wanted);
  }

  Result<SlotToken> candidate(const std::string& label) const {
    ANTIN_TRY(const std::vector<SlotToken> found, walk_slots(library_->call));
    const SlotToken* free_slot = nullptr;
    for (const SlotToken& token : found) {
      if (token.info.initialised && token.info.label == label) {
        if (token.info.user_pin_set) return fail(ErrorCode::already_exists, "token " + label + ": is there already");
        return token;  // whoever began was stopped between the two PINs
      }
      if (!token.info.initialised && free_slot == nullptr) free_slot = &token;
    }
    if (free_slot == nullptr)
      return fail(ErrorCode::not_found, "token " + label + ": no slot with an uninitialised token");
    return *free_slot;
  }

  Status make(const std::string& label, const Secret& so_pin, const Secret& user_pin) const {
    ANTIN_TRY(const SlotToken token, candidate(label));
    return token.info.initialised ? set_user_pin(token, label, so_pin, user_pin)
                                  : initialise_slot(token, label, so_pin, user_pin);
  }

  Status initialise_slot(const SlotToken& token, const std::string& label, const Secret& so_pin,
                         const Secret& user_pin) const {
    const GivenPin pin(token.info, so_pin);
    tell(token.info, label);
    CK_UTF8CHAR name[32];
    std::memset(name, ' ', sizeof name);
    std::memcpy(name, label.data(), label.size());
    const CK_RV value = library_->call->C_InitToken(token.slot, pin.octets, pin.size, name);
    if (value != CKR_OK) return fail(ckr_error(value, "token " + label + ": initialise"));
    return set_user_pin(token, label, so_pin, user_pin);
  }

  void tell(TokenInfo token, const std::string& label) const {
    token.label = label;
    if (token.pin_at_token && library_->pin_at_token) library_->pin_at_token(token);
  }

  Status set_user_pin(const SlotToken& token, const std::string& label, const Secret& so_pin,
                      const Secret& user_pin) const {
    const GivenPin officers(token.info, so_pin), users(token.info, user_pin);
    CK_FUNCTION_LIST* call = library_->call;
    CK_SESSION_HANDLE session = 0;
    CK_RV value = call->C_OpenSession(token.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr, &session);
    if (value != CKR_OK) return fail(ckr_error(value, "token " + label + ": open session"));
    tell(token.info, label);
    value = call->C_Login(session, CKU_SO, officers.octets, officers.size);
    if (value == CKR_OK) tell(token.info, label);
    if (value == CKR_OK) value = call->C_InitPIN(session, users.octets, users.size);
    call->C_CloseAllSessions(token.slot);
    if (value != CKR_OK) return fail(ckr_error(value, "token " + label + ": set the user's PIN"));
    return {};
  }

  std::shared_ptr<Library> library_;
  unsigned max_sessions_;
};

Status set_environment(const std::map<std::string, std::string>& environment) {
  for (const auto& [name, value] : environment)
    if (::setenv(name.c_str(), value.c_str(), 1) != 0) return fail(ErrorCode::internal, "cannot set " + name);
  return {};
}

// NSS softokn takes its arguments where PKCS#11 has pReserved, and wants one more pointer after it, which is null.
CK_RV start(CK_FUNCTION_LIST* call, std::string arguments) {
  struct {
    CK_C_INITIALIZE_ARGS usual{};
    void* reserved = nullptr;
  } how;
  how.usual.flags = CKF_OS_LOCKING_OK;
  if (!arguments.empty()) how.usual.pReserved = arguments.data();
  return call->C_Initialize(&how);
}

}  // namespace

Result<std::unique_ptr<Module>> Module::load(const ModuleConfig& config) {
  ANTIN_CHECK(set_environment(config.environment));
  auto library = std::make_shared<Library>();
  library->handle = ::dlopen(config.library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library->handle == nullptr)
    return fail(ErrorCode::unavailable, "PKCS#11 module " + config.library.string() + ": " + ::dlerror());
  const auto get_list = reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library->handle, "C_GetFunctionList"));
  CK_FUNCTION_LIST* call = nullptr;
  if (get_list == nullptr || get_list(&call) != CKR_OK)
    return fail(ErrorCode::unavailable, config.library.string() + ": not a PKCS#11 module");
  library->softhsm2 = config.softhsm2;
  library->pin_at_token = config.pin_at_token;
  ANTIN_TRY(const Turn turn, library->turn());
  if (!config.softhsm2.empty()) ANTIN_CHECK(discard_half_made_softhsm2_token(config.softhsm2));
  const CK_RV value = start(call, config.arguments);
  if (value == CKR_CRYPTOKI_ALREADY_INITIALIZED)
    return fail(ErrorCode::failed_precondition,
                config.library.string() + ": is open already in this process; close it first");
  if (value != CKR_OK) return fail(ckr_error(value, config.library.string() + ": initialise"));
  library->call = call;
  CK_INFO info{};
  library->tpm2 =
      call->C_GetInfo(&info) == CKR_OK &&
      std::string_view(reinterpret_cast<const char*>(info.libraryDescription), sizeof info.libraryDescription)
          .starts_with("TPM2.0 Cryptoki");
  return std::make_unique<LoadedModule>(std::move(library), std::max(1u, config.max_sessions));
}

}  // namespace antin::hsm::pkcs11
