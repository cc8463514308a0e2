#include "tooz/drivers/net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

namespace tooz::net {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* p) const noexcept { SSL_CTX_free(p); }
};
struct FreeSession {
  void operator()(SSL* p) const noexcept { SSL_free(p); }
};

std::string reason() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  const char* text = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return text != nullptr ? text : "unknown TLS error";
}

void check(bool good, const std::string& what) {
  if (!good) throw TlsError(what + ": " + reason());
}

void load_files(SSL_CTX* context, const TlsFiles& files) {
  if (files.ca.empty())
    check(SSL_CTX_set_default_verify_paths(context) == 1, "the system's certificate authorities");
  else
    check(SSL_CTX_load_verify_file(context, files.ca.c_str()) == 1, "authorities " + files.ca);
  if (files.certificate.empty()) return;
  check(SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) == 1,
        "certificate " + files.certificate);
  check(SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) == 1,
        "key " + files.key);
}

}  // namespace

struct TlsContext::Impl {
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::string protocol;
};

TlsContext::TlsContext(const TlsFiles& files, std::string protocol)
    : impl_(std::make_unique<Impl>()) {
  ERR_clear_error();
  impl_->context.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = impl_->context.get();
  check(context != nullptr, "TLS");
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  if (!protocol.empty()) {
    const std::string offer = static_cast<char>(protocol.size()) + protocol;
    SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(offer.data()),
                            static_cast<unsigned>(offer.size()));
  }
  impl_->protocol = std::move(protocol);
  load_files(context, files);
}
TlsContext::~TlsContext() = default;

struct TlsSession::Impl {
  std::unique_ptr<SSL, FreeSession> ssl;
  std::string protocol;
  BIO* in = nullptr;   // owned by ssl
  BIO* out = nullptr;  // owned by ssl
  bool established = false;
  std::string early;

  void shake_hands();
  std::string read();
  void write(std::string_view plain);
};

void TlsSession::Impl::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl.get());
  if (done == 1) {
    const unsigned char* agreed = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl.get(), &agreed, &size);
    if (std::string_view(reinterpret_cast<const char*>(agreed), size) != protocol)
      throw TlsError("the server does not speak " + protocol + " over TLS");
    established = true;
    write(early);
    early.clear();
    return;
  }
  const int error = SSL_get_error(ssl.get(), done);
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return;
  const long verdict = SSL_get_verify_result(ssl.get());
  if (verdict != X509_V_OK)
    throw TlsError(std::string("the server's certificate: ") +
                   X509_verify_cert_error_string(verdict));
  throw TlsError("TLS handshake: " + reason());
}

std::string TlsSession::Impl::read() {
  std::string plain;
  std::array<char, 16384> buffer{};
  for (;;) {
    ERR_clear_error();
    const int count = SSL_read(ssl.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count > 0) {
      plain.append(buffer.data(), static_cast<std::size_t>(count));
      continue;
    }
    const int error = SSL_get_error(ssl.get(), count);
    if (error == SSL_ERROR_WANT_READ) return plain;
    if (error == SSL_ERROR_ZERO_RETURN) throw TlsError("the server closed the connection");
    throw TlsError("TLS: " + reason());
  }
}

void TlsSession::Impl::write(std::string_view plain) {
  if (plain.empty()) return;
  ERR_clear_error();
  // Into memory: takes everything at once.
  const int count = SSL_write(ssl.get(), plain.data(), static_cast<int>(plain.size()));
  check(count == static_cast<int>(plain.size()), "TLS");
}

TlsSession::TlsSession(const TlsContext& context, const std::string& host)
    : impl_(std::make_unique<Impl>()) {
  ERR_clear_error();
  impl_->ssl.reset(SSL_new(context.impl_->context.get()));
  SSL* ssl = impl_->ssl.get();
  check(ssl != nullptr, "TLS");
  impl_->protocol = context.impl_->protocol;
  impl_->in = BIO_new(BIO_s_mem());
  impl_->out = BIO_new(BIO_s_mem());
  check(impl_->in != nullptr && impl_->out != nullptr, "TLS");
  SSL_set_bio(ssl, impl_->in, impl_->out);
  SSL_set_connect_state(ssl);
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1) {
    check(SSL_set1_host(ssl, host.c_str()) == 1, "TLS");
    check(SSL_set_tlsext_host_name(ssl, host.c_str()) == 1, "TLS");
  }
  impl_->shake_hands();
}
TlsSession::~TlsSession() = default;

std::string TlsSession::receive(std::string_view cipher) {
  const int taken = BIO_write(impl_->in, cipher.data(), static_cast<int>(cipher.size()));
  check(taken == static_cast<int>(cipher.size()), "TLS");
  if (!impl_->established) impl_->shake_hands();
  return impl_->established ? impl_->read() : std::string();
}

void TlsSession::send(std::string_view plain) {
  if (impl_->established)
    impl_->write(plain);
  else
    impl_->early += plain;
}

std::string TlsSession::take_output() {
  std::string out(BIO_ctrl_pending(impl_->out), '\0');
  if (!out.empty()) BIO_read(impl_->out, out.data(), static_cast<int>(out.size()));
  return out;
}

bool TlsSession::established() const noexcept { return impl_->established; }

}  // namespace tooz::net
