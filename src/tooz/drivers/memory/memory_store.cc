#include "tooz/drivers/memory/memory_store.h"

#include <algorithm>

namespace tooz {
namespace {

LeasedMap::Data fresh(std::string origin) {
  LeasedMap::Data data;
  data.origin = std::move(origin);
  return data;
}

}  // namespace

MemoryStore::MemoryStore(std::string origin) : map_("memory", fresh(std::move(origin))) {}

void MemoryStore::await(const Waiter& waiter) {
  const std::lock_guard lock(mutex_);
  waiters_.push_back(waiter);
  if (!map_.changed(waiter.prefix, waiter.unchanged_until))
    waiters_.back().unchanged_until = map_.data().last;
}

Revision MemoryStore::unchanged_until(const std::shared_ptr<Env::Event>& event) {
  const std::lock_guard lock(mutex_);
  const auto waiter = std::ranges::find(waiters_, event, &Waiter::event);
  return waiter == waiters_.end() ? 0 : waiter->unchanged_until;
}

void MemoryStore::forget(const std::shared_ptr<Env::Event>& event) {
  const std::lock_guard lock(mutex_);
  std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.event == event; });
}

void MemoryStore::note_wakes(Revision before, Wakes& wakes) {
  for (Waiter& waiter : waiters_) {
    if (map_.changed(waiter.prefix, before))
      wakes.push_back(waiter.event);
    else if (waiter.unchanged_until == before)
      waiter.unchanged_until = map_.data().last;
  }
}

}  // namespace tooz
