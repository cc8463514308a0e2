#include "tooz/drivers/net/stream.h"

#include <poll.h>

#include <algorithm>
#include <array>

namespace tooz::net {
namespace {

using base::Env;

constexpr const char* kLate = "no answer in time";
constexpr auto kLongestPoll = std::chrono::seconds(30);

// Rounded up, so that nobody spins through the last millisecond.
int poll_time(Env::Duration left) {
  const auto most = std::clamp<Env::Duration>(left, Env::Duration::zero(), kLongestPoll);
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(most).count());
}

std::vector<Address> addresses_of(const Destination& to) {
  if (to.host.starts_with('/')) return {unix_address(to.host)};
  return resolve(to.host, to.port);
}

}  // namespace

std::string Destination::text() const {
  if (host.starts_with('/')) return host;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Stream::Stream(Env& env, const Destination& to, Env::TimePoint deadline) : env_(env) {
  std::vector<Address> addresses = addresses_of(to);
  std::string why = kLate;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto left = static_cast<std::int64_t>(addresses.size() - i);
    const auto until = env_.now() + (deadline - env_.now()) / left;
    try {
      transport_.emplace(addresses[i], to.tls.get(), to.host);
      if (connects(until)) return;
    } catch (const TransportError& e) {
      why = e.what();
    }
  }
  throw TransportError(to.text() + ": " + why);
}

bool Stream::connects(Env::TimePoint deadline) {
  for (;;) {
    transport_->read();
    if (transport_->connected()) return true;
    if (env_.now() >= deadline) return false;
    wait(deadline);
  }
}

// What was read may have made TLS answer.
void Stream::wait(Env::TimePoint deadline, int waker) {
  transport_->flush();
  std::array<pollfd, 2> files{{{transport_->fd(), transport_->interest(), 0}, {waker, POLLIN, 0}}};
  ::poll(files.data(), waker < 0 ? 1 : 2, poll_time(deadline - env_.now()));
}

void Stream::send(std::string_view bytes, Env::TimePoint deadline) {
  transport_->write(bytes);
  while (transport_->queued() > 0) {
    if (env_.now() >= deadline) throw TransportError(kLate);
    wait(deadline);
    transport_->flush();
  }
}

std::string Stream::receive(Env::TimePoint deadline, int waker) {
  for (bool waited = false;; waited = true) {
    std::string bytes = transport_->read();
    if (!bytes.empty() || env_.now() >= deadline) return bytes;
    if (waited && waker >= 0) {
      pollfd woken{waker, POLLIN, 0};
      if (::poll(&woken, 1, 0) > 0) return bytes;
    }
    wait(deadline, waker);
  }
}

bool Stream::quiet() {
  try {
    return transport_->read().empty();
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace tooz::net
