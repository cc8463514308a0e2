#pragma once
#include "tooz/drivers/net/tls.h"

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace tooz::net {

struct Address {
  sockaddr_storage data{};
  socklen_t size = 0;
};

/// The addresses of a host, in the resolver's order. Blocks as long as the system's resolver does
/// (not at all for a numeric address). Throws TransportError.
std::vector<Address> resolve(const std::string& host, std::uint16_t port);
/// Of a socket in the file system. Throws TransportError when the path is too long.
Address unix_address(const std::string& path);

class TransportError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A connection (TCP or a local socket) that never blocks, with TLS inside if a context is given.
/// For one thread. All throw TransportError or TlsError; the connection is then of no more use.
class Transport {
 public:
  /// Begins to connect. `host` is whom the certificate must name.
  Transport(const Address& address, const TlsContext* tls, const std::string& host);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  int fd() const noexcept { return fd_; }
  bool connected() const noexcept { return connected_; }  ///< TLS may still shake hands
  short interest() const noexcept;                        ///< for poll()

  /// Reads what has come, at most 16 KiB of it; call after poll() reported readiness.
  std::string read();
  /// Queues bytes and sends what the socket takes.
  void write(std::string_view bytes);
  void flush();
  std::size_t queued() const noexcept { return out_.size(); }

 private:
  bool ready();
  std::size_t sent(std::string_view bytes);  ///< how many the socket took

  int fd_ = -1;
  bool connected_ = false;
  std::optional<TlsSession> tls_;
  std::string out_;
};

}  // namespace tooz::net
