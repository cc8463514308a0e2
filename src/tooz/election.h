#pragma once
#include "tooz/lock.h"

#include <functional>
#include <mutex>

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
  /// Calls `told` with the leader now, and with each other one from then on; returns when `stop` is
  /// requested.
  void observe(const std::function<void(const std::optional<std::string>&)>& told,
               std::stop_token stop);

 private:
  friend class Coordinator;
  friend class Candidacy;
  explicit Election(std::shared_ptr<const ExclusiveAcquirer> acquirer);
  std::shared_ptr<const ExclusiveAcquirer> acquirer_;
};

/// Campaigns for as long as it lives, by a thread of its own: again when leadership was lost, also
/// with the lease, and when it was resigned. Thread-safe; does not move.
class Candidacy {
 public:
  struct Events {
    std::function<void(const Leadership&)> elected;
    std::function<void()> over;  ///< after each `elected`: lost, resigned, or we end
  };
  /// The events come one after the other, by the thread here.
  Candidacy(Election election, Events events);
  ~Candidacy();  ///< resigns; waits for an event under way
  Candidacy(const Candidacy&) = delete;
  Candidacy& operator=(const Candidacy&) = delete;

  /// From the clock: right also immediately after a pause.
  bool leads() const noexcept;
  std::shared_ptr<const Leadership> leadership() const;  ///< null: we do not lead
  /// Makes way for the next one; we stand at the end of the queue then. Returns at once.
  void resign();

 private:
  void run(const std::stop_token& stop);
  void lead(Leadership won, const std::stop_token& stop);

  Election election_;
  const Events events_;
  const std::unique_ptr<Env::Event> wake_;
  mutable std::mutex mutex_;
  std::shared_ptr<Leadership> leadership_;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz
