#include "cli/commands/roll_over.h"

#include <filesystem>

#include "base/turn.h"
#include "ca/authority/issuer_making.h"
#include "ca/authority/issuer_service.h"
#include "cli/wiring/disk_space.h"
#include "cli/wiring/publish.h"

namespace antin::commands {
namespace {

using authority::Link;
using authority::RegisteredIssuer;
using issuance::Issuer;

Status publish(Session& session, const std::string& name, const x509::Certificate& certificate) {
  return write_file(session.home.ca_certificate(name), certificate.pem());
}

Status make_certificate(Session& session, OpenHome& home, wiring::Tokens& tokens, const RegisteredIssuer& wanted) {
  ANTIN_TRY(const RegisteredIssuer before, find_issuer(session, home, wanted.follows));
  ANTIN_TRY(const std::shared_ptr<hsm::Token> token, tokens.token(wanted.token));
  ANTIN_TRY(const std::shared_ptr<const hsm::SigningKey> key, token->find_key(wiring::named_key(wanted.name)));
  std::optional<Issuer> by;
  if (wanted.is_root()) {
    ANTIN_TRY(by, Issuer::make_root(key, before.certificate->subject()));
  } else {
    ANTIN_TRY(const RegisteredIssuer root, find_issuer(session, home, wanted.issued_by));
    ANTIN_TRY(by, wiring::open_issuer(home.config, tokens, root));
  }
  ANTIN_TRY(const x509::Certificate certificate,
            authority::certify_issuer(home.context(session), wanted, before, *by, *key));
  return publish(session, wanted.name, certificate);
}

Status make_links(Session& session, OpenHome& home, wiring::Tokens& tokens, const RegisteredIssuer& wanted) {
  ANTIN_TRY(const RegisteredIssuer before, find_issuer(session, home, wanted.follows));
  ANTIN_TRY(const RegisteredIssuer now, find_issuer(session, home, wanted.name));
  for (const Link link : {Link::new_with_old, Link::old_with_new}) {
    ANTIN_TRY(const Issuer by,
              wiring::open_issuer(home.config, tokens, link == Link::new_with_old ? before : now));
    ANTIN_TRY(const x509::Certificate certificate,
              authority::certify_link(home.context(session), now, before, link, by));
    ANTIN_CHECK(publish(session, authority::link_name(now, link), certificate));
  }
  return {};
}

Status publish_first_list(Session& session, OpenHome& home, wiring::Tokens& tokens, const std::string& name) {
  std::error_code error;
  if (std::filesystem::exists(session.home.crl(name), error)) return {};
  ANTIN_TRY(const RegisteredIssuer now, find_issuer(session, home, name));
  ANTIN_TRY(const Issuer issuer, wiring::open_issuer(home.config, tokens, now));
  ANTIN_CHECK(wiring::publish_crl(home.context(session), session.home, home.config, name, issuer));
  return {};
}

}  // namespace

std::vector<std::string_view> roll_over_steps(const RegisteredIssuer& wanted) {
  if (wanted.in_service) return {};
  if (wanted.is_root())
    return {"roll_over.step.certificate", "roll_over.step.links", "roll_over.step.list", "roll_over.step.in_service"};
  return {"roll_over.step.certificate", "roll_over.step.list", "roll_over.step.in_service"};
}

Status complete_roll_over(Session& session, OpenHome& home, const RegisteredIssuer& wanted,
                          const std::function<void(std::string_view)>& at_step) {
  ANTIN_CHECK(wiring::require_disk_space(session.home, home.config));
  ANTIN_TRY(const Turn turn, Turn::take(session.home.ca() / "issue.lock"));
  ANTIN_TRY(wiring::Tokens tokens, wiring::open_ca(session.home, home.config));
  at_step("roll_over.step.certificate");
  ANTIN_CHECK(make_certificate(session, home, tokens, wanted));
  if (wanted.is_root()) {
    at_step("roll_over.step.links");
    ANTIN_CHECK(make_links(session, home, tokens, wanted));
  }
  at_step("roll_over.step.list");
  ANTIN_CHECK(publish_first_list(session, home, tokens, wanted.name));
  at_step("roll_over.step.in_service");
  return authority::put_in_service(home.context(session), wanted.name);
}

}  // namespace antin::commands
