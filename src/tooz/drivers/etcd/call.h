#pragma once
#include "base/env.h"
#include "tooz/drivers/etcd/grpc_status.h"

#include <deque>
#include <mutex>
#include <optional>

namespace tooz::etcd {

using base::Env;

struct Request {
  std::string_view path;  ///< "/etcdserverpb.KV/Range"; of static storage
  std::string message;    ///< encoded, without its frame
  Env::TimePoint deadline = Env::TimePoint::max();
  bool stays_open = false;  ///< a watch: answers come until it is cancelled
  bool repeatable = false;  ///< doing it twice does no harm: it may be sent again elsewhere
};

/// One gRPC call, shared by the thread that made it and the I/O thread. Thread-safe.
class Call {
 public:
  Call(Env& env, Request request) : request_(std::move(request)), changed_(env.make_event()) {}

  const Request& request() const noexcept { return request_; }

  /// For the caller: true when a message came or the call ended since the last wait; false at
  /// `deadline` or when `stop` is requested.
  bool wait(Env::TimePoint deadline, std::stop_token stop) {
    return changed_->wait_until(deadline, std::move(stop));
  }
  std::optional<std::string> take_message();
  /// Nullopt: not ended yet.
  std::optional<Status> status() const;

  /// For the I/O thread. add() is false when more messages wait than a caller can want.
  bool add(std::string message);
  void finish(Status status);

  /// Which connection of the channel, counted from 1, the call was last sent on. Written by the I/O
  /// thread before finish(), read by the caller after status().
  std::uint64_t generation = 0;

  // Of the I/O thread alone: how often the call was sent, and with which login's token.
  int attempts = 0;
  std::uint64_t login = 0;

 private:
  static constexpr std::size_t kMaxMessages = 64;

  const Request request_;
  const std::unique_ptr<Env::Event> changed_;
  mutable std::mutex mutex_;
  std::deque<std::string> messages_;
  std::optional<Status> status_;
};

}  // namespace tooz::etcd
