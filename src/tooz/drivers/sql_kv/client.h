#pragma once
#include "tooz/drivers/sql_kv/pool.h"
#include "tooz/error.h"

namespace tooz::sql_kv {

/// What both drivers take from a URL.
struct Settings {
  std::vector<Url::Host> hosts;  ///< at least one, each with its port
  Env::Duration timeout = std::chrono::seconds(5);
  std::string name;  ///< the URL for errors: no password
};

/// Batches with the driver's timeout, repeated where that does no harm, and Failure as tooz::Error.
/// Thread-safe.
class Client {
 public:
  Client(Env& env, Server& server, Settings settings)
      : env_(env),
        settings_(std::move(settings)),
        connector_(env, server, settings_.hosts),
        pool_(env, connector_) {}

  struct What {
    std::string_view verb;  ///< for the error text: "create tooz/x"
    std::string_view key;
  };
  /// Blocks for at most the timeout.
  Result run(const What& what, const Batch& batch);
  /// The same for one whose rows begin with whether the server takes no writes any more. There is
  /// at least one row.
  Result read(const What& what, const Batch& batch);

  std::string origin();
  void forget_origin() { connector_.forget_origin(); }

  /// Outside the pool, within the timeout; throws Failure.
  std::unique_ptr<Connection> connect() {
    return connector_.connect(env_.now() + settings_.timeout);
  }

  [[noreturn]] void fail(const What& what, Errc code, std::string_view why) const;

 private:
  using Action = std::function<Result(Connection&, Env::TimePoint)>;
  Result repeat(const What& what, bool repeatable, const Action& action);

  Env& env_;
  const Settings settings_;
  Connector connector_;
  Pool pool_;
};

}  // namespace tooz::sql_kv
