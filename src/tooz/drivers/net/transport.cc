#include "tooz/drivers/net/transport.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace tooz::net {
namespace {

std::string text_of(int error) { return std::generic_category().message(error); }

bool later(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

}  // namespace

std::vector<Address> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed != 0) throw TransportError("cannot resolve " + host + ": " + gai_strerror(failed));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, &freeaddrinfo);
  std::vector<Address> addresses;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    Address address;
    std::memcpy(&address.data, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    addresses.push_back(address);
  }
  return addresses;
}

Address unix_address(const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.size() >= sizeof name.sun_path) throw TransportError("too long a path: " + path);
  path.copy(name.sun_path, path.size());
  Address address;
  std::memcpy(&address.data, &name, sizeof name);
  address.size = sizeof name;
  return address;
}

Transport::Transport(const Address& address, const TlsContext* tls, const std::string& host) {
  if (tls != nullptr) tls_.emplace(*tls, host);
  fd_ = socket(address.data.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) throw TransportError("socket: " + text_of(errno));
  const int on = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address.data), address.size) == 0) return;
  const int error = errno;
  if (error == EINPROGRESS) return;
  close(fd_);
  throw TransportError(text_of(error));
}

Transport::~Transport() { close(fd_); }

short Transport::interest() const noexcept {
  if (!connected_) return POLLOUT;
  return static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT);
}

bool Transport::ready() {
  if (connected_) return true;
  pollfd ready{fd_, POLLOUT, 0};
  if (poll(&ready, 1, 0) <= 0) return false;
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) throw TransportError(text_of(error));
  connected_ = true;
  return true;
}

std::string Transport::read() {
  if (!ready()) return {};
  constexpr std::size_t kChunk = 16U << 10;
  std::string bytes(kChunk, '\0');
  const ssize_t count = recv(fd_, bytes.data(), bytes.size(), 0);
  if (count == 0) throw TransportError("the server closed the connection");
  if (count < 0) {
    if (later(errno)) return {};
    throw TransportError(text_of(errno));
  }
  bytes.resize(static_cast<std::size_t>(count));
  return tls_ ? tls_->receive(bytes) : bytes;
}

void Transport::write(std::string_view bytes) {
  if (tls_)
    tls_->send(bytes);
  else
    out_ += bytes.substr(out_.empty() ? sent(bytes) : 0);
  flush();
}

std::size_t Transport::sent(std::string_view bytes) {
  if (bytes.empty() || !ready()) return 0;
  const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count < 0 && !later(errno)) throw TransportError(text_of(errno));
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void Transport::flush() {
  if (tls_) out_ += tls_->take_output();
  if (out_.empty()) return;
  out_.erase(0, sent(out_));
  if (out_.empty()) std::string().swap(out_);
}

}  // namespace tooz::net
