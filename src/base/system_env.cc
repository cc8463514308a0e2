#include "base/env.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <thread>
#include <utility>

namespace base {
namespace {

/// The kernel's futexes wait by CLOCK_MONOTONIC, which stands still while the machine
/// is suspended. So a long wait is cut into slices, each followed by a look at CLOCK_BOOTTIME: a
/// deadline that passed during a suspension is seen this long after it at the latest.
constexpr std::chrono::milliseconds kSlice{500};

Env::TimePoint boot_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return Env::TimePoint{std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec}};
}

/// One word of a futex, so that a set costs one system call and a wake-up one: with a mutex and a
/// condition variable it is up to six, as who is woken meets the mutex of who wakes.
class SystemEvent final : public Env::Event {
 public:
  /// Who waits may destroy this event as soon as it is set; the call that wakes him takes the
  /// address only, and is harmless where nothing waits at it any more.
  void set() noexcept override {
    if ((word_.fetch_or(kSet) & kWaiters) != 0) futex(FUTEX_WAKE_PRIVATE, 1, nullptr);
  }

  bool wait_until(Env::TimePoint deadline, std::stop_token stop) override {
    if (take()) return true;
    const std::stop_callback when_stopped(stop, [this] {
      word_.fetch_add(kStop);  // who is about to wait for the word as it was does not
      futex(FUTEX_WAKE_PRIVATE, INT_MAX, nullptr);
    });
    word_.fetch_add(kWaiter);
    bool taken = false;
    for (;;) {
      const std::uint32_t seen = word_.load();
      taken = take();
      if (taken || stop.stop_requested()) break;
      const Env::TimePoint now = boot_time();
      if (now >= deadline) break;
      if ((seen & kSet) == 0) wait(seen, std::min<Env::Duration>(deadline - now, kSlice));
    }
    word_.fetch_sub(kWaiter);
    return taken;
  }

 private:
  static constexpr std::uint32_t kSet = 1;
  static constexpr std::uint32_t kWaiter = 2;  ///< one of those who wait
  static constexpr std::uint32_t kWaiters = 0xfffe;
  static constexpr std::uint32_t kStop = 0x10000;  ///< one of the stops so far; wraps around

  bool take() noexcept { return (word_.fetch_and(~kSet) & kSet) != 0; }

  void wait(std::uint32_t seen, Env::Duration most) noexcept {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(most);
    const timespec time{seconds.count(), (most - seconds).count()};
    futex(FUTEX_WAIT_PRIVATE, seen, &time);
  }

  void futex(int operation, std::uint32_t value, const timespec* time) noexcept {
    syscall(SYS_futex, &word_, operation, value, time, nullptr, 0);
  }

  std::atomic<std::uint32_t> word_{0};
};

class SystemThread final : public Env::Thread {
 public:
  SystemThread(const std::string& name, std::function<void(std::stop_token)> body)
      : thread_(
            [name = name.substr(0, kLongestName), body = std::move(body)](std::stop_token stop) {
              pthread_setname_np(pthread_self(), name.c_str());
              body(std::move(stop));
            }) {}

 private:
  static constexpr std::size_t kLongestName = 15;  // the kernel refuses longer ones
  std::jthread thread_;
};

/// How many fork()s lie between the program's start and this process.
std::atomic<unsigned> forks = 0;

/// As much as the kernel gives with one call. The child of a fork() draws its own.
class ChanceBlock {
 public:
  std::uint64_t next() noexcept {
    static const int watched = pthread_atfork(nullptr, nullptr, [] { ++forks; });
    if (watched != 0) std::abort();
    if (next_ == values_.size() || of_ != forks.load(std::memory_order_relaxed)) fill();
    return values_[next_++];
  }

 private:
  void fill() noexcept {
    // Up to 256 bytes come whole; only a signal before the kernel's pool is ready interrupts it.
    while (getrandom(values_.data(), sizeof values_, 0) != sizeof values_) {
      if (errno != EINTR) std::abort();
    }
    of_ = forks;
    next_ = 0;
  }

  std::array<std::uint64_t, 32> values_{};
  std::size_t next_ = values_.size();
  unsigned of_ = 0;
};

class SystemEnv final : public Env {
 public:
  TimePoint now() const noexcept override { return boot_time(); }
  WallTime wall_time() const noexcept override { return std::chrono::system_clock::now(); }

  bool sleep_until(TimePoint when, std::stop_token stop) override {
    SystemEvent never;
    never.wait_until(when, stop);
    return !stop.stop_requested();
  }

  std::unique_ptr<Event> make_event() override { return std::make_unique<SystemEvent>(); }

  std::uint64_t random() noexcept override {
    thread_local ChanceBlock block;
    return block.next();
  }

  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override {
    return std::make_unique<SystemThread>(name, std::move(body));
  }
};

}  // namespace

Env& system_env() noexcept {
  static SystemEnv env;
  return env;
}

}  // namespace base
