#pragma once
#include "tooz/recipes/acquirer.h"

namespace tooz {

/// A counting semaphore: those have a permit whose places are the first in the queue. The first of
/// those who wait watches them all; each of the others the one before him, who writes his key again
/// when he gets a permit.
class SemaphoreAcquirer final : public Acquirer {
 public:
  SemaphoreAcquirer(std::shared_ptr<Core> core, Grant::What what, std::string prefix,
                    std::size_t permits)
      : Acquirer(std::move(core), std::move(what)), prefix_(std::move(prefix)), permits_(permits) {}

  bool break_holders() const override;

 private:
  std::unique_ptr<Grant> try_once(const LeasePtr& lease) const override;
  std::shared_ptr<QueuePlace> new_place(const LeasePtr& lease) const override;
  std::unique_ptr<Grant> step(Stay& stay) const override;
  std::vector<Entry> before(const Snapshot& queue, const Entry& mine) const;
  std::string value() const;

  const std::string prefix_;
  const std::size_t permits_;
};

}  // namespace tooz
