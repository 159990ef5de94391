#include "cli/commands/key_spec.h"

namespace antin::commands {
namespace {

struct Named {
  const char* name;
  hsm::KeySpec spec;
};
constexpr Named named[] = {
    {"p256", {hsm::KeyAlgorithm::ec_p256}},        {"p384", {hsm::KeyAlgorithm::ec_p384}},
    {"rsa-2048", {hsm::KeyAlgorithm::rsa, 2048}},  {"rsa-3072", {hsm::KeyAlgorithm::rsa, 3072}},
    {"rsa-4096", {hsm::KeyAlgorithm::rsa, 4096}},  {"ed25519", {hsm::KeyAlgorithm::ed25519}},
    {"ml-dsa-44", {hsm::KeyAlgorithm::ml_dsa_44}}, {"ml-dsa-65", {hsm::KeyAlgorithm::ml_dsa_65}},
    {"ml-dsa-87", {hsm::KeyAlgorithm::ml_dsa_87}},
};

template <class Which>
std::vector<std::string> names_of(Which&& which) {
  std::vector<std::string> names;
  for (const Named& one : named)
    if (which(one.spec.algorithm)) names.emplace_back(one.name);
  return names;
}

}  // namespace

std::vector<std::string> key_spec_names() {
  return names_of([](hsm::KeyAlgorithm algorithm) { return !hsm::is_ml_dsa(algorithm); });
}

std::vector<std::string> authority_key_spec_names() {
  return names_of([](hsm::KeyAlgorithm algorithm) {
    return algorithm != hsm::KeyAlgorithm::ed25519 && !hsm::is_ml_dsa(algorithm);
  });
}

std::vector<std::string> generation_key_spec_names() {
  return names_of([](hsm::KeyAlgorithm algorithm) { return algorithm != hsm::KeyAlgorithm::ed25519; });
}

Result<hsm::KeySpec> key_spec(std::string_view name) {
  for (const Named& one : named) {
    if (one.name == name) return one.spec;
  }
  return fail(ErrorCode::invalid_argument, "key kind: " + std::string(name) + " is not known");
}

}  // namespace antin::commands
