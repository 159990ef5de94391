#include "tests/test_authority.h"

#include "ca/x509/der.h"

namespace antin {
namespace {

namespace der = x509::der;

x509::Name name_of(const std::string& common_name) {
  return x509::Name::from_rdns({{{"C", "VN"}}, {{"O", "DỮ LIỆU GIẢ LẬP"}}, {{"CN", common_name}}}).value();
}

Bytes signed_by(const hsm::SigningKey& key, const Bytes& tbs) {
  const auto scheme = hsm::default_scheme(key.algorithm());
  return der::sequence({tbs, hsm::algorithm_identifier(scheme), der::bit_string(key.sign(scheme, tbs).value())});
}

Bytes extension(ByteView oid, bool critical, ByteView value) {
  return critical ? der::sequence({oid, der::boolean(true), der::octet_string(value)})
                  : der::sequence({oid, der::octet_string(value)});
}

Bytes key_id(ByteView public_key_info) {
  const Sha256 hash = sha256(public_key_info);
  return Bytes(hash.begin(), hash.begin() + 20);
}

Bytes authority_key_id(ByteView issuer_key) {
  return extension(der::oid("2.5.29.35"), false, der::sequence({der::tlv(der::context(0), key_id(issuer_key))}));
}

Bytes certificate(const hsm::SigningKey& issuer_key, const x509::Name& issuer, const x509::Name& subject,
                  ByteView subject_key, std::uint64_t serial, Time from, Time to, bool ca,
                  const std::vector<std::string>& purposes = {}) {
  std::vector<Bytes> extensions{authority_key_id(issuer_key.public_key_info()),
                                extension(der::oid("2.5.29.14"), false, der::octet_string(key_id(subject_key)))};
  if (ca) extensions.push_back(extension(der::oid("2.5.29.19"), true, der::sequence({der::boolean(true)})));
  std::vector<bool> usage(7);
  usage[0] = usage[1] = !ca;
  usage[5] = usage[6] = ca;
  extensions.push_back(extension(der::oid("2.5.29.15"), true, der::named_bits(usage)));
  std::vector<Bytes> oids;
  for (const std::string& purpose : purposes) oids.push_back(der::oid_from_text(purpose).value());
  if (!oids.empty()) extensions.push_back(extension(der::oid("2.5.29.37"), false, der::sequence_of(oids)));
  const Bytes tbs = der::sequence({der::tlv(der::context_constructed(0), der::integer(2)), der::integer(serial),
                                   hsm::algorithm_identifier(hsm::default_scheme(issuer_key.algorithm())), issuer.der(),
                                   der::sequence({der::time(from), der::time(to)}), subject.der(), subject_key,
                                   der::tlv(der::context_constructed(3), der::sequence_of(extensions))});
  return signed_by(issuer_key, tbs);
}

x509::Certificate self_signed(const hsm::SigningKey& key, const x509::Name& name) {
  return x509::Certificate::from_der(
             certificate(key, name, name, key.public_key_info(), 1, time_at(2020, 1, 1), time_at(2049, 12, 1), true))
      .value();
}

}  // namespace

TestAuthority::TestAuthority(std::string name)
    : key_(hsm::software::generate({}).value()), name_(name_of(name)), root_(self_signed(*key_, name_)) {}

TestAuthority::Subscriber TestAuthority::issue(const std::string& common_name, hsm::KeySpec spec, Time not_before,
                                               Time not_after) {
  return issue_to(name_of(common_name), spec, not_before, not_after);
}

TestAuthority::Subscriber TestAuthority::issue_to(const x509::Name& subject, hsm::KeySpec spec, Time not_before,
                                                  Time not_after) {
  auto key = hsm::software::generate(spec).value();
  const Bytes made =
      certificate(*key_, name_, subject, key->public_key_info(), next_serial_++, not_before, not_after, false);
  return {std::move(key), x509::Certificate::from_der(made).value()};
}

x509::Certificate TestAuthority::certify(ByteView public_key_info, const std::string& common_name) {
  return x509::Certificate::from_der(certificate(*key_, name_, name_of(common_name), public_key_info, next_serial_++,
                                                 time_at(2022, 1, 1), time_at(2049, 1, 1), false))
      .value();
}

TestAuthority::Subscriber TestAuthority::issue_for(const std::string& common_name,
                                                   const std::vector<std::string>& purposes) {
  auto key = hsm::software::generate({}).value();
  const Bytes made = certificate(*key_, name_, name_of(common_name), key->public_key_info(), next_serial_++,
                                 time_at(2022, 1, 1), time_at(2049, 1, 1), false, purposes);
  return {std::move(key), x509::Certificate::from_der(made).value()};
}

Bytes TestAuthority::crl(Time this_update, const x509::Certificate* revoked, Time revoked_at,
                         std::optional<std::uint8_t> reason) const {
  std::vector<Bytes> parts{der::integer(1), hsm::algorithm_identifier(hsm::default_scheme(key_->algorithm())),
                           to_bytes(name_.der()), der::time(this_update), der::time(this_update + days{30})};
  if (revoked != nullptr) {
    const Bytes code = extension(der::oid("2.5.29.21"), false, der::enumerated(reason.value_or(0)));
    const Bytes extensions = reason ? der::sequence({code}) : Bytes();
    const Bytes entry =
        der::sequence({der::integer_unsigned(revoked->serial().magnitude()), der::time(revoked_at), extensions});
    parts.push_back(der::sequence({entry}));
  }
  const Bytes number = extension(der::oid("2.5.29.20"), false, der::integer(7));
  parts.push_back(
      der::tlv(der::context_constructed(0), der::sequence({authority_key_id(key_->public_key_info()), number})));
  return signed_by(*key_, der::sequence_of(parts));
}

}  // namespace antin
