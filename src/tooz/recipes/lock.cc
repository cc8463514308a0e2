#include "tooz/lock.h"

#include "tooz/recipes/acquirer.h"
#include "tooz/semaphore.h"

namespace tooz {

LockGuard::LockGuard(std::unique_ptr<Grant> grant) : grant_(std::move(grant)) {}
LockGuard::LockGuard(LockGuard&&) noexcept = default;
LockGuard& LockGuard::operator=(LockGuard&&) noexcept = default;
LockGuard::~LockGuard() = default;

void LockGuard::release() { grant_->release(); }
std::stop_token LockGuard::lost() const noexcept { return grant_->lost(); }
Env::Duration LockGuard::remaining() const noexcept { return grant_->remaining(); }
const Token& LockGuard::token() const noexcept { return grant_->token(); }

Lock::Lock(std::shared_ptr<const Acquirer> acquirer) : acquirer_(std::move(acquirer)) {}

std::optional<LockGuard> Lock::try_acquire() {
  if (auto grant = acquirer_->try_acquire()) return LockGuard(std::move(grant));
  return std::nullopt;
}

std::optional<LockGuard> Lock::acquire(std::stop_token stop, Env::TimePoint deadline) {
  if (auto grant = acquirer_->acquire(stop, deadline)) return LockGuard(std::move(grant));
  return std::nullopt;
}

bool Lock::break_holder() { return acquirer_->break_holders(); }

Semaphore::Semaphore(std::shared_ptr<const Acquirer> acquirer) : acquirer_(std::move(acquirer)) {}

std::optional<LockGuard> Semaphore::try_acquire() {
  if (auto grant = acquirer_->try_acquire()) return LockGuard(std::move(grant));
  return std::nullopt;
}

std::optional<LockGuard> Semaphore::acquire(std::stop_token stop, Env::TimePoint deadline) {
  if (auto grant = acquirer_->acquire(stop, deadline)) return LockGuard(std::move(grant));
  return std::nullopt;
}

bool Semaphore::break_holders() { return acquirer_->break_holders(); }

}  // namespace tooz
