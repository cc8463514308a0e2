#pragma once
#include "base/env.h"

#include <mutex>
#include <vector>

namespace tooz {

/// Wakes all threads that wait for something to change; the change itself stands elsewhere.
/// Thread-safe.
class Broadcast {
 public:
  /// A place among the waiting. Take it before looking at what may change, so that no change
  /// between the look and the wait is missed. Used by one thread.
  class Ticket {
   public:
    Ticket(base::Env& env, Broadcast& broadcast);
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    /// True when notify() was called since the ticket was taken, or since the last true; false at
    /// `deadline` or when `stop` is requested.
    bool wait_until(base::Env::TimePoint deadline, std::stop_token stop) {
      return event_->wait_until(deadline, std::move(stop));
    }

   private:
    Broadcast& broadcast_;
    const std::shared_ptr<base::Env::Event> event_;
  };

  void notify();

 private:
  std::mutex mutex_;
  std::vector<std::shared_ptr<base::Env::Event>> events_;
};

}  // namespace tooz
