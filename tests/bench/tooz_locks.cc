#include "tests/bench/tooz_measures.h"
#include "tests/bench/tooz_parts.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr std::size_t kProcesses = 4;  ///< that the waiters of a lock are spread over
constexpr auto kWorkUnderLock = std::chrono::milliseconds(5);

std::string name_of(std::size_t thread) { return "bench-" + std::to_string(thread); }

double per_second(const Work& work, const std::function<void(std::size_t)>& cycle) {
  Env& env = base::system_env();
  std::atomic<std::size_t> number = 0;
  const auto begin = env.now();
  in_threads(work.threads, [&](std::size_t i) {
    for (; env.now() < begin + work.slice; ++number)
      cycle(i);
  });
  return static_cast<double>(number) / seconds(env.now() - begin);
}

void take_and_give_back(tooz::Lock& lock) {
  auto held = lock.try_acquire();
  if (!held) throw std::runtime_error("somebody else has a lock of the benchmark");
  held->release();
}

/// The bare transactions.
class Pairs {
 public:
  explicit Pairs(const std::string& url)
      : backend_(open_backend(url)), session_(backend_->open_session(kLongLease)) {}
  Pairs(const Pairs&) = delete;
  Pairs& operator=(const Pairs&) = delete;
  ~Pairs() { backend_->close_session(session_.id); }

  void one(std::size_t thread) {
    const std::string key = "tooz-cc/bench/" + name_of(thread);
    const auto created = backend_->create(key, "bench", session_.id);
    if (!created || !backend_->remove(key, *created))
      throw std::runtime_error("somebody else has " + key);
  }

  /// ms: the median of one write.
  double transaction() {
    Env& env = base::system_env();
    std::vector<double> times;
    for (int i = 0; i < 100; ++i) {
      const auto began = env.now();
      const auto created = backend_->create("tooz-cc/bench/one", "bench", session_.id);
      times.push_back(1000 * seconds(env.now() - began));
      if (created) backend_->remove("tooz-cc/bench/one", *created);
    }
    return median(times);
  }

 private:
  const std::unique_ptr<tooz::Backend> backend_;
  const tooz::Session session_;
};

/// When the lock was given back, and when the next one had it. Whichever is known first: the answer
/// to a release may be read later than the next one's.
class Relay {
 public:
  void got(Env::TimePoint when) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(begun_, true)) return;
    if (released_)
      times_.push_back(1000 * seconds(when - *std::exchange(released_, {})));
    else
      got_ = when;
  }
  void released(Env::TimePoint when) {
    const std::lock_guard lock(mutex_);
    if (got_) {
      times_.push_back(0);
      got_.reset();
    } else {
      released_ = when;
    }
  }
  std::vector<double> times() {
    const std::lock_guard lock(mutex_);
    return times_;
  }

 private:
  std::mutex mutex_;
  bool begun_ = false;
  std::optional<Env::TimePoint> released_;
  std::optional<Env::TimePoint> got_;
  std::vector<double> times_;
};

void relay_once(tooz::Coordinator& coordinator, Relay& relay) {
  Env& env = base::system_env();
  auto held = coordinator.lock("bench").acquire({}, env.now() + std::chrono::minutes(1));
  if (!held) throw std::runtime_error("nobody gives the lock back");
  relay.got(env.now());
  env.sleep_for(kWorkUnderLock, {});
  held->release();
  relay.released(env.now());
}

}  // namespace

Rates cycles(const Work& work) {
  tooz::Coordinator coordinator(base::system_env(), work.url, {.member_id = "bench"});
  std::vector<tooz::Lock> locks;
  for (std::size_t i = 0; i < work.threads; ++i)
    locks.push_back(coordinator.lock(name_of(i)));
  Pairs pairs(work.url);
  take_and_give_back(locks.front());
  pairs.one(0);
  const auto lock_rate = [&] {
    return per_second(work, [&](std::size_t i) { take_and_give_back(locks[i]); });
  };
  const auto pair_rate = [&] { return per_second(work, [&](std::size_t i) { pairs.one(i); }); };
  std::vector<double> of_locks;
  std::vector<double> of_pairs;
  std::vector<double> percent;
  for (int round = 0; round < work.rounds; ++round) {
    if (round % 2 == 1) of_locks.push_back(lock_rate());
    of_pairs.push_back(pair_rate());
    if (round % 2 == 0) of_locks.push_back(lock_rate());
    percent.push_back(100 * of_locks.back() / of_pairs.back());
  }
  return {median(of_locks), median(of_pairs), median(percent)};
}

double counted_cycles(const std::string& url, int number, const std::function<double()>& counter) {
  tooz::Coordinator coordinator(base::system_env(), url,
                                {.member_id = "bench", .lease = kLongLease});
  tooz::Lock lock = coordinator.lock("bench");
  take_and_give_back(lock);
  const double before = counter();
  for (int i = 0; i < number; ++i)
    take_and_give_back(lock);
  return counter() - before;
}

HandOvers hand_overs(const std::string& url, std::size_t waiters, Env::Duration time) {
  Env& env = base::system_env();
  const double transaction = Pairs(url).transaction();
  std::deque<Counted> processes;
  for (std::size_t i = 0; i < std::min(waiters, kProcesses); ++i)
    processes.emplace_back(url);
  const auto calls = [&] {
    double sum = 0;
    for (const Counted& one : processes)
      sum += one.requests() + one.waits();
    return sum;
  };
  std::atomic<bool> over = false;
  std::atomic<std::size_t> turns = 0;
  Relay relay;
  double counted = 0;
  std::size_t counted_turns = 0;
  in_threads(waiters + 1, [&](std::size_t i) {
    if (i < waiters) {
      for (; !over; ++turns)
        relay_once(processes[i % processes.size()].coordinator(), relay);
      return;
    }
    // Everybody waits by then.
    const auto limit = env.now() + std::chrono::seconds(30);
    while (turns < waiters && env.now() < limit)
      env.sleep_for(kWorkUnderLock, {});
    const double before = calls();
    const std::size_t first = turns;
    env.sleep_for(time, {});
    counted = calls() - before;
    counted_turns = turns - first;
    over = true;
  });
  const auto number = static_cast<double>(std::max<std::size_t>(1, counted_turns));
  return {number, median(relay.times()), transaction, counted / number};
}

}  // namespace bench
