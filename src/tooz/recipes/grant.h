#pragma once
#include "tooz/lock.h"
#include "tooz/recipes/queue_place.h"

namespace tooz {

/// Who stands in the holder's key of a lock, how, and until when: what a LockGuard and a Leadership
/// hold. A thread watches the key, so that its removal by anybody else is noticed. Thread-safe.
class Grant {
 public:
  struct Key {
    std::string name;
    std::string value;      ///< unique
    Revision created = 0;   ///< the token's number
    bool may_come = false;  ///< a request to create it went unanswered
  };

  Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, Key key);
  ~Grant();  ///< release(); an unreachable backend is only logged
  Grant(const Grant&) = delete;
  Grant& operator=(const Grant&) = delete;

  /// Leaves our place in the queue before the lock is given back. Before anybody else has the
  /// grant.
  void leave_at_release(std::unique_ptr<QueuePlace> place) { place_ = std::move(place); }

  /// Removes the key, once. Error{kUnreachable}: the cleaner will. Blocks for two calls at most.
  /// Not from a callback on lost().
  void release();

  std::stop_token lost() const noexcept { return lost_.get_token(); }
  Env::Duration remaining() const noexcept;
  const Token& token() const noexcept { return token_; }

 private:
  struct Lose {
    std::stop_source& source;
    void operator()() const noexcept { source.request_stop(); }
  };

  void watch();
  bool stands(Revision& at) const;
  void leave_to_cleaner();

  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Lease> lease_;
  const Key key_;
  const Token token_;
  std::unique_ptr<QueuePlace> place_;
  std::stop_source released_;
  std::stop_source lost_;
  const std::stop_callback<Lose> lost_with_lease_;
  std::unique_ptr<Env::Thread> watcher_;
};

}  // namespace tooz
