#pragma once
#include "tooz/lock.h"

namespace tooz {

class ExclusiveAcquirer;  // recipes/

/// Proof of leading a group; its destructor resigns. Lost and fenced like a lock. Move-only.
class Leadership {
 public:
  Leadership(Leadership&&) noexcept;
  Leadership& operator=(Leadership&&) noexcept;
  ~Leadership();

  void resign();  ///< as LockGuard::release()
  std::stop_token lost() const noexcept;
  Env::Duration remaining() const noexcept;
  const Token& token() const noexcept;

 private:
  friend class Election;
  explicit Leadership(std::unique_ptr<Grant> grant);
  std::unique_ptr<Grant> grant_;
};

/// One leader at a time in a group. Thread-safe. Throws tooz::Error.
class Election {
 public:
  /// Waits to be elected, through lost leases and an unreachable backend as Lock::acquire() does;
  /// nullopt at `deadline` or when `stop` is requested, and then we are no candidate any more.
  /// Needs a member id, but no membership.
  std::optional<Leadership> campaign(std::stop_token stop,
                                     Env::TimePoint deadline = Env::TimePoint::max());

  std::optional<std::string> leader();  ///< member id; nullopt: none at this moment

  /// Blocks until the leader is another than `seen`, also while the backend is away; `seen` when
  /// `stop` is requested.
  std::optional<std::string> next_leader(const std::optional<std::string>& seen,
                                         std::stop_token stop);

 private:
  friend class Coordinator;
  explicit Election(std::shared_ptr<const ExclusiveAcquirer> acquirer);
  std::shared_ptr<const ExclusiveAcquirer> acquirer_;
};

}  // namespace tooz
