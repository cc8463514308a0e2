#include "sql/connection_pool.h"

#include <algorithm>

namespace sql {

ConnectionPool::ConnectionPool(base::Env& env, const Engine& engine, const DatabaseOptions& options)
    : env_(env),
      engine_(engine),
      max_(std::max<std::size_t>(1, engine.max_connections(options.max_connections))),
      max_writers_(std::max<std::size_t>(1, engine.max_writers(max_))),
      wait_(options.wait),
      recycle_(options.recycle) {}

std::unique_ptr<ConnectionPool::Lease> ConnectionPool::take(Access access) {
  wait_for_place(access);
  try {
    auto connection = young_idle(access);
    if (!connection) {
      connection = std::make_unique<Connection>(engine_);
      connection->opened = env_.now();
      connection->writes = access == Access::kWrite;
    }
    return std::make_unique<Lease>(*this, access, std::move(connection));
  } catch (...) {
    give_place_back(access, nullptr);
    throw;
  }
}

void ConnectionPool::drop_idle() noexcept {
  std::vector<std::unique_ptr<Connection>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

bool ConnectionPool::admit(Access access) noexcept {
  if (taken_ >= max_) return false;
  if (access == Access::kWrite && writers_ >= max_writers_) return false;
  ++taken_;
  if (access == Access::kWrite) ++writers_;
  return true;
}

std::shared_ptr<ConnectionPool::Waiter> ConnectionPool::next_admitted() {
  const auto next = std::find_if(waiters_.begin(), waiters_.end(),
                                 [this](const auto& waiter) { return admit(waiter->access); });
  if (next == waiters_.end()) return nullptr;
  auto waiter = *next;
  waiter->has_place = true;
  waiters_.erase(next);
  return waiter;
}

/// Nobody is overtaken: while somebody waits for a place of the same kind there is none to take.
void ConnectionPool::wait_for_place(Access access) {
  {
    const std::lock_guard lock(mutex_);
    if (admit(access)) return;
  }
  const auto deadline = env_.now() + wait_;
  auto self = std::make_shared<Waiter>(Waiter{access, env_.make_event()});
  {
    const std::lock_guard lock(mutex_);
    if (admit(access)) return;
    waiters_.push_back(self);
  }
  self->granted->wait_until(deadline, {});
  const std::lock_guard lock(mutex_);
  if (self->has_place) return;
  waiters_.remove(self);
  throw Error(Errc::kUnreachable, "no database connection became free in time");
}

void ConnectionPool::give_place_back(Access access,
                                     std::unique_ptr<Connection> connection) noexcept {
  std::vector<std::shared_ptr<Waiter>> admitted;
  {
    const std::lock_guard lock(mutex_);
    if (connection) idle_.push_back(std::move(connection));
    --taken_;
    if (access == Access::kWrite) --writers_;
    while (auto next = next_admitted())
      admitted.push_back(std::move(next));
  }
  for (const auto& waiter : admitted)
    waiter->granted->set();
}

/// Where there is one writer at a time, he keeps his connection: on SQLite a connection forgets its
/// pages when another one has written.
std::unique_ptr<Connection> ConnectionPool::pop_idle(Access access) noexcept {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto chosen = std::prev(idle_.end());
  if (max_writers_ == 1) {
    const bool writes = access == Access::kWrite;
    const auto fits =
        std::ranges::find_if(idle_, [&](const auto& each) { return each->writes == writes; });
    if (fits != idle_.end())
      chosen = fits;
    else if (!writes && taken_ + idle_.size() <= max_)
      return nullptr;
  }
  auto connection = std::move(*chosen);
  idle_.erase(chosen);
  connection->writes = access == Access::kWrite;
  return connection;
}

std::unique_ptr<Connection> ConnectionPool::young_idle(Access access) {
  auto connection = pop_idle(access);
  if (recycle_ == base::Env::Duration::zero() || engine_.dialect() == Dialect::kSqlite)
    return connection;
  const auto now = env_.now();
  while (connection && now - connection->opened > recycle_)
    connection = pop_idle(access);
  return connection;
}

ConnectionPool::Lease::Lease(ConnectionPool& pool, Access access,
                             std::unique_ptr<Connection> connection)
    : pool_(pool), access_(access), connection_(std::move(connection)) {}

ConnectionPool::Lease::~Lease() {
  connection_->rollback();
  if (!connection_->usable()) connection_.reset();
  pool_.give_place_back(access_, std::move(connection_));
}

}  // namespace sql
