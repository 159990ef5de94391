// Botan 2.19 (Debian 12) and 3 (Debian 13): the only file that includes it.
#include <botan/data_src.h>
#include <botan/der_enc.h>
#include <botan/pkix_types.h>
#include <botan/pubkey.h>
#include <botan/version.h>
#include <botan/x509_crl.h>
#include <botan/x509_key.h>
#include <botan/x509cert.h>

#include <mutex>

#include "ca/x509/opinion.h"

namespace antin::x509 {
namespace {

#if BOTAN_VERSION_MAJOR >= 3
constexpr auto der_signature = Botan::Signature_Format::DerSequence;
constexpr auto plain_signature = Botan::Signature_Format::Standard;
#else
constexpr auto der_signature = Botan::DER_SEQUENCE;
constexpr auto plain_signature = Botan::IEEE_1363;
#endif

template <class F>
auto guarded(const char* what, F&& function) -> decltype(function()) {
  try {
    return function();
  } catch (const std::exception& error) {
    return fail(ErrorCode::invalid_argument, std::string(what) + ": Botan: " + error.what());
  }
}

Time time_of(const Botan::X509_Time& time) {
  const auto point = time.to_std_timepoint();
  return std::chrono::floor<seconds>(std::chrono::time_point_cast<seconds>(point));
}

template <class T>
Bytes encoded(const T& object) {
  Bytes out;
  Botan::DER_Encoder encoder(out);
  object.encode_into(encoder);
  return out;
}

Bytes unsigned_octets(const Bytes& octets) {
  std::size_t zeros = 0;
  while (zeros < octets.size() && octets[zeros] == 0) ++zeros;
  return {octets.begin() + static_cast<std::ptrdiff_t>(zeros), octets.end()};
}

std::string padding_of(hsm::SignatureScheme scheme) {
  using enum hsm::SignatureScheme;
  switch (scheme) {
    case rsa_pkcs1_sha256:
      return "EMSA3(SHA-256)";
    case rsa_pkcs1_sha384:
      return "EMSA3(SHA-384)";
    case rsa_pkcs1_sha512:
      return "EMSA3(SHA-512)";
    case rsa_pss_sha256:
      return "EMSA4(SHA-256,MGF1,32)";
    case rsa_pss_sha384:
      return "EMSA4(SHA-384,MGF1,48)";
    case rsa_pss_sha512:
      return "EMSA4(SHA-512,MGF1,64)";
    case ecdsa_sha256:
      return "EMSA1(SHA-256)";
    case ecdsa_sha384:
      return "EMSA1(SHA-384)";
    case ecdsa_sha512:
      return "EMSA1(SHA-512)";
    case ed25519:
      return "Pure";
    case ml_dsa_44:
    case ml_dsa_65:
    case ml_dsa_87:
      return "";
  }
  return {};
}

class PooledKey final : public BotanKey {
 public:
  explicit PooledKey(std::unique_ptr<Botan::Public_Key> key) : key_(std::move(key)) {}

  Result<bool> check(hsm::SignatureScheme scheme, ByteView message, ByteView signature) const override {
    return guarded("signature", [&]() -> Result<bool> {
      Lent lent = lend(scheme);
      lent.verifier->update(message.data(), message.size());
      const bool good = lent.verifier->check_signature(signature.data(), signature.size());
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(lent));
      return good;
    });
  }

 private:
  struct Lent {
    hsm::SignatureScheme scheme;
    std::unique_ptr<Botan::PK_Verifier> verifier;
  };

  // An idle verifier of this scheme, or a new one: making one computes tables of the key.
  Lent lend(hsm::SignatureScheme scheme) const {
    {
      const std::lock_guard lock(mutex_);
      for (auto& idle : idle_) {
        if (idle.scheme != scheme) continue;
        Lent found = std::move(idle);
        idle = std::move(idle_.back());
        idle_.pop_back();
        return found;
      }
    }
    const bool ecdsa = key_->algo_name() == "ECDSA";
    return {scheme,
            std::make_unique<Botan::PK_Verifier>(*key_, padding_of(scheme), ecdsa ? der_signature : plain_signature)};
  }

  std::unique_ptr<Botan::Public_Key> key_;
  mutable std::mutex mutex_;
  mutable std::vector<Lent> idle_;
};

}  // namespace

Result<CertificateOpinion> botan_opinion(ByteView der) {
  return guarded("certificate", [&]() -> Result<CertificateOpinion> {
    const Botan::X509_Certificate certificate(der.data(), der.size());
    CertificateOpinion out;
    out.serial = unsigned_octets(certificate.serial_number());
    out.issuer = certificate.raw_issuer_dn();
    out.subject = certificate.raw_subject_dn();
    out.not_before = time_of(certificate.not_before());
    out.not_after = time_of(certificate.not_after());
    out.public_key_info = certificate.subject_public_key_info();
    out.signature_algorithm = encoded(certificate.signature_algorithm());
    out.signature = certificate.signature();
    for (const auto& [oid, value] : certificate.v3_extensions().extensions_raw())
      out.extensions[encoded(oid)] = {value.second, value.first};
    return out;
  });
}

Result<CrlOpinion> botan_crl_opinion(ByteView der) {
  return guarded("crl", [&]() -> Result<CrlOpinion> {
    const Botan::X509_CRL crl(to_bytes(der));
    CrlOpinion out;
    out.issuer_text = encoded(crl.issuer_dn());
    out.this_update = time_of(crl.this_update());
    out.next_update = time_of(crl.next_update());
    for (const Botan::CRL_Entry& entry : crl.get_revoked())
      out.entries.push_back({unsigned_octets(entry.serial_number()), time_of(entry.expire_time()),
                             static_cast<int>(entry.reason_code())});
    return out;
  });
}

Result<std::unique_ptr<BotanKey>> BotanKey::read(ByteView public_key_info) {
  return guarded("public key", [&]() -> Result<std::unique_ptr<BotanKey>> {
    Botan::DataSource_Memory source(public_key_info.data(), public_key_info.size());
    std::unique_ptr<Botan::Public_Key> key(Botan::X509::load_key(source));
    return std::unique_ptr<BotanKey>(std::make_unique<PooledKey>(std::move(key)));
  });
}

}  // namespace antin::x509
