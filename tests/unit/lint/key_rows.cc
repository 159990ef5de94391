// Public keys and what keyUsage says of them.
#include "tests/unit/lint/builder.h"

namespace antin::tests {

using enum lint::Rule;
using P = CertificateParts;

namespace {

constexpr const char* nist = "2.16.840.1.101.3.4.3.";
constexpr const char* rsa = "1.2.840.113549.1.1.1";

Bytes rsa_key() { return der::sequence({der::integer_unsigned(Bytes(256, 0x81)), der::integer(65537)}); }

Row key(lint::Rule rule, const std::string& oid, Bytes parameters, Bytes bits) {
  return leaf(rule, [=](P& p) { p.set_key(oid, parameters, bits); });
}
// A key of the right form, whose certificate says what that kind may not.
Row use(lint::Rule rule, const std::string& oid, Bytes parameters, Bytes bits, std::initializer_list<unsigned> usages) {
  return leaf(rule, [=, value = usage(usages)](P& p) {
    p.set_key(oid, parameters, bits);
    p.extensions.set_value("2.5.29.15", value);
  });
}
Row authority_key(lint::Rule rule, const std::string& oid, std::size_t size) {
  return authority(rule, [=](P& p) { p.set_key(oid, {}, Bytes(size, 1)); });
}

}  // namespace

std::vector<Row> key_rows() {
  const std::string base = nist;
  return {
      key(public_key_parameters, rsa, {}, rsa_key()),
      key(public_key_parameters, "1.2.840.10045.2.1", der::null(), Bytes(65, 4)),
      key(public_key_parameters, "1.3.101.112", der::null(), Bytes(32, 1)),
      key(public_key_syntax, rsa, der::null(), Bytes(256, 1)),
      key(public_key_syntax, "1.2.840.10045.2.1", der::oid("1.2.840.10045.3.1.7"), Bytes(64, 4)),
      key(public_key_syntax, base + "17", {}, Bytes(1311, 1)),
      key(public_key_syntax, base + "31", {}, Bytes(32, 1)),
      key(public_key_syntax, "2.16.840.1.101.3.4.4.2", {}, Bytes(800, 1)),
      key(key_algorithm_draft, "1.3.6.1.4.1.2.267.12.4.4", {}, Bytes(1312, 1)),
      key(key_algorithm_round3, "1.3.6.1.4.1.2.267.7.4.4", {}, Bytes(1312, 1)),
      key(key_algorithm_unknown, "1.2.3.4", {}, Bytes(32, 1)),
      authority_key(hash_ml_dsa_in_ca, base + "32", 1312),
      authority_key(hash_slh_dsa_in_ca, base + "35", 32),
      use(key_usage_rsa, rsa, der::null(), rsa_key(), {4}),
      leaf(key_usage_ec, [](P& p) { p.extensions.set_value("2.5.29.15", usage({2})); }),
      use(key_usage_edwards, "1.3.101.112", {}, Bytes(32, 1), {2}),
      use(key_usage_edwards, "1.3.101.110", {}, Bytes(32, 1), {0}),
      use(key_usage_agreement_missing, "1.3.101.110", {}, Bytes(32, 1), {7}),
      use(key_usage_ml_dsa, base + "18", {}, Bytes(1952, 1), {2}),
      use(key_usage_hash_ml_dsa, base + "33", {}, Bytes(1952, 1), {6}),
      use(key_usage_slh_dsa, base + "20", {}, Bytes(32, 1), {4}),
      use(key_usage_hash_slh_dsa, base + "46", {}, Bytes(64, 1), {6}),
      use(key_usage_ml_kem, "2.16.840.1.101.3.4.4.1", {}, Bytes(800, 1), {0}),
      leaf(key_usage_empty, [](P& p) { p.extensions.set_value("2.5.29.15", usage({})); }),
      leaf(key_usage_not_critical, [](P& p) { p.extensions.set_critical("2.5.29.15", false); }),
      authority(key_usage_absent_in_ca, [](P& p) { p.extensions.drop("2.5.29.15"); }),
      authority(key_usage_ca_without_cert_sign, [](P& p) { p.extensions.set_value("2.5.29.15", usage({6})); }),
      leaf(key_usage_cert_sign_without_ca, [](P& p) { p.extensions.set_value("2.5.29.15", usage({5})); }),
      leaf(key_usage_encipher_and_decipher_only, [](P& p) { p.extensions.set_value("2.5.29.15", usage({4, 7, 8})); }),
  };
}

}  // namespace antin::tests
