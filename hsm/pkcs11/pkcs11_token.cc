#include "hsm/pkcs11/pkcs11_token.h"

#include "base/encoding.h"
#include "hsm/pkcs11/certificate_object.h"

namespace antin::hsm::pkcs11 {
namespace {

std::string name_of(const KeyRef& ref) { return ref.label.empty() ? "id " + to_hex(ref.id) : "\"" + ref.label + "\""; }

CK_MECHANISM_TYPE generation_of(KeyAlgorithm algorithm) {
  if (algorithm == KeyAlgorithm::rsa) return CKM_RSA_PKCS_KEY_PAIR_GEN;
  return algorithm == KeyAlgorithm::ed25519 ? CKM_EC_EDWARDS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN;
}

CK_RV generate_in(const Library& library, CK_SESSION_HANDLE session, const KeyRef& ref, const KeySpec& spec,
                  Purpose purpose, KeyObjects& made) {
  CK_ULONG bits = spec.rsa_bits;
  CK_BYTE exponent[] = {1, 0, 1};
  const Bytes curve = curve_parameters(spec.algorithm);
  CK_MECHANISM mechanism{generation_of(spec.algorithm), nullptr, 0};
  std::vector<CK_ATTRIBUTE> public_key = public_template(ref, purpose), private_key = private_template(ref, purpose);
  if (library.tpm2)
    std::erase_if(public_key,
                  [](const CK_ATTRIBUTE& each) { return each.type == CKA_VERIFY || each.type == CKA_ENCRYPT; });
  if (spec.algorithm == KeyAlgorithm::rsa) {
    public_key.push_back({CKA_MODULUS_BITS, &bits, sizeof bits});
    public_key.push_back({CKA_PUBLIC_EXPONENT, exponent, sizeof exponent});
  } else {
    public_key.push_back(octets(CKA_EC_PARAMS, curve));
  }
  return library.call->C_GenerateKeyPair(session, &mechanism, public_key.data(), public_key.size(), private_key.data(),
                                         private_key.size(), &made.public_key, &made.private_key);
}

// How with_session is told of an error that is no CK_RV: what it was is kept beside.
CK_RV as_value(const Error& error) {
  return error.code == ErrorCode::unavailable ? CKR_SESSION_HANDLE_INVALID : CKR_FUNCTION_FAILED;
}

}  // namespace

Bytes curve_parameters(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::ec_p256:
      return from_hex("06082a8648ce3d030107").value();
    case KeyAlgorithm::ec_p384:
      return from_hex("06052b81040022").value();
    case KeyAlgorithm::ed25519:
      return from_hex("06032b6570").value();
    case KeyAlgorithm::rsa:
    case KeyAlgorithm::ml_dsa_44:
    case KeyAlgorithm::ml_dsa_65:
    case KeyAlgorithm::ml_dsa_87:
      break;
  }
  return {};
}

std::unexpected<Error> no_ml_dsa(const std::string& module) {
  return fail(ErrorCode::unimplemented,
              module + ": ML-DSA in tokens wants PKCS#11 3.2, which this module does not have");
}

std::vector<CK_ATTRIBUTE> private_template(const KeyRef& ref, Purpose purpose) {
  static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_BBOOL* signs = purpose == Purpose::sign ? &yes : &no;
  CK_BBOOL* agrees = purpose == Purpose::agree ? &yes : &no;
  return {{CKA_TOKEN, &yes, 1},    {CKA_PRIVATE, &yes, 1},     {CKA_SENSITIVE, &yes, 1},    {CKA_EXTRACTABLE, &no, 1},
          {CKA_SIGN, signs, 1},    {CKA_SIGN_RECOVER, &no, 1}, {CKA_DECRYPT, &no, 1},       {CKA_UNWRAP, &no, 1},
          {CKA_DERIVE, agrees, 1}, octets(CKA_ID, ref.id),     octets(CKA_LABEL, ref.label)};
}

std::vector<CK_ATTRIBUTE> public_template(const KeyRef& ref, Purpose purpose) {
  static CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
  CK_BBOOL* verifies = purpose == Purpose::sign ? &yes : &no;
  return {{CKA_TOKEN, &yes, 1},         {CKA_PRIVATE, &no, 1},  {CKA_VERIFY, verifies, 1},
          {CKA_VERIFY_RECOVER, &no, 1}, {CKA_ENCRYPT, &no, 1},  {CKA_WRAP, &no, 1},
          {CKA_DERIVE, &no, 1},         octets(CKA_ID, ref.id), octets(CKA_LABEL, ref.label)};
}

Result<const std::map<Bytes, KeyObjects>*> TokenState::keys_of(const SessionPool::Lease& lease) {
  return in(pool->name(), index.at(pool->call(), lease));
}

Result<PrivateKey> TokenState::private_key(const SessionPool::Lease& lease, const Bytes& id) {
  const std::lock_guard lock(mutex);
  ANTIN_TRY(const auto* keys, keys_of(lease));
  const auto found = keys->find(id);
  if (found == keys->end() || !found->second.info.has_private)
    return fail(ErrorCode::not_found, info.label + ": no private key with id " + to_hex(id));
  return PrivateKey{found->second.private_key, found->second.info.asks_each_time};
}

Result<std::vector<KeyInfo>> Pkcs11Token::keys() const {
  std::vector<KeyInfo> list;
  std::optional<Error> lost;
  const Status done = state_->pool->with_session("list keys", [&](const SessionPool::Lease& lease) -> CK_RV {
    const std::lock_guard lock(state_->mutex);
    lost.reset();
    const auto keys = state_->keys_of(lease);
    if (!keys) return as_value(*(lost = keys.error()));
    for (const auto& [id, objects] : **keys) list.push_back(objects.info);
    return CKR_OK;
  });
  if (!done) return fail(lost ? *std::move(lost) : done.error());
  return list;
}

Result<std::vector<StoredCertificate>> Pkcs11Token::certificates() const {
  std::vector<StoredCertificate> list;
  std::optional<Error> lost;
  const Status done = state_->pool->with_session("list certificates", [&](const SessionPool::Lease& lease) -> CK_RV {
    list.clear();
    lost.reset();
    Reader reader(state_->pool->call(), lease.session());
    CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
    const auto found = reader.find({{CKA_CLASS, &object_class, sizeof object_class}});
    if (!found) return as_value(*(lost = found.error()));
    for (const CK_OBJECT_HANDLE object : *found)
      list.push_back(
          {{reader.octets(object, CKA_ID), reader.text(object, CKA_LABEL)}, reader.octets(object, CKA_VALUE)});
    if (const Status read = reader.status(); !read) return as_value(*(lost = read.error()));
    return CKR_OK;
  });
  if (!done) return fail(lost ? *std::move(lost) : done.error());
  return list;
}

template <class Act>
Status Pkcs11Token::with_key(std::string_view where, const KeyRef& ref, Act act) const {
  std::optional<Error> lost;
  const Status done = state_->pool->with_session(where, [&](const SessionPool::Lease& lease) -> CK_RV {
    lost.reset();
    const Result<KeyObjects> objects = find(lease, ref);
    if (!objects) return as_value(*(lost = objects.error()));
    return act(lease, *objects);
  });
  return done || !lost ? done : Status(fail(std::move(*lost)));
}

Result<KeyObjects> Pkcs11Token::find(const SessionPool::Lease& lease, const KeyRef& ref) const {
  const std::lock_guard lock(state_->mutex);
  ANTIN_TRY(const auto* keys, state_->keys_of(lease));
  const KeyObjects* match = nullptr;
  for (const auto& [id, objects] : *keys) {
    if (!objects.info.has_private || (!ref.id.empty() && id != ref.id) ||
        (!ref.label.empty() && objects.info.ref.label != ref.label))
      continue;
    if (match != nullptr)
      return fail(ErrorCode::failed_precondition,
                  state_->info.label + ": several keys are " + name_of(ref) + "; name one by its id");
    match = &objects;
  }
  if (match == nullptr) return fail(ErrorCode::not_found, state_->info.label + ": no private key " + name_of(ref));
  return *match;
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::make_key(const SessionPool::Lease& lease,
                                                                const KeyObjects& objects) const {
  if (!objects.info.has_public)
    return fail(ErrorCode::failed_precondition, state_->info.label + ": key " + name_of(objects.info.ref) +
                                                    " has no public key object; `antin token doctor` shows it");
  Reader reader(state_->pool->call(), lease.session());
  ANTIN_TRY(Bytes spki, in(state_->info.label, public_key_info(reader, objects.public_key)));
  ANTIN_TRY(const KeyAlgorithm algorithm, key_algorithm_of(spki));
  return make_pkcs11_key(state_, objects.info.ref, algorithm, std::move(spki));
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::find_key(const KeyRef& ref) const {
  for (bool reread = false, renewed = false;;) {
    ANTIN_TRY(const SessionPool::Lease lease, state_->pool->lease());
    const Result<KeyObjects> objects = find(lease, ref);
    auto key = objects ? make_key(lease, *objects) : fail(objects.error());
    const ErrorCode code = key ? ErrorCode::internal : key.error().code;
    if (code == ErrorCode::unavailable && !renewed) {
      renewed = true;
      state_->pool->renew(lease.generation());
    } else if (code == ErrorCode::not_found && !reread) {  // another process may have made it since
      reread = true;
      const std::lock_guard lock(state_->mutex);
      state_->index.reread();
    } else {
      return key;
    }
  }
}

// True when a whole pair is there. Removes halves and nameless objects, as a process leaves them that was killed while
// it made them: nobody has used them.
Result<bool> Pkcs11Token::pair_is_there(const SessionPool::Lease& lease, const Bytes& id) {
  CK_FUNCTION_LIST* call = state_->pool->call();
  const std::lock_guard lock(state_->mutex);
  ANTIN_TRY(const auto* keys, state_->keys_of(lease));
  for (const CK_OBJECT_HANDLE left : state_->index.take_nameless()) call->C_DestroyObject(lease.session(), left);
  const auto found = keys->find(id);
  if (found == keys->end()) return false;
  if (found->second.info.has_private && found->second.info.has_public) return true;
  for (const CK_OBJECT_HANDLE half : {found->second.public_key, found->second.private_key})
    if (half != 0) call->C_DestroyObject(lease.session(), half);
  state_->index.forget(Bytes(id));
  return false;
}

CK_RV Pkcs11Token::make_pair(const SessionPool::Lease& lease, const KeyRef& ref, const KeySpec& spec, Purpose purpose) {
  KeyObjects made;
  if (const CK_RV value = generate_in(state_->pool->library(), lease.session(), ref, spec, purpose, made);
      value != CKR_OK)
    return value;
  made.info = {.ref = ref,
               .algorithm = spec.algorithm,
               .has_private = true,
               .has_public = true,
               .has_certificate = false,
               .sensitive = true,
               .extractable = false,
               .signs = purpose == Purpose::sign,
               .asks_each_time = false};
  // The token may have added this.
  Reader reader(state_->pool->call(), lease.session());
  made.info.asks_each_time = reader.flag(made.private_key, CKA_ALWAYS_AUTHENTICATE, false);
  if (const Status read = reader.status(); !read) return as_value(read.error());
  const std::lock_guard lock(state_->mutex);
  state_->index.put(ref.id, made);
  return CKR_OK;
}

Status Pkcs11Token::generate(const KeyRef& ref, const KeySpec& spec, Purpose purpose) {
  if (ref.id.empty()) return fail(ErrorCode::invalid_argument, "generate key: a CKA_ID is needed");
  if (is_ml_dsa(spec.algorithm)) return no_ml_dsa(state_->pool->name());
  if (spec.algorithm == KeyAlgorithm::rsa && state_->pool->library().tpm2)
    return fail(ErrorCode::unimplemented, state_->pool->name() +
                                              ": generate key: tpm2-pkcs11 signs with RSA by decrypting, and a key of "
                                              "ours must not decrypt: take an EC key");
  bool taken = false, again = false;
  ANTIN_CHECK(state_->pool->with_session("generate key", [&](const SessionPool::Lease& lease) -> CK_RV {
    const Result<bool> there = pair_is_there(lease, ref.id);
    if (!there) return as_value(there.error());
    // What the attempt before this one made, though it was answered with an error, is the pair that is wanted.
    taken = *there && !again;
    again = true;
    return *there ? CKR_OK : make_pair(lease, ref, spec, purpose);
  }));
  if (taken)
    return fail(ErrorCode::already_exists,
                state_->info.label + ": a key with id " + to_hex(ref.id) + " is there already");
  return {};
}

Result<std::shared_ptr<const SigningKey>> Pkcs11Token::generate_key(const KeyRef& ref, const KeySpec& spec) {
  ANTIN_CHECK(generate(ref, spec, Purpose::sign));
  return find_key({ref.id, {}});
}

Status Pkcs11Token::write_certificate(const KeyRef& ref, ByteView certificate_der) {
  ANTIN_TRY(const CertificateNames names, names_of(certificate_der));
  return with_key("write certificate", ref, [&](const SessionPool::Lease& lease, KeyObjects objects) -> CK_RV {
    CK_FUNCTION_LIST* call = state_->pool->call();
    Reader reader(call, lease.session());
    CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
    // All that are there, also one that an attempt before this one wrote.
    const auto before =
        reader.find({{CKA_CLASS, &object_class, sizeof object_class}, octets(CKA_ID, objects.info.ref.id)});
    if (!before) return as_value(before.error());
    std::vector<CK_ATTRIBUTE> content = certificate_template(objects.info.ref, names, certificate_der);
    const auto create = [&] {
      return call->C_CreateObject(lease.session(), content.data(), content.size(), &objects.certificate);
    };
    const auto destroy = [&] {
      for (const CK_OBJECT_HANDLE old : *before) call->C_DestroyObject(lease.session(), old);
    };
    CK_RV value = create();
    if (value == CKR_ATTRIBUTE_VALUE_INVALID && !before->empty()) {
      destroy();  // NSS softokn wants one subject a label: the old one goes first
      value = create();
    } else if (value == CKR_OK) {
      destroy();
    }
    if (value != CKR_OK) return value;
    objects.info.has_certificate = true;
    const std::lock_guard lock(state_->mutex);
    state_->index.put(objects.info.ref.id, objects);
    return CKR_OK;
  });
}

Status Pkcs11Token::destroy_key(const KeyRef& ref) {
  bool began = false;
  const Status done = with_key("destroy key", ref, [&](const SessionPool::Lease& lease, const KeyObjects& objects) {
    began = true;
    // The private key last: as long as it is there, the key is found and its destruction can be finished.
    for (const CK_OBJECT_HANDLE object : {objects.certificate, objects.public_key, objects.private_key}) {
      if (object == 0) continue;
      const CK_RV value = state_->pool->call()->C_DestroyObject(lease.session(), object);
      if (value != CKR_OK && value != CKR_OBJECT_HANDLE_INVALID) return value;
    }
    const std::lock_guard lock(state_->mutex);
    state_->index.forget(objects.info.ref.id);
    return CK_RV{CKR_OK};
  });
  // Gone, though the attempt that destroyed it was answered with an error.
  return began && !done && done.error().code == ErrorCode::not_found ? Status() : done;
}

}  // namespace antin::hsm::pkcs11
