#pragma once
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/grant.h"
#include "tooz/recipes/names.h"

namespace tooz {

/// How something is got that not all can have at once: what is common to locks of both modes,
/// elections and semaphores. Each has its rule of who may go on, and whom the others wait for.
/// Thread-safe.
class Acquirer {
 public:
  Acquirer(std::shared_ptr<Core> core, Grant::What what)
      : core_(std::move(core)), what_(std::move(what)) {}
  virtual ~Acquirer() = default;

  /// Null: taken, or others wait. Throws tooz::Error.
  std::unique_ptr<Grant> try_acquire() const;

  /// Waits through lost leases and unanswered calls once the backend has answered; null at
  /// `deadline` and when `stop` is requested. Error{kUnreachable}: it does not answer at the
  /// beginning, or at `deadline`.
  std::unique_ptr<Grant> acquire(const std::stop_token& stop, Env::TimePoint deadline) const;

  /// Removes the keys of those who have it, whoever they are; false: nobody has.
  virtual bool break_holders() const = 0;

  Core& core() const noexcept { return *core_; }

 protected:
  using LeasePtr = std::shared_ptr<Lease>;
  struct Wait {
    const AnyStop& end;
    Env::TimePoint deadline;
  };
  /// One stay in the queue, from an acquire's beginning to its end or the end of the lease.
  struct Stay {
    LeasePtr lease;
    const Wait& wait;
    std::shared_ptr<QueuePlace> place;
    bool first = false;   ///< nobody is before us, as we saw; nobody can come before us any more
    bool waited = false;  ///< somebody was before us
    bool alone = false;   ///< nobody to wait for stood there when our key was made
    std::string ahead;    ///< the key of who was before us when we looked; empty: nobody known
  };

  virtual std::unique_ptr<Grant> try_once(const LeasePtr& lease) const = 0;
  /// Whether acquire() begins with try_once(), because that costs less than a place.
  virtual bool tries_first() const { return false; }
  /// What take() is asked of before the first step.
  virtual std::shared_ptr<QueuePlace> new_place(const LeasePtr& lease) const = 0;
  /// Looks where we stand; takes what is free, or waits for a change. Null: look again.
  virtual std::unique_ptr<Grant> step(Stay& stay) const = 0;

  /// A place whose key begins with `start`; it is not taken yet.
  std::shared_ptr<QueuePlace> make_place(const LeasePtr& lease, std::string start,
                                         std::string value) const;
  /// Until something changes below `key`, which was looked at then. Looks again a long time later
  /// whatever the backend tells.
  void wait_change(const std::string& key, Revision at, const Stay& stay) const;
  const std::string& name() const noexcept { return what_.name; }

  const std::shared_ptr<Core> core_;
  const Grant::What what_;

 private:
  std::unique_ptr<Grant> try_now() const;
  std::unique_ptr<Grant> wait_for(const std::stop_token& stop, Env::TimePoint deadline) const;
  std::unique_ptr<Grant> noted(std::unique_ptr<Grant> grant, Env::TimePoint began) const;
  std::unique_ptr<Grant> stand_in_queue(Stay& stay) const;
};

/// The entry `key`; null: it is not there.
const Entry* find_entry(const Snapshot& snapshot, std::string_view key);
/// The last of those below `prefix` that came before `mine` and whose names go on with one of the
/// kinds of `starts`; null: nobody did.
const Entry* last_before(const Snapshot& queue, const Entry& mine, std::string_view starts);

}  // namespace tooz
