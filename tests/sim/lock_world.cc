#include "tests/sim/lock_world.h"

#include "tests/sim/lock_judge.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;
using Self = Contenders::Self;

constexpr auto kPatience = 10min;
constexpr std::string_view kLock = "node";
constexpr std::size_t kPermits = 2;

class LockWorld {
 public:
  LockWorld(std::uint64_t seed, tooz::Flaws flaws, Sharing sharing)
      : contenders_(seed, flaws, [this](const Self& self) { take_a_turn(self); }),
        sharing_(sharing),
        judge_(sharing == Sharing::kPermits ? kPermits : 1) {}

  LockRun run(Env::Duration length);

 private:
  template <class LockOrSemaphore>
  void take_a_turn(LockOrSemaphore lock, const Self& self, bool shared = false);
  void take_a_turn(const Self& self);
  bool goes_on();
  void look_what_is_left();

  Contenders contenders_;
  const Sharing sharing_;
  LockJudge judge_;
  LockRun run_;
  Env::TimePoint quiet_since_{};
};

LockRun LockWorld::run(Env::Duration length) {
  quiet_since_ = contenders_.env.now();
  contenders_.run(
      length, [this] { return goes_on(); }, [this] { look_what_is_left(); });
  run_.violation = judge_.violation();
  run_.trace = contenders_.env.trace_hash();
  run_.grants = judge_.grants();
  run_.troubles = contenders_.troubles();
  return run_;
}

bool LockWorld::goes_on() {
  const auto now = contenders_.env.now();
  quiet_since_ = std::max(quiet_since_, judge_.last_grant());
  if (now - quiet_since_ > kPatience) judge_.report("nobody gets the lock any more");
  return judge_.violation().empty();
}

// The judge is told times of the world. Looks often when the lease is about to end, which is when
// things go wrong.
template <class LockOrSemaphore>
void LockWorld::take_a_turn(LockOrSemaphore lock, const Self& self, bool shared) {
  auto guard = contenders_.env.random() % 4 == 0
                   ? lock.try_acquire()
                   : lock.acquire({}, self.env.now() + contenders_.draw(2min));
  if (!guard) return;
  contenders_.note_holder(self.number);
  const auto granted = self.process.now();
  const auto end = granted + contenders_.draw(40s);
  for (auto seen = granted; seen < end; seen = self.process.now()) {
    const auto left = guard->remaining();
    if (left == Env::Duration::zero()) {
      ++run_.lost_while_held;
      return;
    }
    judge_.look({self.process.name(), shared}, guard->token(), granted, seen);
    self.process.sleep_for(contenders_.draw(left < 2s ? Env::Duration(40ms) : 1s), {});
  }
  if (contenders_.env.random() % 2 == 0) guard->release();
}

void LockWorld::take_a_turn(const Self& self) {
  if (sharing_ == Sharing::kPermits)
    return take_a_turn(self.coordinator.semaphore(kLock, kPermits), self);
  const bool shared = sharing_ == Sharing::kReaders && contenders_.env.random() % 3 != 0;
  take_a_turn(self.coordinator.lock(kLock, shared ? tooz::Mode::kShared : tooz::Mode::kExclusive),
              self, shared);
}

// Though the sessions live on, nothing may be left.
void LockWorld::look_what_is_left() {
  const auto backend = tooz::make_memory_backend(contenders_.env, contenders_.store);
  for (const std::string_view prefix : {"/tooz/locks", "tooz-cc/lock/", "tooz-cc/semaphore/"})
    for (const auto& entry : backend->list(prefix).entries)
      judge_.report(entry.key + " was left behind");
}

}  // namespace

LockRun run_lock_world(std::uint64_t seed, Env::Duration length, tooz::Flaws flaws) {
  return LockWorld(seed, flaws, Sharing::kNone).run(length);
}

LockRun run_sharing_world(std::uint64_t seed, Env::Duration length, Sharing sharing) {
  return LockWorld(seed, {}, sharing).run(length);
}

}  // namespace sim
