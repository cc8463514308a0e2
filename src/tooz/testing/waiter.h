#pragma once
#include "tooz/testing/test_world.h"

namespace tooz {

/// Acquires in a thread of the client's process.
struct Waiter {
  template <class Kind>
  Waiter(const TestWorld::Client& client, const Kind& acquirer,
         Env::TimePoint deadline = Env::TimePoint::max())
      : thread(client.process.spawn("waiter", [this, acquirer, deadline](const std::stop_token&) {
          grant = acquirer.acquire(stop.get_token(), deadline);
          done = true;
        })) {}
  explicit Waiter(const TestWorld::Client& client) : Waiter(client, client.lock("x")) {}

  std::stop_source stop;
  std::unique_ptr<Grant> grant;
  bool done = false;
  std::unique_ptr<Env::Thread> thread;
};

}  // namespace tooz
