#pragma once
#include "tooz/drivers/sql_kv/client.h"

namespace tooz::sql_kv {

/// Backend::wait_change(): one thread and one connection hear of the changes for all who wait. Both
/// begin with the first wait. Thread-safe.
class Waits {
 public:
  Waits(Env& env, Server& server, Client& client)
      : env_(env), server_(server), client_(client), statements_(server.dialect()) {}
  ~Waits() { thread_.reset(); }
  Waits(const Waits&) = delete;
  Waits& operator=(const Waits&) = delete;

  void wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
            const std::stop_token& stop);

 private:
  struct Waiter {
    std::string_view prefix;
    Revision at;
    std::unique_ptr<Env::Event> event;
    bool changed = false;
  };
  class Place;

  void begin();
  void listen(const std::stop_token& stop);
  void hear(Feed& feed, const std::stop_token& stop);
  void tell(const News& news);
  void wake_all();
  bool anybody();

  Env& env_;
  Server& server_;
  Client& client_;
  const Statements statements_;
  const std::unique_ptr<Env::Event> somebody_ = env_.make_event();
  std::mutex mutex_;
  bool running_ = false;
  std::list<Waiter*> waiters_;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz::sql_kv
