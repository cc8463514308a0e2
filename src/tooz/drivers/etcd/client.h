#pragma once
#include "tooz/drivers/etcd/channel.h"
#include "tooz/drivers/etcd/codec.h"

namespace tooz::etcd {

/// Unary calls with the driver's timeout, and their refusals as tooz::Error. Thread-safe.
class Client {
 public:
  Client(Env& env, Options options)
      : env_(env),
        timeout_(options.timeout),
        name_(options.name),
        channel_(env, std::move(options)) {}

  enum class Repeat { kHarmless, kNever };
  struct What {
    std::string_view path;
    std::string_view verb;  ///< for the error text: "create tooz/x"
    std::string_view key;
    Repeat repeat = Repeat::kNever;
  };
  struct Answer {
    std::string message;
    std::uint64_t generation = 0;  ///< of the connection that brought it
  };
  /// Throws Error.
  Answer call(const What& what, std::string message);

  /// What `decode` makes of a reply; one that it cannot understand is no answer.
  template <class Decode>
  auto decoded(const What& what, const std::string& message, Decode decode) const {
    try {
      return decode(message);
    } catch (const BadReply& e) {
      fail(what, Errc::kUnreachable, e.what());
    }
  }

  [[noreturn]] void fail(const What& what, const Status& status);
  [[noreturn]] void fail(const What& what, Errc code, std::string_view why) const;

  Channel& channel() noexcept { return channel_; }
  Env& env() noexcept { return env_; }
  Env::Duration timeout() const noexcept { return timeout_; }

  /// Counts refusals by the server.
  std::uint64_t refusals() const noexcept { return refusals_; }

 private:
  Env& env_;
  const Env::Duration timeout_;
  const std::string name_;
  std::atomic<std::uint64_t> refusals_ = 0;
  Channel channel_;
};

}  // namespace tooz::etcd
