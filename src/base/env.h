#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

namespace base {

/// Where everything above gets all that is not deterministic: time, chance, threads and waiting for
/// them. Production uses system_env(); a simulation brings its own and replays a run from its seed.
/// Nothing above base/ sleeps, reads a clock, waits on another thread or starts one in any other
/// way.
///
/// Thread-safe. No call while a mutex is held or an SQL transaction is open: in a simulation the
/// calling thread hands the baton on here, and whoever gets it must be able to run. The one
/// exception is Event::set(), which never does: it may be called under a mutex and by a
/// stop_callback.
class Env {
 public:
  /// Counts on while the machine is suspended (CLOCK_BOOTTIME): a lease does not wait for us.
  struct Clock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Clock>;
    static constexpr bool is_steady = true;
  };
  using Duration = Clock::duration;
  using TimePoint = Clock::time_point;
  using WallTime = std::chrono::system_clock::time_point;

  virtual ~Env() = default;

  virtual TimePoint now() const noexcept = 0;
  virtual WallTime wall_time() const noexcept = 0;  ///< for records and logs, never for leases

  /// True at `when`, false as soon as `stop` is requested. Never early otherwise. Here and in
  /// Event, TimePoint::max() means: without a deadline.
  virtual bool sleep_until(TimePoint when, std::stop_token stop) = 0;
  bool sleep_for(Duration d, std::stop_token stop) {
    return sleep_until(after(d), std::move(stop));
  }

  /// now() + d; TimePoint::max() where that would overflow.
  TimePoint after(Duration d) const noexcept {
    const TimePoint start = now();
    return d > TimePoint::max() - start ? TimePoint::max() : start + d;
  }

  /// The one way to wait for another thread. Set is remembered until a wait takes it.
  struct Event {
    virtual ~Event() = default;
    /// Wakes one of those who wait. May be called under a mutex and by a stop_callback.
    virtual void set() noexcept = 0;
    /// True when set (and resets it), false at `deadline` or when `stop` is requested. Set wins
    /// over both, so a wait with a deadline in the past asks without waiting.
    virtual bool wait_until(TimePoint deadline, std::stop_token stop) = 0;
  };
  virtual std::unique_ptr<Event> make_event() = 0;

  virtual std::uint64_t random() noexcept = 0;

  /// A running thread; destroying it requests stop and joins, as std::jthread does.
  struct Thread {
    virtual ~Thread() = default;
  };
  /// `name` is what a debugger shows (the system cuts it to 15 characters). An exception that
  /// leaves `body` ends the program. Throws std::system_error when the system has no thread to
  /// give.
  virtual std::unique_ptr<Thread> spawn(std::string name,
                                        std::function<void(std::stop_token)> body) = 0;
};

/// The machine's. A deadline that passes while the machine is suspended is noticed within 500 ms
/// after it resumes.
Env& system_env() noexcept;

}  // namespace base
