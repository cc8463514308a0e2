#include "base/env.h"

#include <pthread.h>
#include <sys/random.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

namespace base {
namespace {

/// The kernel's condition variables wait by CLOCK_MONOTONIC, which stands still while the machine
/// is suspended. So a long wait is cut into slices, each followed by a look at CLOCK_BOOTTIME: a
/// deadline that passed during a suspension is seen this long after it at the latest.
constexpr std::chrono::milliseconds kSlice{500};

Env::TimePoint boot_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return Env::TimePoint{std::chrono::seconds{t.tv_sec} + std::chrono::nanoseconds{t.tv_nsec}};
}

class SystemEvent final : public Env::Event {
 public:
  void set() noexcept override {
    const std::lock_guard lock(mutex_);
    set_ = true;
    changed_.notify_one();  // under the mutex: who waits may destroy this event as soon as it wakes
  }

  bool wait_until(Env::TimePoint deadline, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    while (!set_ && !stop.stop_requested()) {
      const Env::TimePoint now = boot_time();
      if (now >= deadline) break;
      const auto slice = std::min<Env::Duration>(deadline - now, kSlice);
      changed_.wait_until(lock, stop, std::chrono::steady_clock::now() + slice,
                          [this] { return set_; });
    }
    return std::exchange(set_, false);
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool set_ = false;
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
    std::uint64_t value = 0;
    // Up to 256 bytes come whole; only a signal before the kernel's pool is ready interrupts it.
    while (getrandom(&value, sizeof value, 0) != sizeof value) {
      if (errno != EINTR) std::abort();
    }
    return value;
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
