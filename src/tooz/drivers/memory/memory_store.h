#pragma once
#include "tooz/drivers/leased_map.h"

#include <mutex>
#include <vector>

namespace tooz {

/// A LeasedMap for many threads. Knows the time only from what callers bring: each call first drops
/// the sessions that have run out by `now`. Thread-safe; never blocks.
class MemoryStore {
 public:
  explicit MemoryStore(std::string origin);

  /// Who waits for a change under a prefix; the event is set by whoever makes one.
  struct Waiter {
    std::string prefix;
    std::shared_ptr<Env::Event> event;
    Revision unchanged_until = 0;  ///< the store moves it on
  };
  /// What a call changed: the events to set once no mutex is held any more.
  using Wakes = std::vector<std::shared_ptr<Env::Event>>;

  /// Returns what `action` does, which gets the LeasedMap and is alone with it.
  template <class Action>
  auto run(Env::TimePoint now, Wakes& wakes, Action action) {
    const std::lock_guard lock(mutex_);
    const Noting noting{*this, map_.data().last, wakes};
    map_.expire(now);
    return action(map_);
  }

  /// Registers `waiter`; it must be taken out again by forget().
  void await(const Waiter& waiter);
  void forget(const std::shared_ptr<Env::Event>& event);
  Revision unchanged_until(const std::shared_ptr<Env::Event>& event);

 private:
  /// At its end: whom the changes since `before` wake.
  struct Noting {
    MemoryStore& store;
    Revision before;
    Wakes& wakes;
    ~Noting() { store.note_wakes(before, wakes); }
  };
  void note_wakes(Revision before, Wakes& wakes);

  std::mutex mutex_;
  LeasedMap map_;
  std::vector<Waiter> waiters_;
};

}  // namespace tooz
