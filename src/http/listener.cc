#include "http/listener.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace http {
namespace {

[[noreturn]] void fail(const std::string& what, int error) {
  throw std::runtime_error(what + ": " + std::generic_category().message(error));
}

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const std::string& address, std::uint16_t port, const std::string& context) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(address.empty() ? nullptr : address.c_str(),
                                std::to_string(port).c_str(), &hints, &found);
  if (error) throw std::runtime_error(context + ": " + gai_strerror(error));
  return Addresses(found);
}

/// A listening descriptor, or -1 with errno set.
int open_tcp(const addrinfo& address) {
  const int fd = socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  const int off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.ai_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(fd, address.ai_addr, address.ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0) return fd;
  const int error = errno;
  close(fd);
  errno = error;
  return -1;
}

std::uint16_t local_port(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    throw std::runtime_error("UNIX socket " + path + ": the path is longer than " +
                             std::to_string(sizeof address.sun_path - 1) + " bytes");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Removes the socket of a server that is gone; what anybody still listens on stays.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return;
  if (!S_ISSOCK(status.st_mode))
    throw std::runtime_error("UNIX socket " + path + ": there is a file that is not a socket");
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) fail("UNIX socket " + path, errno);
  const int result = connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const bool in_use = result == 0 || errno == EAGAIN;
  close(probe);
  if (in_use) throw std::runtime_error("UNIX socket " + path + ": another process listens on it");
  unlink(path.c_str());
}

}  // namespace

Listener::Listener(const ServerOptions& options) {
  if (options.unix_socket.empty())
    listen_tcp(options.address, options.port);
  else
    listen_unix(options.unix_socket, options.unix_socket_mode);
}

Listener::~Listener() {
  if (fd_ >= 0) close(fd_);
  remove_file();
}

int Listener::release() noexcept { return std::exchange(fd_, -1); }

void Listener::listen_tcp(const std::string& address, std::uint16_t port) {
  const std::string context =
      "cannot listen on address '" + address + "' port " + std::to_string(port);
  const Addresses addresses = resolve(address, port, context);
  fd_ = open_tcp(*addresses);
  family_ = addresses->ai_family;
  if (fd_ < 0 && errno == EAFNOSUPPORT && address == "::") {  // a machine without IPv6
    const Addresses any = resolve("0.0.0.0", port, context);
    fd_ = open_tcp(*any);
    family_ = AF_INET;
  }
  if (fd_ < 0) fail(context, errno);
  port_ = local_port(fd_);
}

void Listener::listen_unix(const std::string& path, std::optional<unsigned> mode) {
  const sockaddr_un address = unix_address(path);
  remove_stale(path, address);
  family_ = AF_UNIX;
  fd_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd_ < 0) fail("UNIX socket " + path, errno);
  const auto refuse = [&](int error) {
    close(std::exchange(fd_, -1));
    remove_file();
    fail("UNIX socket " + path, error);
  };
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) refuse(errno);
  path_ = path;
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) refuse(errno);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  if (mode && chmod(path.c_str(), *mode) != 0) refuse(errno);
  if (listen(fd_, SOMAXCONN) != 0) refuse(errno);
}

void Listener::remove_file() noexcept {
  if (path_.empty()) return;
  struct stat status {};
  if (lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_)
    unlink(path_.c_str());
  path_.clear();
}

std::string peer_address(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (peer.ss_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in&>(peer).sin_addr, text.data(), text.size());
  } else if (peer.ss_family == AF_INET6) {
    const in6_addr& address = reinterpret_cast<sockaddr_in6&>(peer).sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(&address))
      inet_ntop(AF_INET, &address.s6_addr[12], text.data(), text.size());
    else
      inet_ntop(AF_INET6, &address, text.data(), text.size());
  }
  return text.data();
}

}  // namespace http
