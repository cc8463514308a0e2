#pragma once
#include "tooz/drivers/net/pool.h"
#include "tooz/drivers/redis/codec.h"
#include "tooz/drivers/redis/locator.h"
#include "tooz/drivers/redis/scripts.h"
#include "tooz/error.h"

namespace tooz::redis {

/// Runs scripts with the driver's timeout, and turns what goes wrong into tooz::Error. Thread-safe.
class Client {
 public:
  Client(Env& env, const Options& options);

  enum class Repeat { kHarmless, kNever };
  struct What {
    const Script& script;
    std::string_view verb;  ///< for the error text: "create tooz/x"
    std::string_view key;
    Repeat repeat = Repeat::kNever;
  };
  /// Throws Error. An answer that is refused certainly (no master, still loading) is asked for
  /// again until the timeout; one that got lost only if that is harmless.
  Reply run(const What& what, const std::vector<std::string_view>& arguments);

  [[noreturn]] void fail(const What& what, Errc code, std::string_view why) const;
  /// What `decode` makes of a reply; one that it cannot understand is no answer.
  template <class Decode>
  auto decoded(const What& what, const Reply& reply, Decode decode) const {
    try {
      return decode(reply);
    } catch (const BadReply& e) {
      fail(what, Errc::kUnreachable, e.what());
    }
  }

  Env& env() noexcept { return env_; }
  Env::Duration timeout() const noexcept { return timeout_; }
  const std::string& name() const noexcept { return name_; }
  const std::string& channel() const noexcept { return channel_; }
  Locator& locator() noexcept { return locator_; }

 private:
  std::optional<Reply> attempt(const What& what, const std::vector<std::string_view>& arguments,
                               Env::TimePoint deadline);
  Reply evaluate(Connection& connection, const Script& script,
                 const std::vector<std::string_view>& arguments, Env::TimePoint deadline);

  Env& env_;
  const Env::Duration timeout_;
  const std::string name_;
  const std::string space_;
  const std::string channel_;
  Locator locator_;
  net::Pool<Connection> pool_;
};

}  // namespace tooz::redis
