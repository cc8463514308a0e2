#pragma once
#include "base/env.h"
#include "base/pool.h"
#include "http/message.h"

#include <cstdint>

namespace http {

struct ServerOptions {
  std::string address = "::";  ///< `::` also takes IPv4
  std::uint16_t port = 0;      ///< 0: any free one, see Server::port()
  std::string unix_socket;     ///< when set, address and port are not used; an old file is replaced
  std::optional<unsigned> unix_socket_mode;

  bool tls = false;
  std::string cert_file, key_file;
  std::string ca_file;  ///< when set, clients must show a certificate it signed
  std::string ciphers;  ///< OpenSSL's list for TLS 1.2; empty: its default
  enum class TlsVersion : std::uint8_t { kAny, k12, k13 };
  TlsVersion tls_version = TlsVersion::kAny;  ///< 1.2 or later, or that one only

  bool keep_alive = true;                ///< false: a connection ends with its first answer
  std::chrono::seconds tcp_keepidle{0};  ///< silence before TCP asks for a sign of life; 0: never

  std::size_t max_header = 16 * 1024;            ///< bytes; more is 431
  std::size_t max_body = 64 * 1024 * 1024;       ///< bytes of one body; more is 413
  std::size_t max_bodies = 512UL * 1024 * 1024;  ///< bytes of all bodies in flight; more is 503
  std::size_t max_connections = 10000;           ///< more are closed at once; the files that
                                        ///< the process may open are for its caller to raise
  base::Env::Duration header_time =
      std::chrono::seconds(30);  ///< from first byte (or accept) to the end of the header
  base::Env::Duration body_time = std::chrono::seconds(120);  ///< to the end of the body
  base::Env::Duration idle_time = std::chrono::seconds(900);  ///< between requests
  base::Env::Duration write_time = std::chrono::seconds(60);  ///< to send an answer
  int io_threads = 1;

  /// A request whose client has closed the connection before it is begun is not begun: its client
  /// has given it up. Not for clients that say so when they have sent all.
  bool skip_abandoned = false;

  Headers extra_headers;                ///< on every answer that the server itself makes
  std::chrono::seconds retry_after{5};  ///< what its 503s say
};

/// What answers a request. Runs on a thread of the pool, may block; `stop` is requested when the
/// server gives up waiting in stop(). Must not throw; what it throws all the same becomes a bare
/// 500.
using Handler = std::function<Response(const Request& request, std::stop_token stop)>;

/// Chooses the pool for a request whose header has arrived (its body has not), so that one kind of
/// work cannot starve another. nullptr: answered 503 with Retry-After. Called on an I/O thread:
/// must not block.
using Router = std::function<base::Pool*(const Request& head)>;

/// An HTTP/1.1 server: keep-alive, pipelining (answers in order), Expect: 100-continue, chunked
/// request bodies, TLS. Connections cost no thread: I/O is asynchronous, only complete requests
/// reach a pool. A full pool is answered 503 with Retry-After.
///
/// What it refuses itself it answers with `{"error":{"message":"…"}}`: 400 malformed, 408 too slow,
/// 413, 417, 431, 500 (the handler threw), 501 (a transfer coding other than chunked), 503; after
/// any but the last two the connection ends. Headers that come after a chunked body are dropped.
/// A target in absolute form is handed on without scheme and host.
class Server {
 public:
  /// Binds and listens; throws std::runtime_error naming the address, file or certificate. May
  /// block for the resolver when `address` is a name. Serves from start() on. The pools that
  /// `router` names outlive the server; `handler` may run until they are drained.
  Server(ServerOptions options, Handler handler, Router router);
  ~Server();  ///< stop(now)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void start();                         ///< once
  std::uint16_t port() const noexcept;  ///< that it listens on; 0 for a UNIX socket

  /// Stops listening, lets requests in flight finish, closes idle connections. False: `deadline`
  /// passed and the rest was cut off: their connections are closed, the handlers' stop tokens are
  /// requested, and what still runs in a pool is not waited for. Removes the UNIX socket's file.
  /// Once, by one thread; a second call returns true.
  bool stop(base::Env::TimePoint deadline);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace http
