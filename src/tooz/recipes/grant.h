#pragma once
#include "tooz/lock.h"
#include "tooz/recipes/queue_place.h"

namespace tooz {

/// What a LockGuard, a Leadership or a permit holds, how, and until when: a key of its own, or a
/// place in a queue. Thread-safe.
class Grant {
 public:
  struct What {
    HeldKey::Kind kind;
    std::string name;
  };
  struct Key {
    std::string name;
    std::string value;      ///< unique
    Revision created = 0;   ///< the token's number
    bool may_come = false;  ///< a request to create it went unanswered
  };

  /// Holds `key`, which stands under `lease`. `place`, of which it came, is left in the background
  /// or, where there is a lock delay, after the key.
  Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what, const Key& key,
        std::shared_ptr<QueuePlace> place);
  /// Holds the place itself: its revision is the token's number.
  Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what,
        const std::shared_ptr<QueuePlace>& place);
  ~Grant();  ///< release(); an unreachable backend is only logged
  Grant(const Grant&) = delete;
  Grant& operator=(const Grant&) = delete;

  /// Removes the key, once. Error{kUnreachable}: the cleaner will. Blocks for two calls at most.
  /// Not from a callback on lost().
  void release();

  std::stop_token lost() const noexcept { return held_->lost.get_token(); }
  Env::Duration remaining() const noexcept;
  const Token& token() const noexcept { return token_; }

 private:
  struct OnLease {
    Grant& grant;
    void operator()() const noexcept { grant.lease_lost(); }
  };
  struct OnLost {
    Grant& grant;
    void operator()() const noexcept { grant.note_loss(); }
  };

  Grant(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, What what,
        std::shared_ptr<QueuePlace> place, Key key, Revision number);
  void lease_lost() noexcept;
  void note_loss() noexcept;
  void leave_late() noexcept;
  void remove_key();
  void remove_whosever_it_is();
  void leave_to_cleaner();
  bool place_is_delayed() const noexcept { return place_ && place_->under() != lease_; }

  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Lease> lease_;
  const std::shared_ptr<QueuePlace> place_;  ///< may be null
  const Key key_;                            ///< without a name: the place is what we hold
  const Token token_;
  const std::shared_ptr<HeldKey> held_;
  const Env::TimePoint since_;
  std::optional<std::stop_callback<OnLost>> on_lost_;
  std::optional<std::stop_callback<OnLease>> on_lease_;
  std::optional<std::stop_callback<OnLease>> on_place_;
};

}  // namespace tooz
