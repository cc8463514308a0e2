#include "tests/support/proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <vector>

namespace support {
namespace {

using base::Env;

constexpr std::size_t kMostHeld = 1 << 20;  // bytes of one direction

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void close_with_reset(int fd) {
  const linger at_once{1, 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(fd);
}

/// One direction of a connection: what was read and is not written yet.
struct Flow {
  struct Chunk {
    Env::TimePoint due;
    std::string bytes;
  };
  std::deque<Chunk> chunks;
  std::size_t held = 0;
  bool ended = false;   // the source will send no more
  bool closed = false;  // the destination knows it

  bool wants_input() const { return !ended && held < kMostHeld; }
  bool due(Env::TimePoint now) const { return !chunks.empty() && chunks.front().due <= now; }

  /// False: the connection is broken.
  bool read_from(int fd, Env::TimePoint due) {
    std::array<char, 65536> buffer;
    const auto size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    ended = size == 0;
    if (ended) return true;
    chunks.push_back({due, std::string(buffer.data(), static_cast<std::size_t>(size))});
    held += static_cast<std::size_t>(size);
    return true;
  }
  bool write_to(int fd, Env::TimePoint now) {
    while (due(now)) {
      std::string& bytes = chunks.front().bytes;
      const auto size = closed ? static_cast<ssize_t>(bytes.size())
                               : send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size < 0) return errno == EAGAIN || errno == EINTR || errno == ENOTCONN;
      held -= static_cast<std::size_t>(size);
      bytes.erase(0, static_cast<std::size_t>(size));
      if (bytes.empty()) chunks.pop_front();
    }
    if (ended && chunks.empty()) end(fd);
    return true;
  }
  void end(int fd) {
    if (!closed) shutdown(fd, SHUT_WR);
    closed = true;
  }
};

}  // namespace

/// A client's connection and ours to the server.
class Proxy::Pair {
 public:
  Pair(int client, std::uint16_t server)
      : client_(client), server_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const sockaddr_in address = loopback(server);
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    broken_ = connect(server_, any, sizeof address) != 0 && errno != EINPROGRESS;
  }
  ~Pair() {
    close_with_reset(client_);
    close_with_reset(server_);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  bool over() const { return broken_ || (up_.closed && down_.closed); }
  void end(Side side) { side == Side::kClient ? down_.end(client_) : up_.end(server_); }

  void add_to(std::vector<pollfd>& polled, Env::TimePoint now) const {
    const auto poll_for = [&](int fd, const Flow& in, const Flow& out) {
      const int events = (in.wants_input() ? POLLIN : 0) | (out.due(now) ? POLLOUT : 0);
      polled.push_back({events == 0 ? -1 : fd, static_cast<short>(events), 0});  // -1: not even HUP
    };
    poll_for(client_, up_, down_);
    poll_for(server_, down_, up_);
  }
  Env::TimePoint next_due() const {
    auto next = Env::TimePoint::max();
    for (const Flow* flow : {&up_, &down_})
      if (!flow->chunks.empty()) next = std::min(next, flow->chunks.front().due);
    return next;
  }
  void advance(const pollfd& client, const pollfd& server, Env::TimePoint now, Env::Duration late) {
    if ((server.revents & POLLERR) != 0 || (client.revents & POLLERR) != 0) broken_ = true;
    if ((client.revents & (POLLIN | POLLHUP)) != 0 && up_.wants_input())
      broken_ = broken_ || !up_.read_from(client_, now + late);
    if ((server.revents & (POLLIN | POLLHUP)) != 0 && down_.wants_input())
      broken_ = broken_ || !down_.read_from(server_, now + late);
    broken_ = broken_ || !up_.write_to(server_, now) || !down_.write_to(client_, now);
  }

 private:
  int client_;
  int server_;
  Flow up_;
  Flow down_;
  bool broken_ = false;
};

Proxy::Proxy(std::uint16_t server)
    : env_(base::system_env()),
      server_(server),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, any, size) != 0 || listen(listener_, 128) != 0 ||
      getsockname(listener_, any, &size) != 0)
    throw std::runtime_error(std::string("proxy: ") + std::strerror(errno));
  port_ = ntohs(address.sin_port);
  thread_ = env_.spawn("proxy", [this](const std::stop_token& stop) { run(stop); });
}

Proxy::~Proxy() {
  thread_.reset();
  pairs_.clear();
  close(listener_);
  close(wake_);
}

void Proxy::order(const std::function<void(Orders&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(orders_);
  }
  eventfd_write(wake_, 1);
}

void Proxy::pass() {
  order([](Orders& orders) { orders = {.reset = orders.reset}; });
}
void Proxy::cut() {
  order([](Orders& orders) { orders.reset = true; });
}
void Proxy::refuse() {
  order([](Orders& orders) { orders.reset = orders.refuse = true; });
}
void Proxy::black_hole() {
  order([](Orders& orders) { orders.hold = true; });
}
void Proxy::delay(Env::Duration by) {
  order([by](Orders& orders) { orders.delay = by; });
}
void Proxy::half_close(Side side) {
  order([side](Orders& orders) {
    (side == Side::kClient ? orders.end_for_client : orders.end_for_server) = true;
  });
}

void Proxy::accept_all(const Orders& orders) {
  for (;;) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    if (orders.refuse)
      close_with_reset(client);
    else
      pairs_.emplace_back(client, server_);
  }
}

// Waits for something to do and does it.
void Proxy::work(const Orders& orders) {
  const auto now = env_.now();
  std::vector<pollfd> polled{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
  auto next = Env::TimePoint::max();
  for (const Pair& pair : pairs_) {
    if (orders.hold) break;
    pair.add_to(polled, now);
    next = std::min(next, pair.next_due());
  }
  int timeout = -1;
  if (next != Env::TimePoint::max())
    timeout = static_cast<int>(
        std::chrono::ceil<std::chrono::milliseconds>(std::max(next - now, Env::Duration::zero()))
            .count());
  poll(polled.data(), polled.size(), timeout);
  eventfd_t count = 0;
  eventfd_read(wake_, &count);
  std::size_t at = 2;
  if (!orders.hold)
    for (Pair& pair : pairs_) {
      pair.advance(polled[at], polled[at + 1], env_.now(), orders.delay);
      at += 2;
    }
  pairs_.remove_if([](const Pair& pair) { return pair.over(); });
  accept_all(orders);
  connections_ = pairs_.size();
}

void Proxy::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { eventfd_write(wake_, 1); });
  while (!stop.stop_requested()) {
    Orders orders;
    {
      const std::lock_guard lock(mutex_);
      orders = orders_;
      orders_.reset = orders_.end_for_client = orders_.end_for_server = false;
    }
    if (orders.reset) pairs_.clear();
    for (Pair& pair : pairs_) {
      if (orders.end_for_client) pair.end(Side::kClient);
      if (orders.end_for_server) pair.end(Side::kServer);
    }
    work(orders);
  }
}

}  // namespace support
