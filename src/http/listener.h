#pragma once
#include "http/server.h"

#include <sys/types.h>

namespace http {

/// A listening socket: TCP, or UNIX with its file. Closed, and the file removed, at the end.
class Listener {
 public:
  /// Throws std::runtime_error naming address and port, or the path.
  explicit Listener(const ServerOptions& options);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int family() const noexcept { return family_; }
  std::uint16_t port() const noexcept { return port_; }
  /// The descriptor, which now belongs to the caller. The file stays ours.
  int release() noexcept;
  void remove_file() noexcept;  ///< unless another process has put its own there

 private:
  void listen_tcp(const std::string& address, std::uint16_t port);
  void listen_unix(const std::string& path, std::optional<unsigned> mode);

  int fd_ = -1;
  int family_ = 0;
  std::uint16_t port_ = 0;
  std::string path_;  ///< set once the file is ours
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// The other end of a TCP connection as text (an IPv4 address as such also when it came in by
/// IPv6); empty for a UNIX socket.
std::string peer_address(int fd);

}  // namespace http
