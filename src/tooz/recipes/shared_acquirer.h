#pragma once
#include "tooz/recipes/acquirer.h"

namespace tooz {

/// A shared lock: a place in the same queue as the writers'. A reader has the lock while no writer
/// is before him and nobody has the holder's key; a writer waits for all before him. So a writer
/// who waits is not overtaken by later readers, and readers with no writer between them hold it
/// together.
class SharedAcquirer final : public Acquirer {
 public:
  SharedAcquirer(std::shared_ptr<Core> core, Grant::What what, LockKeys keys)
      : Acquirer(std::move(core), std::move(what)), keys_(std::move(keys)) {}

  bool break_holders() const override;

 private:
  std::unique_ptr<Grant> try_once(const LeasePtr& lease) const override;
  std::shared_ptr<QueuePlace> new_place(const LeasePtr& lease) const override;
  std::unique_ptr<Grant> step(Stay& stay) const override;
  bool take_place(Stay& stay) const;

  const LockKeys keys_;
};

}  // namespace tooz
