#pragma once
#include "http/budget.h"
#include "http/server.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace http {

class Connection;

/// The connections of a server. Thread-safe.
class Registry {
 public:
  explicit Registry(base::Env& env) : env_(env), changed_(env.make_event()) {}

  void add(const std::shared_ptr<Connection>& connection);
  void remove(const Connection* connection);
  std::size_t size() const;
  std::vector<std::shared_ptr<Connection>> all() const;
  bool wait_empty(base::Env::TimePoint deadline);  ///< false at `deadline`; one waiter

 private:
  base::Env& env_;
  std::unique_ptr<base::Env::Event> changed_;
  mutable std::mutex mutex_;
  std::unordered_map<const Connection*, std::weak_ptr<Connection>> connections_;
};

/// What the connections of one server share; outlives the server while a handler still runs.
struct Shared {
  Shared(base::Env& env_, ServerOptions options_, Handler handler_, Router router_)
      : env(env_),
        options(std::move(options_)),
        handler(std::move(handler_)),
        router(std::move(router_)),
        bodies(options.max_bodies),
        registry(env_) {}

  base::Env& env;
  const ServerOptions options;
  const Handler handler;
  const Router router;
  Budget bodies;
  Registry registry;
  std::stop_source stop;              ///< requested when handlers are no longer waited for
  std::atomic<bool> draining{false};  ///< each connection ends after the request it has
};

}  // namespace http
