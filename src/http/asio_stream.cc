#include "http/asio_stream.h"

#include <poll.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

class AsioStream : public Stream {
 public:
  AsioStream(std::shared_ptr<Io> io, const asio::any_io_executor& executor)
      : io_(std::move(io)), timer_(executor) {}

  void set_timer(base::Env::Duration after, std::function<void()> fire) final {
    timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(after));
    timer_.async_wait([fire = std::move(fire)](error_code error) {
      if (!error) fire();
    });
  }

  void post(std::function<void()> task) final {
    const std::lock_guard lock(io_->mutex);
    if (!io_->closed) asio::post(timer_.get_executor(), std::move(task));
  }

 protected:
  template <class AnySocket>
  static bool has_ended(AnySocket& socket) noexcept {
    pollfd asked{socket.native_handle(), POLLRDHUP, 0};
    return poll(&asked, 1, 0) > 0;
  }
  void close_socket(Socket& socket) noexcept {
    error_code ignored;
    socket.close(ignored);
    timer_.cancel(ignored);
  }

 private:
  std::shared_ptr<Io> io_;  // first: outlives everything that is registered with it
  asio::steady_timer timer_;
};

/// A single piece, as most answers are, goes out by a cheaper call than two.
template <class AnyStream>
void write_both(AnyStream& stream, std::string_view first, std::string_view second,
                Stream::Done done) {
  if (second.empty()) return asio::async_write(stream, asio::buffer(first), std::move(done));
  const std::array<asio::const_buffer, 2> both{asio::buffer(first), asio::buffer(second)};
  asio::async_write(stream, both, std::move(done));
}

class PlainStream final : public AsioStream {
 public:
  PlainStream(std::shared_ptr<Io> io, Socket socket)
      : AsioStream(std::move(io), socket.get_executor()), socket_(std::move(socket)) {}

  void handshake(Done done) override { succeed(std::move(done)); }
  void read(char* to, std::size_t most, Done done) override {
    socket_.async_read_some(asio::buffer(to, most), std::move(done));
  }
  void write(std::string_view first, std::string_view second, Done done) override {
    write_both(socket_, first, second, std::move(done));
  }
  void end(Done done) override {
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    succeed(std::move(done));
  }
  void cancel() noexcept override {
    error_code ignored;
    socket_.cancel(ignored);
  }
  void close() noexcept override { close_socket(socket_); }
  bool peer_ended() noexcept override { return has_ended(socket_); }

 private:
  void succeed(Done done) {
    asio::post(socket_.get_executor(), [done = std::move(done)] { done({}, 0); });
  }

  Socket socket_;
};

class TlsStream final : public AsioStream {
 public:
  TlsStream(std::shared_ptr<Io> io, Socket socket, std::shared_ptr<asio::ssl::context> tls)
      : AsioStream(std::move(io), socket.get_executor()),
        tls_(std::move(tls)),
        stream_(std::move(socket), *tls_) {}

  void handshake(Done done) override {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [done = std::move(done)](error_code error) { done(error, 0); });
  }
  void read(char* to, std::size_t most, Done done) override {
    if (ended_)
      stream_.next_layer().async_read_some(asio::buffer(to, most), std::move(done));
    else
      stream_.async_read_some(asio::buffer(to, most), std::move(done));
  }
  void write(std::string_view first, std::string_view second, Done done) override {
    write_both(stream_, first, second, std::move(done));
  }
  /// What the client says to our farewell does not matter, so it is no error if it is none.
  void end(Done done) override {
    ended_ = true;
    stream_.async_shutdown([this, done = std::move(done)](error_code) {
      error_code ignored;
      stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
      done({}, 0);
    });
  }
  void cancel() noexcept override {
    error_code ignored;
    stream_.next_layer().cancel(ignored);
  }
  void close() noexcept override { close_socket(stream_.next_layer()); }
  bool peer_ended() noexcept override { return has_ended(stream_.next_layer()); }

 private:
  std::shared_ptr<asio::ssl::context> tls_;
  asio::ssl::stream<Socket> stream_;
  bool ended_ = false;
};

[[noreturn]] void fail(std::string_view what, const std::string& file, const error_code& error) {
  throw std::runtime_error("TLS: " + std::string(what) + " '" + file + "': " + error.message());
}

}  // namespace

std::unique_ptr<Stream> make_stream(std::shared_ptr<Io> io, Socket socket) {
  return std::make_unique<PlainStream>(std::move(io), std::move(socket));
}

std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<Io> io, Socket socket,
                                        std::shared_ptr<asio::ssl::context> tls) {
  return std::make_unique<TlsStream>(std::move(io), std::move(socket), std::move(tls));
}

std::shared_ptr<asio::ssl::context> make_tls_context(const ServerOptions& options) {
  auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  SSL_CTX* native = tls->native_handle();
  using Version = ServerOptions::TlsVersion;
  SSL_CTX_set_min_proto_version(
      native, options.tls_version == Version::k13 ? TLS1_3_VERSION : TLS1_2_VERSION);
  if (options.tls_version == Version::k12) SSL_CTX_set_max_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  static constexpr unsigned char kSessions[] = "http";
  SSL_CTX_set_session_id_context(native, kSessions, sizeof kSessions - 1);
  // Without this OpenSSL asks for the passphrase of a key on the terminal.
  tls->set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return ""; });

  error_code error;
  if (tls->use_certificate_chain_file(options.cert_file, error))
    fail("cannot use certificate file", options.cert_file, error);
  const std::string& key = options.key_file.empty() ? options.cert_file : options.key_file;
  if (tls->use_private_key_file(key, asio::ssl::context::pem, error))
    fail("cannot use key file", key, error);
  if (!options.ciphers.empty() && SSL_CTX_set_cipher_list(native, options.ciphers.c_str()) != 1)
    throw std::runtime_error("TLS: no cipher in '" + options.ciphers + "' is known");
  if (!options.ca_file.empty()) {
    if (tls->load_verify_file(options.ca_file, error))
      fail("cannot use CA file", options.ca_file, error);
    SSL_CTX_set_client_CA_list(native, SSL_load_client_CA_file(options.ca_file.c_str()));
    tls->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  }
  return tls;
}

}  // namespace http
