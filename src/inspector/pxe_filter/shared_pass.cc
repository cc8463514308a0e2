#include "inspector/pxe_filter/shared_pass.h"

namespace inspector {

bool SharedPass::ask(base::Env::TimePoint deadline) {
  const auto event = std::shared_ptr<base::Env::Event>(env_.make_event());
  std::unique_lock lock(mutex_);
  const std::uint64_t mine = ++asked_;
  while (done_ < mine) {
    if (!running_) {
      running_ = true;
      const std::uint64_t covered = asked_;
      lock.unlock();
      const std::exception_ptr failure = try_pass();
      lock.lock();
      running_ = false;
      done_ = covered;
      failure_ = failure;
      for (const auto& waiter : waiters_)
        waiter->set();
      waiters_.clear();
      continue;
    }
    waiters_.push_back(event);
    lock.unlock();
    const bool in_time = event->wait_until(deadline, {}) && env_.now() < deadline;
    lock.lock();
    if (!in_time && done_ < mine) return false;
  }
  if (failure_) std::rethrow_exception(failure_);
  return true;
}

std::exception_ptr SharedPass::try_pass() noexcept {
  try {
    pass_();
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace inspector
