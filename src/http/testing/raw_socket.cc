#include "http/testing/raw_socket.h"

#include "http/message.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace http::testing {
namespace {

void check(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

int limited(int fd) {
  const timeval limit{10, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  return fd;
}

int connect_tcp(std::uint16_t port, const std::string& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    throw std::runtime_error("address " + address);
  const int fd = limited(socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int result = connect(fd, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  check(result == 0, "connect");
  return fd;
}

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

}  // namespace

void leave_unix_socket(const std::string& path) {
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_un at = unix_address(path);
  const int result = bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at);
  ::close(fd);
  check(result == 0, "bind");
}

RawSocket::RawSocket(std::uint16_t port, const std::string& address)
    : fd_(connect_tcp(port, address)) {}

RawSocket::RawSocket(const std::string& unix_path)
    : fd_(limited(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))) {
  const sockaddr_un to = unix_address(unix_path);
  check(connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0, "connect");
}

RawSocket::RawSocket(int fd, std::nullptr_t) : fd_(limited(fd)) {}
RawSocket::RawSocket(RawSocket&& from) noexcept
    : fd_(std::exchange(from.fd_, -1)), received_(std::move(from.received_)) {}
RawSocket::~RawSocket() { close(); }

void RawSocket::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void RawSocket::finish_sending() { shutdown(fd_, SHUT_WR); }

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool RawSocket::receive() {
  std::array<char, 65536> chunk;
  const ssize_t n = recv(fd_, chunk.data(), chunk.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) received_ += "(timeout)";
  reset_ = n < 0 && errno == ECONNRESET;
  if (n <= 0) return false;
  received_.append(chunk.data(), static_cast<std::size_t>(n));
  return true;
}

std::string RawSocket::read_all() {
  while (receive()) {
  }
  return std::exchange(received_, {});
}

std::string RawSocket::read_until(std::string_view text) {
  for (;;) {
    if (const auto at = received_.find(text); at != std::string::npos) {
      std::string got = received_.substr(0, at + text.size());
      received_.erase(0, got.size());
      return got;
    }
    if (!receive()) return std::exchange(received_, {});
  }
}

std::string RawSocket::read_answer() {
  std::string answer = read_until("\r\n\r\n");
  static constexpr std::string_view kLength = "Content-Length: ";
  const auto at = answer.find(kLength);
  if (at == std::string::npos) return answer;
  const std::size_t length = std::stoul(answer.substr(at + kLength.size()));
  while (received_.size() < length)
    if (!receive()) break;
  answer += received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

RawListener::RawListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), port_(0) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  check(bind(fd_, reinterpret_cast<sockaddr*>(&at), size) == 0, "bind");
  check(listen(fd_, 16) == 0, "listen");
  check(getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size) == 0, "getsockname");
  port_ = ntohs(at.sin_port);
  limited(fd_);
}

RawListener::~RawListener() { close(); }

void RawListener::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

RawSocket RawListener::accept() {
  const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
  check(fd >= 0, "accept");
  return RawSocket(fd, nullptr);
}

}  // namespace http::testing
