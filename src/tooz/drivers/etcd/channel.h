#pragma once
#include "tooz/drivers/etcd/call.h"
#include "tooz/drivers/etcd/options.h"

#include <atomic>
#include <vector>

namespace tooz::etcd {

/// gRPC calls to whichever endpoint answers. Neither thread nor socket exists before the first
/// call. Thread-safe.
class Channel {
 public:
  Channel(Env& env, Options options);
  ~Channel();  ///< no call may be under way
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  struct Reply {
    Status status;
    std::string message;           ///< if the status is good
    std::uint64_t generation = 0;  ///< which connection brought it
  };
  /// Blocks until the answer or the request's deadline (then kDeadlineExceeded). kUnavailable also
  /// earlier: no endpoint takes a connection, or it was lost.
  Reply call(Request request);

  /// Starts a call that stays open; to be given to cancel() in the end.
  std::shared_ptr<Call> start(Request request);
  void cancel(const std::shared_ptr<Call>& call);

  /// Counts connections: another number, another connection.
  std::uint64_t generation() const noexcept { return generation_; }

 private:
  struct Inbox {
    std::vector<std::shared_ptr<Call>> started;
    std::vector<std::shared_ptr<Call>> cancelled;
  };
  static constexpr std::size_t kMaxInbox = 10'000;

  void wake() const noexcept;
  void ensure_running();
  void run(const std::stop_token& stop);
  Inbox take_inbox();

  Env& env_;
  const Options options_;
  std::mutex mutex_;
  Inbox inbox_;
  bool running_ = false;
  std::atomic<std::uint64_t> generation_ = 0;
  int wake_fd_ = -1;  // an eventfd, made with the thread
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz::etcd
