#pragma once
#include "tooz/drivers/memcached/options.h"
#include "tooz/drivers/memcached/protocol.h"
#include "tooz/drivers/net/pool.h"
#include "tooz/drivers/net/stream.h"
#include "tooz/error.h"

namespace tooz::memcached {

using base::Env;

/// A connection for as long as one call lasts. For one thread at a time. Everything throws
/// net::TransportError and BadReply, after which it is of no more use, and Refused.
class Connection {
 public:
  Connection(Env& env, const net::Destination& to, Env::TimePoint deadline)
      : stream_(env, to, deadline), server_(to.text()) {}

  /// Until when all that follows is to be answered.
  void set_deadline(Env::TimePoint deadline) noexcept { deadline_ = deadline; }
  Env::TimePoint deadline() const noexcept { return deadline_; }

  void send(std::string_view commands) { stream_.send(commands, deadline_); }
  // The answers, in the order of the commands.
  std::string line() { return next(&take_line); }
  std::vector<Item> items() { return next(&take_items); }
  std::int64_t time() { return next(&take_time); }

  bool usable() { return buffer_.empty() && stream_.quiet(); }

 private:
  template <class Answer>
  Answer next(std::optional<Answer> (*take)(Buffer&)) {
    for (;;) {
      auto answer = take(buffer_);
      if (buffer_.empty()) Buffer().swap(buffer_);  // idle ones are many
      if (answer) return std::move(*answer);
      const std::string bytes = stream_.receive(deadline_);
      if (bytes.empty()) throw net::TransportError(server_ + ": no answer in time");
      buffer_ += bytes;
    }
  }

  net::Stream stream_;
  const std::string server_;
  Buffer buffer_;
  Env::TimePoint deadline_{};
};

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
