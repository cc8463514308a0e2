#include "tests/sim/lock_world.h"

#include <array>

#include "sim/drift_env.h"
#include "sim/sim_env.h"
#include "tests/sim/lock_judge.h"
#include "tooz/coordinator.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/error.h"
#include "tooz/recipes/wiring.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;

constexpr std::array<std::string_view, 5> kNames{"a", "b", "c", "d", "e"};
constexpr auto kLease = 10s;
constexpr auto kPatience = 10min;
constexpr std::string_view kLock = "node";
constexpr std::size_t kPermits = 2;

class LockWorld {
 public:
  LockWorld(std::uint64_t seed, tooz::Flaws flaws, Sharing sharing)
      : env_(seed),
        store_(tooz::make_memory_store(env_)),
        flaws_(flaws),
        sharing_(sharing),
        judge_(sharing == Sharing::kPermits ? kPermits : 1) {}

  LockRun run(Env::Duration length);

 private:
  struct Member {
    FaultyBackend* net = nullptr;  // null: not up
    std::unique_ptr<Env::Thread> thread;
  };

  void start(std::size_t number);
  void live(std::size_t number, SimProcess& process, const std::stop_token& stop);
  struct Self {
    std::size_t number;
    SimProcess& process;  ///< its clock is the world's
    DriftEnv& env;        ///< what the member sees
  };
  template <class LockOrSemaphore>
  void take_a_turn(LockOrSemaphore lock, const Self& self, bool shared = false);
  void take_a_turn(tooz::Coordinator& coordinator, const Self& self);
  void strike();
  void kill(std::size_t number);
  void wind_up();
  Env::Duration draw(Env::Duration most) {
    return Env::Duration(
        static_cast<Env::Duration::rep>(env_.random() % static_cast<std::uint64_t>(most.count())));
  }

  SimEnv env_;
  const std::shared_ptr<tooz::MemoryStore> store_;
  const tooz::Flaws flaws_;
  const Sharing sharing_;
  LockJudge judge_;
  LockRun run_;
  Faults faults_{.lost_request = 0.02,
                 .lost_reply = 0.02,
                 .late_request = 0.01,
                 .slow = 0.2,
                 .longest_delay = 40ms,
                 .timeout = 2s};
  std::array<Member, kNames.size()> members_;
  std::size_t holder_ = 0;  // who had the lock last
  bool closing_ = false;
};

LockRun LockWorld::run(Env::Duration length) {
  env_.run([&] {
    const auto end = env_.now() + length;
    for (std::size_t i = 0; i < members_.size(); ++i)
      start(i);
    auto quiet_since = env_.now();
    while (env_.now() < end && judge_.violation().empty()) {
      env_.sleep_for(draw(30s), {});
      strike();
      quiet_since = std::max(quiet_since, judge_.last_grant());
      if (env_.now() - quiet_since > kPatience) judge_.report("nobody gets the lock any more");
    }
    wind_up();
  });
  run_.violation = judge_.violation();
  run_.trace = env_.trace_hash();
  run_.grants = judge_.grants();
  return run_;
}

void LockWorld::start(std::size_t number) {
  SimProcess& process = env_.process(std::string(kNames[number]));
  members_[number].thread = process.spawn(
      "main", [&, number](const std::stop_token& stop) { live(number, process, stop); });
}

void LockWorld::live(std::size_t number, SimProcess& process, const std::stop_token& stop) {
  DriftEnv env(process, 0.98 + 0.01 * static_cast<double>(number));
  auto net =
      std::make_unique<FaultyBackend>(env, tooz::make_memory_backend(env_, store_), faults_,
                                      [&env](Env::TimePoint time) { return env.inner_time(time); });
  FaultyBackend& calls = *net;
  members_[number].net = &calls;
  tooz::Processes nobody{{}, [](const auto&) { return std::nullopt; }};
  tooz::Coordinator coordinator(env, {std::move(net), std::move(nobody), flaws_},
                                {.member_id = process.name(), .lease = kLease});
  while (!stop.stop_requested()) {
    try {
      if (!closing_) take_a_turn(coordinator, {number, process, env});
    } catch (const tooz::Error&) {
      ++run_.unreachable;
    }
    process.sleep_for(draw(10s), stop);
  }
  members_[number].net = nullptr;
  const auto counts = calls.counts();
  run_.calls.calls += counts.calls;
  run_.calls.lost_requests += counts.lost_requests;
  run_.calls.lost_replies += counts.lost_replies;
  run_.calls.late_requests += counts.late_requests;
}

// The judge is told times of the world. Looks often when the lease is about to end, which is when
// things go wrong.
template <class LockOrSemaphore>
void LockWorld::take_a_turn(LockOrSemaphore lock, const Self& self, bool shared) {
  auto guard =
      env_.random() % 4 == 0 ? lock.try_acquire() : lock.acquire({}, self.env.now() + draw(2min));
  if (!guard) return;
  holder_ = self.number;
  const auto granted = self.process.now();
  const auto end = granted + draw(40s);
  for (auto seen = granted; seen < end; seen = self.process.now()) {
    const auto left = guard->remaining();
    if (left == Env::Duration::zero()) {
      ++run_.lost_while_held;
      return;
    }
    judge_.look({self.process.name(), shared}, guard->token(), granted, seen);
    self.process.sleep_for(left < 2s ? draw(40ms) : draw(1s), {});
  }
  if (env_.random() % 2 == 0) guard->release();
}

void LockWorld::take_a_turn(tooz::Coordinator& coordinator, const Self& self) {
  if (sharing_ == Sharing::kPermits)
    return take_a_turn(coordinator.semaphore(kLock, kPermits), self);
  const bool shared = sharing_ == Sharing::kReaders && env_.random() % 3 != 0;
  take_a_turn(coordinator.lock(kLock, shared ? tooz::Mode::kShared : tooz::Mode::kExclusive), self,
              shared);
}

void LockWorld::strike() {
  const auto number = env_.random() % 4 != 0 ? holder_ : env_.random() % members_.size();
  FaultyBackend* net = members_[number].net;
  const auto until = env_.now() + draw(40s);
  const auto kind = env_.random() % 100;
  if (net && kind < 50) {
    net->partition_until(until);
    ++run_.partitions;
  } else if (kind < 75) {
    env_.process(std::string(kNames[number])).freeze_until(until);
    ++run_.freezes;
  } else if (kind == 75 && run_.kills == 0) {
    kill(number);
  }
}

void LockWorld::kill(std::size_t number) {
  env_.process(std::string(kNames[number])).kill();
  members_[number].net = nullptr;
  members_[number].thread.reset();
  ++run_.kills;
  start(number);
}

// Everybody is back and nobody asks any more: though the sessions live on, nothing may be left.
void LockWorld::wind_up() {
  closing_ = true;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    env_.process(std::string(kNames[i])).freeze_until(env_.now());
    if (!members_[i].net) continue;
    members_[i].net->partition_until(env_.now());
    members_[i].net->set_faults({});
  }
  env_.sleep_for(3min, {});
  const auto backend = tooz::make_memory_backend(env_, store_);
  for (const std::string_view prefix : {"/tooz/locks", "tooz-cc/lock/", "tooz-cc/semaphore/"})
    for (const auto& entry : backend->list(prefix).entries)
      judge_.report(entry.key + " was left behind");
  for (auto& member : members_)
    member.thread.reset();
}

}  // namespace

LockRun run_lock_world(std::uint64_t seed, Env::Duration length, tooz::Flaws flaws) {
  return LockWorld(seed, flaws, Sharing::kNone).run(length);
}

LockRun run_sharing_world(std::uint64_t seed, Env::Duration length, Sharing sharing) {
  return LockWorld(seed, {}, sharing).run(length);
}

}  // namespace sim
