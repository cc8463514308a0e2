#pragma once
#include "sql/connection.h"

#include <list>
#include <memory>
#include <mutex>
#include <vector>

namespace sql {

/// A bounded number of connections, opened when needed and kept; whoever finds none free waits in
/// the order of arrival. Thread-safe.
class ConnectionPool {
 public:
  ConnectionPool(base::Env& env, const Engine& engine, const DatabaseOptions& options);

  /// A connection of one's own until this is destroyed.
  class Lease {
   public:
    Lease(ConnectionPool& pool, Access access, std::unique_ptr<Connection> connection);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Connection& connection() const noexcept { return *connection_; }

   private:
    ConnectionPool& pool_;
    Access access_;
    std::unique_ptr<Connection> connection_;
  };

  /// Waits for a place and connects where no connection is idle. Throws Error{kUnreachable}.
  std::unique_ptr<Lease> take(Access access);

  /// Closes those that nobody uses: when one turned out dead, they probably are too.
  void drop_idle() noexcept;

 private:
  struct Waiter {
    Access access;
    std::unique_ptr<base::Env::Event> granted;
    bool has_place = false;  ///< set under the mutex, before `granted`
  };

  bool admit(Access access) noexcept;       ///< takes a place; mutex held
  std::shared_ptr<Waiter> next_admitted();  ///< mutex held
  void wait_for_place(Access access);
  void give_place_back(Access access, std::unique_ptr<Connection> connection) noexcept;
  std::unique_ptr<Connection> pop_idle(Access access) noexcept;
  std::unique_ptr<Connection> young_idle(Access access);  ///< closes those that are too old

  base::Env& env_;
  const Engine& engine_;
  const std::size_t max_;
  const std::size_t max_writers_;
  const base::Env::Duration wait_;
  const base::Env::Duration recycle_;
  std::mutex mutex_;
  std::size_t taken_ = 0;
  std::size_t writers_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::list<std::shared_ptr<Waiter>> waiters_;
};

}  // namespace sql
