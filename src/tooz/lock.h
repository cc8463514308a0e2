#pragma once
#include "tooz/backend.h"

namespace tooz {

/// Proof of a grant, for the store that the lock protects: it refuses a writer whose token is older
/// than one it has seen. Numbers of different origins do not compare; the store orders origins.
struct Token {
  std::string origin;
  Revision number = 0;
};

/// Proof of holding a lock; its destructor gives the lock back. Move-only.
///
/// A lock made of a lease can be lost while it is held: a long pause, a partition. So the code
/// under it asks remaining() before each effect, stops when lost() does, and sends token() with its
/// writes.
class LockGuard {
 public:
  LockGuard(LockGuard&&) noexcept;
  LockGuard& operator=(LockGuard&&) noexcept;
  ~LockGuard();  ///< release(), but an unreachable backend is only logged: the lease bounds the
                 ///< harm

  void release();

  /// Requested at the latest one safety margin before the backend may give the lock to another;
  /// after a pause of the whole process it comes a moment late, remaining() does not.
  std::stop_token lost() const noexcept;
  /// Until that margin, from the clock: right also immediately after a pause. 0: stop.
  Env::Duration remaining() const noexcept;
  const Token& token() const noexcept;

 private:
  friend class Lock;
  struct Held;
  explicit LockGuard(std::unique_ptr<Held> held);
  std::unique_ptr<Held> held_;
};

enum class Mode { kExclusive, kShared };

/// A named lock among all members of a backend; waiters are served in the order of arrival. Not
/// re-entrant: the same process asking again waits like any other. Thread-safe. Throws tooz::Error;
/// the caller then holds nothing, and what an unanswered request may have written is removed as
/// soon as the backend answers.
class Lock {
 public:
  std::optional<LockGuard> try_acquire();  ///< nullopt: somebody else holds it, or waits for it

  /// Waits its turn; nullopt at `deadline` or when `stop` is requested; what it wrote is removed,
  /// at the latest when the backend answers again.
  std::optional<LockGuard> acquire(std::stop_token stop,
                                   Env::TimePoint deadline = Env::TimePoint::max());

 private:
  friend class Coordinator;
  class Impl;
  explicit Lock(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace tooz
