#pragma once
#include "base/retry.h"
#include "tooz/drivers/sql_kv/statements.h"

#include <mutex>

namespace tooz::sql_kv {

/// Opens connections to whichever host takes writes: the one that did last time first, then the
/// others in the order of the URL; with a pause after each round in which none did. Makes the
/// tables when they are not there. Thread-safe.
class Connector {
 public:
  Connector(Env& env, Server& server, std::vector<Url::Host> hosts);

  /// By `deadline`; throws Failure: kDenied if a host refused us, kConflict, else kLost.
  std::unique_ptr<Connection> connect(Env::TimePoint deadline);

  /// The origin that was read when a connection was made last, or after forget_origin(), by
  /// `connection`.
  std::string origin(Connection& connection, Env::TimePoint deadline);
  std::optional<std::string> known_origin() const;
  void forget_origin();

 private:
  std::unique_ptr<Connection> try_host(std::size_t host, Env::TimePoint deadline);
  std::string prepare(Connection& connection, Env::TimePoint deadline);
  std::optional<std::string> read_origin(Connection& connection, Env::TimePoint deadline);
  void keep_origin(const std::string& origin);
  void failed();
  void succeeded(std::size_t host);

  Env& env_;
  Server& server_;
  const Statements statements_;
  const std::vector<Url::Host> hosts_;
  mutable std::mutex mutex_;
  std::size_t first_ = 0;
  base::Backoff backoff_;
  Env::TimePoint ready_at_{};
  std::optional<std::string> origin_;
  std::uint64_t origins_ = 0;  // how often it was set or forgotten
};

}  // namespace tooz::sql_kv
