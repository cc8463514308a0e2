#pragma once
#include "tooz/drivers/memcached_wire/protocol.h"
#include "tooz/drivers/net/stream.h"

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

}  // namespace tooz::memcached
