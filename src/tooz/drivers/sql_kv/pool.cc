#include "tooz/drivers/sql_kv/pool.h"

#include <utility>

namespace tooz::sql_kv {

Pool::Lease::Lease(Pool& pool, Env::TimePoint deadline) : pool_(pool) {
  pool.take_place(deadline);
  try {
    connection_ = pool.take_idle();
    used_before_ = connection_ != nullptr;
    if (!connection_) connection_ = pool.connector_.connect(deadline);
  } catch (...) {
    pool.give_back(nullptr);
    throw;
  }
}

Pool::Lease::~Lease() {
  if (!kept_) connection_.reset();
  pool_.give_back(std::move(connection_));
}

void Pool::take_place(Env::TimePoint deadline) {
  std::shared_ptr<Waiter> waiter;
  {
    const std::lock_guard lock(mutex_);
    if (taken_ < kConnections) {
      ++taken_;
      return;
    }
  }
  waiter = std::make_shared<Waiter>(Waiter{env_.make_event()});
  {
    const std::lock_guard lock(mutex_);
    if (taken_ < kConnections) {  // one was given back while the event was made
      ++taken_;
      return;
    }
    waiters_.push_back(waiter);
  }
  waiter->granted->wait_until(deadline, {});
  const std::lock_guard lock(mutex_);
  if (waiter->has_place) return;
  waiters_.remove(waiter);
  throw Failure(Failure::Kind::kLost, "all connections are in use");
}

std::unique_ptr<Connection> Pool::take_idle() {
  std::unique_ptr<Connection> found;
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (idle_.empty()) return nullptr;
      found = std::move(idle_.back());
      idle_.pop_back();
    }
    if (found->quiet()) return found;
  }
}

void Pool::give_back(std::unique_ptr<Connection> connection) noexcept {
  const std::lock_guard lock(mutex_);
  if (connection) idle_.push_back(std::move(connection));
  if (waiters_.empty()) {
    --taken_;
    return;
  }
  waiters_.front()->has_place = true;
  waiters_.front()->granted->set();
  waiters_.pop_front();
}

void Pool::drop_idle() {
  std::vector<std::unique_ptr<Connection>> dropped;
  const std::lock_guard lock(mutex_);
  dropped.swap(idle_);
}

}  // namespace tooz::sql_kv
