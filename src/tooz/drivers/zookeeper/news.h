#pragma once
#include "base/env.h"

#include <map>
#include <mutex>
#include <string>

namespace tooz::zookeeper {

using base::Env;

/// Wakes those who wait for a node or for their connection: all watches of a connection end here.
/// Thread-safe.
class News {
 public:
  /// One who waits. Take it, name the nodes, then look at them: nothing in between is missed. Used
  /// by one thread.
  class Ticket {
   public:
    Ticket(Env& env, News& news);  ///< for news of the connection
    ~Ticket();
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;

    void watch(const std::string& path);  ///< for news of this node too
    /// As Env::Event::wait_until().
    bool wait_until(Env::TimePoint deadline, std::stop_token stop) {
      return event_->wait_until(deadline, std::move(stop));
    }

   private:
    News& news_;
    const std::unique_ptr<Env::Event> event_;
  };

  void tell(const std::string& path) noexcept;
  void tell_all() noexcept;

 private:
  std::mutex mutex_;
  std::multimap<std::string, Env::Event*> waiting_;  // under the empty path: each ticket
};

}  // namespace tooz::zookeeper
