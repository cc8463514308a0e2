#pragma once
#include "tooz/drivers/sql_kv/connector.h"

#include <list>

namespace tooz::sql_kv {

/// A few connections, made when they are needed and kept; whoever finds none free waits, in the
/// order of arrival. Thread-safe.
class Pool {
 public:
  static constexpr std::size_t kConnections = 4;

  Pool(Env& env, Connector& connector) : env_(env), connector_(connector) {}

  /// A connection of one's own until this ends.
  class Lease {
   public:
    Lease(Pool& pool, Env::TimePoint deadline);  ///< throws Failure{kLost, kDenied, kConflict}
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    Connection& operator*() const noexcept { return *connection_; }
    bool used_before() const noexcept { return used_before_; }
    /// Without this the connection is dropped.
    void keep() noexcept { kept_ = true; }

   private:
    Pool& pool_;
    std::unique_ptr<Connection> connection_;
    bool used_before_ = false;
    bool kept_ = false;
  };

  /// Drops those that nobody uses: where one turned out dead, they probably are too.
  void drop_idle();

 private:
  struct Waiter {
    std::unique_ptr<Env::Event> granted;
    bool has_place = false;
  };

  void take_place(Env::TimePoint deadline);
  std::unique_ptr<Connection> take_idle();
  void give_back(std::unique_ptr<Connection> connection) noexcept;

  Env& env_;
  Connector& connector_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::list<std::shared_ptr<Waiter>> waiters_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace tooz::sql_kv
