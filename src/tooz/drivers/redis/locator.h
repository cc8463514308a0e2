#pragma once
#include "tooz/drivers/redis/connection.h"
#include "tooz/drivers/redis/options.h"

#include <atomic>
#include <mutex>

namespace tooz::redis {

/// Finds the server that takes writes: the one that Sentinel names, or the first host that is one.
/// Thread-safe.
class Locator {
 public:
  Locator(Env& env, Options options);

  /// A connection to it, logged in, its database chosen. Throws net::TransportError, net::TlsError,
  /// BadReply, Error{kDenied} and, when the server is too old or would evict our keys,
  /// Error{kUnsuitable}.
  std::unique_ptr<Connection> connect(Env::TimePoint deadline);

 private:
  struct Tls {
    std::shared_ptr<const net::TlsContext> servers;
    std::shared_ptr<const net::TlsContext> sentinels;
  };
  Tls tls();
  Env::TimePoint attempt_until(Env::TimePoint deadline, std::size_t attempts) const;
  std::unique_ptr<Connection> connect_to(const net::Destination& server, Env::TimePoint deadline);
  void check(Connection& connection, Env::TimePoint deadline);
  std::unique_ptr<Connection> connect_to_first(Env::TimePoint deadline);
  std::unique_ptr<Connection> connect_by_sentinel(Env::TimePoint deadline);
  net::Destination ask_sentinel(const Url::Host& sentinel, Env::TimePoint deadline);

  Env& env_;
  const Options options_;
  const std::string db_;
  std::mutex mutex_;
  Tls tls_;
  bool tls_read_ = false;
  std::atomic<std::size_t> first_ = 0;  // of the hosts: the one that answered last
};

}  // namespace tooz::redis
