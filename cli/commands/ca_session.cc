#include "cli/commands/ca_session.h"

#include <algorithm>
#include <set>

#include "ca/authority/issuer_service.h"
#include "ca/authority/profile_guard.h"

namespace antin::commands {
namespace {

using authority::IssuerRegister;
using authority::RegisteredIssuer;

Result<RegisteredIssuer> find_in(const IssuerRegister& issuers, const std::string& name) {
  if (const RegisteredIssuer* found = issuers.find(name)) return *found;
  return fail(ErrorCode::not_found, "issuer: there is none " + name + ": see `antin ca list`");
}

// Another one issues, and its certificate has ended, before which everything that it issued had: its lists end too, and
// its token may be gone.
bool is_over(const IssuerRegister& issuers, const RegisteredIssuer& issuer, Time now) {
  const auto until = issuers.issues_until(issuer.name);
  return until && *until <= now && issuer.certificate && issuer.certificate->not_after() < now;
}

}  // namespace

Result<std::vector<std::optional<hsm::KeyAlgorithm>>> wanted_keys(store::Store& store, Time now) {
  ANTIN_TRY(const issuance::ProfileSet profiles, authority::profiles_in_force(store, now));
  std::vector<std::optional<hsm::KeyAlgorithm>> keys{std::nullopt};
  for (const std::string& name : profiles.names()) {
    ANTIN_TRY(const issuance::Profile profile, profiles.find(name));
    if (std::ranges::find(keys, profile.issuer_key()) == keys.end()) keys.push_back(profile.issuer_key());
  }
  return keys;
}

Result<OpenIssuers> open_issuers(Session& session, const OpenHome& home, const std::vector<std::string>& names) {
  ANTIN_TRY(const IssuerRegister known, authority::read_issuers(*home.store, session.now()));
  OpenIssuers open;
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  open.tokens = std::make_unique<wiring::Tokens>(std::move(tokens));
  for (const std::string& name : names) {
    ANTIN_TRY(const RegisteredIssuer registered, find_in(known, name));
    ANTIN_TRY(issuance::Issuer issuer, wiring::open_issuer(home.config, *open.tokens, registered));
    open.issuers.emplace(name, std::make_unique<issuance::Issuer>(std::move(issuer)));
  }
  return open;
}

Result<std::vector<std::string>> issuers_in_service(Session& session, const OpenHome& home, const std::string& only) {
  ANTIN_TRY(const IssuerRegister known, authority::read_issuers(*home.store, session.now()));
  if (!only.empty()) ANTIN_CHECK(find_in(known, only));
  std::vector<std::string> names;
  for (const RegisteredIssuer& issuer : known.all())
    if (issuer.in_service && (only.empty() ? !is_over(known, issuer, session.now()) : only == issuer.name))
      names.push_back(issuer.name);
  return names;
}

Result<std::vector<std::string>> issuers_at_work(Session& session, const OpenHome& home, const std::string& bloc) {
  ANTIN_TRY(const IssuerRegister known, authority::read_issuers(*home.store, session.now()));
  ANTIN_TRY(const auto keys, wanted_keys(*home.store, session.now()));
  std::set<std::string> names;
  for (const RegisteredIssuer& issuer : known.all())
    for (const auto& key : keys)
      if (!issuer.is_root() && known.issues(issuer.name, session.now(), key)) names.insert(issuer.name);
  ANTIN_TRY(const auto open, home.store->open_intents());
  for (const store::Intent& intent : open) {
    const RegisteredIssuer* issuer = known.find(intent.issuer);
    if (issuer != nullptr && !issuer->is_root()) names.insert(intent.issuer);
  }
  if (!bloc.empty()) std::erase_if(names, [&](const std::string& name) { return authority::bloc_of(name) != bloc; });
  return std::vector<std::string>(names.begin(), names.end());
}

Result<RegisteredIssuer> find_issuer(Session& session, const OpenHome& home, const std::string& name) {
  ANTIN_TRY(const IssuerRegister known, authority::read_issuers(*home.store, session.now()));
  return find_in(known, name);
}

}  // namespace antin::commands
