#include "tests/bench/http_load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace bench {
namespace {

constexpr int kSilenceMs = 60000;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int number(std::string_view text) {
  int value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  if (value < 0) throw std::runtime_error("not a number: " + std::string(text.substr(0, 40)));
  return value;
}

class Socket {
 public:
  explicit Socket(const Address& server) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) fail("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(number(server.port)));
    if (inet_pton(AF_INET, server.host.c_str(), &address.sin_addr) != 1)
      throw std::runtime_error("not an IPv4 address: " + server.host);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("connect to " + server.host + ":" + server.port);
    const int yes = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

/// Of one connection: the request under way and what came of its answer.
class Connection {
 public:
  explicit Connection(const Address& server) : socket_(server), host_(server.host) {}

  int fd() const noexcept { return socket_.fd(); }
  const HttpLoad::Request& request() const noexcept { return request_; }
  base::Env::TimePoint sent() const noexcept { return sent_; }

  void send_request(HttpLoad::Request request, base::Env::TimePoint now) {
    request_ = std::move(request);
    sent_ = now;
    std::string text(request_.method);
    text += " " + request_.target + " HTTP/1.1\r\nHost: " + host_ + "\r\n";
    if (request_.method == "POST") text += "Content-Length: 0\r\n";
    text += "\r\n";
    if (write(fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      fail("send " + request_.target);
  }

  /// Reads what is there; the answer once it is whole.
  std::optional<Answer> receive() {
    std::array<char, 65536> buffer;
    const ssize_t got = read(fd(), buffer.data(), buffer.size());
    if (got < 0) fail("answer to " + request_.target);
    if (got == 0) throw std::runtime_error("the server closed on " + request_.target);
    received_.append(buffer.data(), static_cast<std::size_t>(got));
    return take_answer();
  }

 private:
  std::optional<Answer> take_answer() {
    const std::size_t head = received_.find("\r\n\r\n");
    if (head == std::string::npos) return std::nullopt;
    const std::size_t whole =
        head + 4 + content_length(std::string_view(received_).substr(0, head));
    if (received_.size() < whole) return std::nullopt;
    if (!received_.starts_with("HTTP/1.1 ")) throw std::runtime_error("not an answer of HTTP/1.1");
    Answer answer{number(std::string_view(received_).substr(9, 3)),
                  received_.substr(head + 4, whole - head - 4),
                  {}};
    received_.erase(0, whole);
    return answer;
  }

  static std::size_t content_length(std::string_view head) {
    constexpr std::string_view kNames[] = {"\r\nContent-Length: ", "\r\ncontent-length: "};
    for (const std::string_view name : kNames)
      if (const auto at = head.find(name); at != std::string_view::npos)
        return static_cast<std::size_t>(number(head.substr(at + name.size())));
    throw std::runtime_error("an answer without Content-Length");
  }

  Socket socket_;
  std::string host_;
  HttpLoad::Request request_;
  base::Env::TimePoint sent_;
  std::string received_;
};

class Poller {
 public:
  Poller() : fd_(epoll_create1(EPOLL_CLOEXEC)) {
    if (fd_ < 0) fail("epoll_create1");
  }
  ~Poller() { close(fd_); }
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;

  void add(Connection& connection) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    if (epoll_ctl(fd_, EPOLL_CTL_ADD, connection.fd(), &event) != 0) fail("epoll_ctl");
  }

  std::vector<Connection*> wait() {
    std::array<epoll_event, 64> events;
    const int count = epoll_wait(fd_, events.data(), events.size(), kSilenceMs);
    if (count < 0 && errno != EINTR) fail("epoll_wait");
    if (count == 0) throw std::runtime_error("no answer for 60 s");
    std::vector<Connection*> ready;
    for (int i = 0; i < count; ++i)
      ready.push_back(static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    return ready;
  }

 private:
  int fd_;
};

}  // namespace

Address parse_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos)
    throw std::runtime_error("an address is HOST:PORT, not " + std::string(text));
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

HttpLoad::HttpLoad(base::Env& env, std::vector<Address> servers, std::size_t connections)
    : env_(env), servers_(std::move(servers)), connections_(connections) {}

HttpLoad::Totals HttpLoad::run(const Next& next, const OnAnswer& on_answer) {
  Poller poller;
  std::vector<std::unique_ptr<Connection>> connections;
  for (std::size_t i = 0; i < connections_; ++i) {
    connections.push_back(std::make_unique<Connection>(servers_[i % servers_.size()]));
    poller.add(*connections.back());
  }
  Totals totals;
  std::size_t under_way = 0;
  const auto begin = env_.now();
  const auto send_next = [&](Connection& connection) {
    if (auto request = next()) {
      connection.send_request(*std::move(request), env_.now());
      ++under_way;
    }
  };
  for (const auto& connection : connections)
    send_next(*connection);
  while (under_way > 0) {
    for (Connection* connection : poller.wait()) {
      auto answer = connection->receive();
      if (!answer) continue;
      --under_way;
      ++totals.answers;
      answer->took = env_.now() - connection->sent();
      on_answer(connection->request(), *std::move(answer));
      send_next(*connection);
    }
  }
  totals.took = env_.now() - begin;
  return totals;
}

Answer ask(base::Env& env, const Address& server, std::string_view method, std::string target) {
  Answer got;
  bool asked = false;
  HttpLoad(env, {server}, 1)
      .run(
          [&]() -> std::optional<HttpLoad::Request> {
            if (std::exchange(asked, true)) return std::nullopt;
            return HttpLoad::Request{method, target};
          },
          [&](const HttpLoad::Request&, Answer&& answer) { got = std::move(answer); });
  return got;
}

}  // namespace bench
