#pragma once
#include "base/env.h"
#include "inspector/config/keystone.h"
#include "tooz/drivers/memcached_wire/connection.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace inspector::keystone {

/// Several memcached that keep items each for itself; a key says which, as with Python's
/// python-memcached. One that does not answer, or answers rubbish, is left alone for a while, and
/// the next in the key's order takes its place. Thread-safe.
class MemcachedServers {
 public:
  MemcachedServers(base::Env& env, const SharedTokenOptions& options);

  /// nullopt: the item is not there, or no server can be asked. Waits for socket_timeout at most
  /// for a server, and for get_timeout for one of its connections.
  std::optional<std::string> get(const std::string& key);

  /// False: it was not stored.
  bool set(const std::string& key, const std::string& data, int seconds);

 private:
  using Connection = tooz::memcached::Connection;
  struct Idle {
    std::unique_ptr<Connection> connection;
    base::Env::TimePoint until;  ///< then it is closed unused
  };
  struct Server {
    tooz::net::Destination where;
    std::unique_ptr<base::Env::Event> returned;
    std::mutex mutex;
    std::vector<Idle> idle;           // guarded by mutex, as the next
    std::size_t open = 0;             // lent out, idle, or being made
    base::Env::TimePoint dead_until;  //
  };
  using Action = std::function<void(Connection&)>;

  /// Runs `action` with a connection to the key's server. False: there is none.
  bool run(const std::string& key, const Action& action);
  bool run_on(Server& server, const Action& action);
  bool is_dead(Server& server);
  void is_no_use(Server& server, const std::string& why);
  std::unique_ptr<Connection> idle_connection(Server& server);
  std::unique_ptr<Connection> take(Server& server);
  bool reserve(Server& server);
  void give_back(Server& server, std::unique_ptr<Connection> connection);

  base::Env& env_;
  const SharedTokenOptions options_;
  std::vector<std::unique_ptr<Server>> servers_;
};

}  // namespace inspector::keystone
