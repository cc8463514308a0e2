#pragma once
#include "tooz/lock.h"

namespace tooz {

/// So many permits among all members of a backend; who waits is served in the order of arrival.
/// Each permit is held as a lock is, with a token of its own that grows from grant to grant; with
/// more than one permit, a store cannot tell the live holders' tokens from a dead one's by that.
/// Thread-safe. Throws tooz::Error as Lock does; Error{kOtherPermits}: whoever came first and is
/// still there uses another number of permits.
class Semaphore {
 public:
  std::optional<LockGuard> try_acquire();  ///< nullopt: no permit is free, or others wait
  std::optional<LockGuard> acquire(std::stop_token stop,
                                   Env::TimePoint deadline = Env::TimePoint::max());

  /// Takes all permits from those who have them. For operators. false: nobody had one.
  bool break_holders();

 private:
  friend class Coordinator;
  explicit Semaphore(std::shared_ptr<const Acquirer> acquirer);
  std::shared_ptr<const Acquirer> acquirer_;
};

}  // namespace tooz
