#include "tooz/drivers/etcd/endpoints.h"

#include <algorithm>

namespace tooz::etcd {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(1);
constexpr std::uint16_t kDefaultPort = 2379;

std::string authority(const std::string& name, std::uint16_t port) {
  const bool v6 = name.find(':') != std::string::npos;
  return (v6 ? "[" + name + "]" : name) + ":" + std::to_string(port);
}

}  // namespace

Endpoints::Endpoints(Env& env, std::vector<Url::Host> hosts)
    : env_(env), hosts_(std::move(hosts)), backoff_(env, kFirstPause, kLongestPause) {}

Endpoints::Choice Endpoints::choose() {
  const Url::Host& host = hosts_[host_];
  const std::uint16_t port = host.port != 0 ? host.port : kDefaultPort;
  if (addresses_.empty()) {
    try {
      addresses_ = net::resolve(host.name, port);
      std::ranges::reverse(addresses_);
    } catch (const net::TransportError& e) {
      return {std::nullopt, e.what()};
    }
  }
  return {Peer{addresses_.back(), host.name, authority(host.name, port)}, ""};
}

void Endpoints::next_host() noexcept {
  host_ = (host_ + 1) % hosts_.size();
  addresses_.clear();
}

bool Endpoints::failed() {
  if (!addresses_.empty()) addresses_.pop_back();
  if (!addresses_.empty()) return false;
  next_host();
  if (++failures_ < hosts_.size()) return false;
  failures_ = 0;
  ready_at_ = env_.now() + backoff_.next();
  return true;
}

void Endpoints::succeeded() {
  addresses_.clear();
  failures_ = 0;
  backoff_.reset(kFirstPause);
}

void Endpoints::lost() { next_host(); }

}  // namespace tooz::etcd
