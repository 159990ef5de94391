#include "cli/wiring/key_import.h"

#include "cli/wiring/issuers.h"
#include "hsm/key_import.h"

namespace antin::wiring {

Result<std::shared_ptr<const hsm::SigningKey>> import_key(Tokens& ca, const std::string& token,
                                                          const std::string& name, const Secret& key) {
  ANTIN_TRY(const std::shared_ptr<hsm::Token> opened, ca.token(token));
  auto* importing = dynamic_cast<hsm::KeyImport*>(opened.get());
  if (importing == nullptr) return fail(ErrorCode::unimplemented, "token " + token + ": it takes no keys");
  return in("token " + token, importing->import_key(named_key(name), key));
}

}  // namespace antin::wiring
