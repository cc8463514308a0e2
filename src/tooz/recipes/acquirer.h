#pragma once
#include "tooz/recipes/any_stop.h"
#include "tooz/recipes/grant.h"
#include "tooz/recipes/names.h"

namespace tooz {

/// How one lock is got. The holder's key is created under our session; who finds it taken, or
/// others waiting, writes a key of his own into the queue and watches the one before it; the first
/// one there watches the holder's key. Thread-safe.
class Acquirer {
 public:
  /// @param label  begins the holder's value, and makes it text; empty: 16 bytes by chance alone,
  ///               as Python's
  Acquirer(std::shared_ptr<Core> core, LockKeys keys, std::string label)
      : core_(std::move(core)), keys_(std::move(keys)), label_(std::move(label)) {}

  /// One transaction; null: taken, or others wait. Throws tooz::Error.
  std::unique_ptr<Grant> try_acquire() const;

  /// Waits through lost leases and unanswered calls once the backend has answered; null at
  /// `deadline` and when `stop` is requested. Error{kUnreachable}: it does not answer at the
  /// beginning, or at `deadline`.
  std::unique_ptr<Grant> acquire(const std::stop_token& stop, Env::TimePoint deadline) const;

  /// Removes the holder's key, whoever wrote it; false: there was none.
  bool break_holder() const;

  /// The label of the holder's value, and what goes into wait_change().
  struct Holder {
    std::optional<std::string> label;
    Revision at = 0;
  };
  Holder holder() const;

  Core& core() const noexcept { return *core_; }
  const LockKeys& keys() const noexcept { return keys_; }

 private:
  using LeasePtr = std::shared_ptr<Lease>;
  struct Wait {
    const AnyStop& end;
    Env::TimePoint deadline;
  };

  std::unique_ptr<Grant> create_holder(const LeasePtr& lease, const Guard& guard) const;
  std::unique_ptr<Grant> stand_in_queue(const LeasePtr& lease, const Wait& wait) const;
  std::unique_ptr<Grant> step(const LeasePtr& lease, std::unique_ptr<QueuePlace>& place,
                              const Wait& wait) const;
  void wait_change(const std::string& key, Revision at, const LeasePtr& lease,
                   const Wait& wait) const;
  std::string new_value() const;

  const std::shared_ptr<Core> core_;
  const LockKeys keys_;
  const std::string label_;
};

}  // namespace tooz
