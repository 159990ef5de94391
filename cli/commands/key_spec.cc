#include "cli/commands/key_spec.h"

namespace antin::commands {
namespace {

struct Named {
  const char* name;
  hsm::KeySpec spec;
};
constexpr Named named[] = {
    {"p256", {hsm::KeyAlgorithm::ec_p256}},       {"p384", {hsm::KeyAlgorithm::ec_p384}},
    {"rsa-2048", {hsm::KeyAlgorithm::rsa, 2048}}, {"rsa-3072", {hsm::KeyAlgorithm::rsa, 3072}},
    {"rsa-4096", {hsm::KeyAlgorithm::rsa, 4096}}, {"ed25519", {hsm::KeyAlgorithm::ed25519}},
};

}  // namespace

std::vector<std::string> key_spec_names() {
  std::vector<std::string> names;
  for (const Named& one : named) names.emplace_back(one.name);
  return names;
}

std::vector<std::string> authority_key_spec_names() {
  std::vector<std::string> names = key_spec_names();
  std::erase(names, "ed25519");
  return names;
}

Result<hsm::KeySpec> key_spec(std::string_view name) {
  for (const Named& one : named) {
    if (one.name == name) return one.spec;
  }
  return fail(ErrorCode::invalid_argument, "key kind: " + std::string(name) + " is not known");
}

}  // namespace antin::commands
