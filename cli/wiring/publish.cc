#include "cli/wiring/publish.h"

#include "ca/authority/issuer_register.h"

namespace antin::wiring {

Result<store::CrlRecord> publish_crl(const authority::Context& context, const Home& home, const Config& config,
                                     std::string_view name, const issuance::Issuer& issuer) {
  status::CrlPlan plan;
  plan.issuer_name = name;
  plan.issuer = &issuer;
  // A root's list has no distribution point: a root's own certificate names none, and a list for one would not be
  // in its scope. Nor has that of an adopted issuer: its certificates name an address of another system, if any.
  const bool own = authority::generation_of(name) != 0;
  if (own && authority::bloc_of(name) != authority::root_bloc) plan.url = config.crl_url(name);
  plan.validity = config.crl_validity;
  plan.file = home.crl(name);
  return in("crl " + std::string(name), status::build_and_publish(context, plan));
}

}  // namespace antin::wiring
