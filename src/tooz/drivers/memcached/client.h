#pragma once
#include "tooz/drivers/memcached/options.h"
#include "tooz/drivers/memcached_wire/connection.h"
#include "tooz/drivers/net/pool.h"
#include "tooz/error.h"

namespace tooz::memcached {

using base::Env;

/// Runs what a call does with the driver's timeout, and turns what goes wrong into tooz::Error.
/// Thread-safe.
class Client {
 public:
  Client(Env& env, const Options& options);

  struct What {
    std::string_view verb;  ///< for the error text: "create tooz/x"
    std::string_view key;
  };
  /// Returns what `action` does with a connection. One connection for all of a call: the numbers
  /// that cas compares begin anew when the server does, and then the connection is gone.
  template <class Action>
  auto run(const What& what, Action action) {
    const auto deadline = env_.now() + timeout_;
    try {
      auto connection = pool_.take(deadline);
      connection->set_deadline(deadline);
      try {
        auto result = action(*connection);
        connection.keep();
        return result;
      } catch (const Error&) {
        connection.keep();  // thrown between two exchanges
        throw;
      }
    } catch (const Error&) {
      throw;
    } catch (const std::runtime_error& e) {
      fail(what, e);
    }
  }

  [[noreturn]] void fail(const What& what, Errc code, std::string_view why) const;
  Env& env() noexcept { return env_; }
  const std::string& name() const noexcept { return name_; }

 private:
  [[noreturn]] void fail(const What& what, const std::runtime_error& error) const;

  Env& env_;
  const Env::Duration timeout_;
  const std::string name_;
  net::Pool<Connection> pool_;
};

}  // namespace tooz::memcached
