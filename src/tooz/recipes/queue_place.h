#pragma once
#include "tooz/recipes/core.h"
#include "tooz/recipes/held_key.h"

#include <atomic>

namespace tooz {

/// A key of ours below the prefix of a lock or semaphore: who wrote his first comes first. take()
/// and renew() are for one thread; leaving is thread-safe.
class QueuePlace {
 public:
  /// @param start  what the key's name begins with; chance follows
  QueuePlace(std::shared_ptr<Core> core, std::shared_ptr<Lease> under, std::string start,
             std::string value)
      : core_(std::move(core)),
        under_(std::move(under)),
        start_(std::move(start)),
        value_(std::move(value)) {}
  ~QueuePlace() { leave(); }
  QueuePlace(const QueuePlace&) = delete;
  QueuePlace& operator=(const QueuePlace&) = delete;

  /// Takes a place at the end, in a key of its own; false: `guard` does not hold. Throws
  /// tooz::Error.
  bool take(const Guard& guard = {});
  /// Writes another value, so that the key has a new revision and those who watch it look; false:
  /// it is gone. Throws tooz::Error; after kUnreachable the place is given up.
  bool renew(const std::string& value);

  /// Removes the key now; false: the backend did not answer, the cleaner will.
  bool leave() noexcept;
  /// The cleaner removes it at that time.
  void leave_at(Env::TimePoint when) noexcept;

  bool taken() const noexcept { return !key_.empty() && !left_; }
  const std::string& key() const noexcept { return key_; }
  /// What makes the name of the key ours: 16 hex digits.
  std::string id() const { return key_.substr(start_.size()); }
  Revision created() const noexcept { return created_; }
  Revision revision() const noexcept { return revision_; }
  const std::shared_ptr<Lease>& under() const noexcept { return under_; }

 private:
  void leave_to_cleaner(Env::TimePoint due, bool known) noexcept;

  const std::shared_ptr<Core> core_;
  const std::shared_ptr<Lease> under_;
  const std::string start_;
  std::string value_;
  std::string key_;  ///< empty: none was taken
  Revision created_ = 0;
  Revision revision_ = 0;
  bool may_come_ = false;
  std::atomic<bool> left_ = false;
};

}  // namespace tooz
