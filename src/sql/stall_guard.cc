#include "sql/stall_guard.h"

#include <sys/socket.h>

namespace sql {

StallGuard::Watch::Watch(StallGuard& guard, int socket) : guard_(guard), socket_(socket) {
  if (socket_ < 0) return;
  due_ = guard_.env_.now() + guard_.limit_;
  guard_.start_thread();
  const std::lock_guard lock(guard_.mutex_);
  guard_.watches_.push_back(this);
}

StallGuard::Watch::~Watch() {
  if (socket_ < 0) return;
  const std::lock_guard lock(guard_.mutex_);
  guard_.watches_.remove(this);
}

bool StallGuard::Watch::cut() const noexcept {
  const std::lock_guard lock(guard_.mutex_);
  return cut_;
}

void StallGuard::start_thread() {
  {
    const std::lock_guard lock(mutex_);
    if (started_) return;
    started_ = true;
  }
  thread_ = env_.spawn("sql-stall-guard", [this](std::stop_token stop) {
    while (env_.sleep_for(limit_ / 4, stop))
      look(env_.now());
  });
}

void StallGuard::look(base::Env::TimePoint now) {
  const std::lock_guard lock(mutex_);
  for (Watch* watch : watches_) {
    if (watch->cut_ || watch->due_ > now) continue;
    watch->cut_ = true;
    ::shutdown(watch->socket_, SHUT_RDWR);
  }
}

}  // namespace sql
