#pragma once
#include "tooz/backend.h"

namespace tooz {

/// Proof of a grant, for the store that the lock protects: it refuses a writer whose token is older
/// than one it has seen. Numbers of different origins do not compare; the store orders origins.
struct Token {
  std::string origin;
  Revision number = 0;
};

class Acquirer;  // recipes/
class Grant;

/// Proof of holding a lock, or a permit of a semaphore; its destructor gives it back. Move-only.
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

  /// Gives the lock back; more often is harmless. Error{kUnreachable}: it is removed as soon as the
  /// backend answers, with the lease at the latest. Not from a callback on lost().
  void release();

  /// Requested at the latest one safety margin before the backend may give the lock to another;
  /// after a pause of the whole process it comes a moment late, remaining() does not. Also when
  /// somebody else removed the lock. Callbacks on it return at once: others wait behind them.
  std::stop_token lost() const noexcept;
  /// Until that margin, from the clock: right also immediately after a pause. 0: stop.
  Env::Duration remaining() const noexcept;
  const Token& token() const noexcept;

 private:
  friend class Lock;
  friend class Semaphore;
  explicit LockGuard(std::unique_ptr<Grant> grant);
  std::unique_ptr<Grant> grant_;
};

/// kShared: many hold it together, none beside an exclusive holder. Their tokens are not above
/// that of any later exclusive holder. Python's members on etcd know exclusive locks only: a name
/// that is used shared must not be used from there.
enum class Mode { kExclusive, kShared };

/// A named lock among all members of a backend; waiters are served in the order of arrival, so a
/// writer is not starved by later readers, and readers with no writer between them get it together.
/// One transaction takes a free lock (one and a look, in shared mode), one gives it back. Not
/// re-entrant: the same process asking again waits like any other. Thread-safe. Throws tooz::Error;
/// the caller then holds nothing, and what an unanswered request may have written is removed as
/// soon as the backend answers.
class Lock {
 public:
  std::optional<LockGuard> try_acquire();  ///< nullopt: somebody else holds it, or waits for it

  /// Waits its turn; nullopt at `deadline` or when `stop` is requested; what it wrote is removed,
  /// at the latest when the backend answers again. Goes on waiting, at the end of the queue, when
  /// the lease is lost, and while the backend is away; Error{kUnreachable} only if it does not
  /// answer at the beginning or at `deadline`. May return late by the timeout of a call.
  std::optional<LockGuard> acquire(std::stop_token stop,
                                   Env::TimePoint deadline = Env::TimePoint::max());

  /// Takes the lock from whoever holds it, in whichever mode: he learns of it as of a lost lease,
  /// but later, some 15 % of the lease where the backend notifies. For operators. false: nobody
  /// held it. Where there is a lock delay, the next one waits for it.
  bool break_holder();

 private:
  friend class Coordinator;
  explicit Lock(std::shared_ptr<const Acquirer> acquirer);
  std::shared_ptr<const Acquirer> acquirer_;
};

}  // namespace tooz
