#pragma once
#include "tooz/recipes/acquirer.h"

namespace tooz {

/// An exclusive lock, or the leadership of a group. The holder's key is created under our session;
/// who finds it taken, or others waiting, writes a key of his own into the queue and watches the
/// one before it; the first one there watches the holder's key. A reader is a place in the queue
/// as well.
class ExclusiveAcquirer final : public Acquirer {
 public:
  /// @param label  begins the holder's value, and makes it text; empty: 16 bytes by chance alone,
  ///               as Python's
  ExclusiveAcquirer(std::shared_ptr<Core> core, Grant::What what, LockKeys keys, std::string label)
      : Acquirer(std::move(core), std::move(what)),
        keys_(std::move(keys)),
        label_(std::move(label)) {}

  bool break_holders() const override;

  /// The label of the holder's value, and what goes into wait_change().
  struct Holder {
    std::optional<std::string> label;
    Revision at = 0;
  };
  Holder holder() const;
  const LockKeys& keys() const noexcept { return keys_; }

 private:
  std::unique_ptr<Grant> try_once(const LeasePtr& lease) const override;
  bool tries_first() const override { return !core_->delays; }
  std::shared_ptr<QueuePlace> new_place(const LeasePtr& lease) const override;
  std::unique_ptr<Grant> step(Stay& stay) const override;

  std::unique_ptr<Grant> try_with_place(const LeasePtr& lease) const;
  std::unique_ptr<Grant> create_holder(const LeasePtr& lease, const Guard& guard,
                                       const std::shared_ptr<QueuePlace>& place) const;
  bool look_at_queue(Stay& stay) const;
  bool wait_for_holder(Stay& stay, std::string_view only_of) const;
  std::string new_value(const std::shared_ptr<QueuePlace>& place) const;
  std::string place_of(const Entry& holder) const;

  const LockKeys keys_;
  const std::string label_;
};

/// Removes the readers who have the lock; false: there are none.
bool break_readers(Backend& backend, const LockKeys& keys);

}  // namespace tooz
