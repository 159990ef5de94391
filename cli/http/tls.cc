#include "cli/http/tls.h"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <cstring>

#include "base/openssl_ptr.h"

namespace antin::http {
namespace {

// A key that others can read is nobody's alone.
Status check_key_file(const Path& file) {
  struct stat facts{};
  if (::stat(file.c_str(), &facts) != 0)
    return fail(ErrorCode::not_found, "tls: " + file.string() + ": " + std::strerror(errno));
  if ((facts.st_mode & 0077) != 0)
    return fail(ErrorCode::permission_denied, "tls: " + file.string() + " can be read by others: chmod 600");
  return {};
}

std::unexpected<Error> refuse(const Path& file, const std::string& what) {
  return fail(ErrorCode::invalid_argument, "tls: " + file.string() + ": " + what + ": " + openssl_error());
}

Status read_files(SSL_CTX* context, const TlsFiles& files) {
  ANTIN_CHECK(check_key_file(files.key));
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1)
    return refuse(files.certificate, "no PEM certificate can be read");
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return refuse(files.key, "no PEM private key can be read that belongs to the certificate");
  if (SSL_CTX_check_private_key(context) != 1) return refuse(files.key, "is not the key of the certificate");
  if (files.client_ca.empty()) return {};
  if (SSL_CTX_load_verify_locations(context, files.client_ca.c_str(), nullptr) != 1)
    return refuse(files.client_ca, "no PEM certificates can be read");
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(files.client_ca.c_str()));
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);  // an issuing CA is enough
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

}  // namespace

Status set_up_tls(ssl_ctx_st* context, const TlsFiles& files) {
  const bool set = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                   SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1;
  if (!set) return fail(ErrorCode::internal, "tls: " + openssl_error());
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  static constexpr unsigned char name[] = "antind";  // sessions of mTLS are bound to it
  SSL_CTX_set_session_id_context(context, name, sizeof name - 1);
  return read_files(context, files);
}

}  // namespace antin::http
