#pragma once
#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "tooz/backend.h"

namespace sim {

/// What goes wrong between a client and its backend, and how often: chances from 0 to 1.
struct Faults {
  double lost_request = 0;              ///< never executed
  double lost_reply = 0;                ///< executed, and the client does not learn of it
  double late_request = 0;              ///< executed some time after the client has given up
  double slow = 0;                      ///< a request, or a reply, takes up to the timeout
  base::Env::Duration longest_delay{};  ///< of the others; drawn evenly
  base::Env::Duration timeout = std::chrono::seconds(2);  ///< what an unanswered call blocks for
};

/// A backend behind a bad network, by chances that `env` draws. Unanswered calls throw
/// kUnreachable, as any driver's. Thread-safe, as any backend.
class FaultyBackend final : public tooz::Backend {
 public:
  using Env = base::Env;

  /// What the clock of `inner` shows when ours shows the given time; empty: the same.
  using ServerTime = std::function<Env::TimePoint(Env::TimePoint)>;

  FaultyBackend(Env& env, std::shared_ptr<tooz::Backend> inner, const Faults& faults = {},
                ServerTime server_time = {});
  ~FaultyBackend() override;  ///< waits for late requests

  void set_faults(const Faults& faults);
  /// Nothing passes, either way, before `when`.
  void partition_until(Env::TimePoint when) noexcept;

  struct Counts {
    std::uint64_t calls = 0;
    std::uint64_t writes = 0;  ///< asked for; of sessions and keys, but for renewals
    std::uint64_t reads = 0;
    std::uint64_t renewals = 0;
    std::uint64_t waits = 0;  ///< begun
    std::uint64_t lost_requests = 0;
    std::uint64_t lost_replies = 0;
    std::uint64_t late_requests = 0;
  };
  Counts counts() const;

  tooz::Session open_session(Env::Duration wanted) override;
  Env::Duration renew(tooz::SessionId session) override;
  void close_session(tooz::SessionId session) override;
  std::optional<tooz::Revision> create(std::string_view key, std::string_view value,
                                       tooz::SessionId owner, const tooz::Guard& guard) override;
  std::optional<tooz::Revision> replace(std::string_view key, std::string_view value,
                                        tooz::Revision expected) override;
  bool remove(std::string_view key, tooz::Revision expected, const tooz::Guard& guard) override;
  std::optional<tooz::Entry> get(std::string_view key) override;
  tooz::Snapshot list(std::string_view prefix) override;
  void wait_change(std::string_view prefix, tooz::Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override;
  /// `tells` false: as of a driver that can only tell that something has happened.
  void set_tells(bool tells) noexcept { tells_ = tells; }
  std::optional<tooz::Changes> next_changes(std::string_view prefix, tooz::Revision at,
                                            Env::TimePoint deadline, std::stop_token stop) override;
  std::string origin() override;

 private:
  /// A request on its way; it copies what it needs, because it may outlive the call.
  using Request = std::function<void()>;

  void count(std::uint64_t Counts::*kind);
  void pass(const Request& request);
  void send_late(Request request);
  bool partitioned() const;
  bool happens(double chance);
  void travel(const Faults& faults);
  Env::Duration delay(Env::Duration longest);
  [[noreturn]] void give_up(Env::TimePoint when);
  Faults faults() const;

  Env& env_;
  const std::shared_ptr<tooz::Backend> inner_;
  const ServerTime server_time_;
  std::atomic<Env::Duration::rep> partition_end_{0};
  std::atomic<bool> tells_{true};
  mutable std::mutex mutex_;
  Faults faults_;
  Counts counts_;
  std::vector<std::unique_ptr<Env::Thread>> late_;
};

}  // namespace sim
