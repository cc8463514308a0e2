#pragma once
#include "tooz/recipes/core.h"

namespace tooz {

/// Our key in the queue of a lock: who wrote his first comes first. Used by one thread.
class QueuePlace {
 public:
  QueuePlace(std::shared_ptr<Core> core, std::shared_ptr<Lease> lease, const std::string& queue)
      : core_(std::move(core)), lease_(std::move(lease)), queue_(queue) {}
  ~QueuePlace() { leave(); }
  QueuePlace(const QueuePlace&) = delete;
  QueuePlace& operator=(const QueuePlace&) = delete;

  /// Takes a place at the end, in a key of its own. Throws tooz::Error.
  void take();
  /// Removes the key; false: no answer, we may still stand there.
  bool try_leave() noexcept;
  /// Removes the key now or, when the backend does not answer, by the cleaner.
  void leave() noexcept;

  const std::string& key() const noexcept { return key_; }

 private:
  void leave_to_cleaner(bool may_come);

  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Lease> lease_;
  const std::string queue_;
  std::string key_;  ///< empty: no place
  Revision revision_ = 0;
  bool may_come_ = false;
};

}  // namespace tooz
