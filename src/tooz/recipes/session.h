#pragma once
#include "tooz/error.h"
#include "tooz/recipes/broadcast.h"
#include "tooz/recipes/lease.h"
#include "tooz/recipes/meter.h"

#include <atomic>

namespace tooz {

/// Keeps one session open: renews it every third of its time to live, ends it in time when the
/// backend does not answer, and then opens the next one. Who uses a session holds its Lease, and
/// learns from that when it is over. Thread-safe. Throws tooz::Error.
class SessionKeeper {
 public:
  struct Setting {
    Env::Duration wanted;
    Flaws flaws;
  };
  /// Does not wait for the backend.
  SessionKeeper(Env& env, Backend& backend, const Setting& setting, const Meter& meter);
  ~SessionKeeper();  ///< stop()
  SessionKeeper(const SessionKeeper&) = delete;
  SessionKeeper& operator=(const SessionKeeper&) = delete;

  /// A lease that was good a moment ago. Waits while one is being opened; throws what the last
  /// attempt has met, kUnreachable as a rule, as soon as that has failed, and kSessionLost after
  /// stop().
  std::shared_ptr<Lease> require();

  /// The same, but waits through failures; null at `deadline`, when `stop` is requested and after
  /// stop().
  std::shared_ptr<Lease> wait(Env::TimePoint deadline, std::stop_token stop);

  std::shared_ptr<Lease> current() const;  ///< null: none that is known to be good
  bool connected() const noexcept { return connected_; }
  /// When the last request left that was answered.
  Env::TimePoint confirmed() const noexcept {
    return Env::TimePoint(Env::Duration(confirmed_.load()));
  }
  Broadcast& changed() noexcept { return changed_; }  ///< another lease, or another failure

  /// Ends the lease first, then closes the session, unless the last call went unanswered. Blocks
  /// for a call under way and one more.
  void stop();

 private:
  void run(const std::stop_token& stop);
  void watch_clock(const std::stop_token& stop);
  std::shared_ptr<Lease> open();
  void keep(Lease& lease, const std::stop_token& stop);
  bool renew(Lease& lease, Env::TimePoint sent);
  void close(SessionId session) noexcept;
  void publish(std::shared_ptr<Lease> lease);
  void fail(const Error& error);
  void note_failure(std::string_view what, std::string_view why);
  void note_answer(Env::TimePoint sent);

  Env& env_;
  Backend& backend_;
  const Env::Duration wanted_;
  const Flaws flaws_;
  const Meter meter_;
  Broadcast changed_;
  std::atomic<bool> connected_ = false;
  std::atomic<Env::Duration::rep> confirmed_{Env::TimePoint::min().time_since_epoch().count()};
  std::stop_source stopping_;

  // Of the keeper's thread alone.
  std::vector<SessionId> unclosed_;  ///< lost while nobody answered
  bool failing_ = false;

  mutable std::mutex mutex_;
  std::shared_ptr<Lease> lease_;
  std::optional<Error> failure_;  ///< of the last attempt; none while one is under way

  std::unique_ptr<Env::Thread> keeper_;
  std::unique_ptr<Env::Thread> watchdog_;  ///< a renewal may hang; the clock must not
};

}  // namespace tooz
