#include "tests/sim/history_world.h"

#include "sim/history/client.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;

const std::vector<std::string> kLocks{"one", "two", "three"};

void count(const History& history, HistoryRun& run) {
  for (const auto& [name, of] : history.all()) {
    for (const auto& call : of.lock)
      if (call.op.kind == LockUse::Kind::kAcquire) ++run.grants;
    for (const auto& call : of.cell) {
      if (call.ended == kNever)
        ++run.without_answer;
      else if (call.op.refused)
        ++run.refused;
      else if (call.op.kind == Access::Kind::kWrite)
        ++run.written;
    }
  }
}

}  // namespace

HistoryRun run_history_world(std::uint64_t seed, Env::Duration length,
                             const PlantedMistakes& planted) {
  const std::vector<std::string> locks(kLocks.begin(), kLocks.begin() + 1 + seed % kLocks.size());
  History history;
  HistoryRun run;
  Contenders* all = nullptr;
  Contenders contenders(seed, planted.library, [&](const Contenders::Self& self) {
    HistoryClient client(self.env, self.coordinator, self.storage, history,
                         {.longest_hold = 40s,
                          .longest_wait = 2min,
                          .token_not_checked = planted.token_not_checked,
                          .on_grant = [&] { all->note_holder(self.number); }});
    if (client.take_a_turn(locks[self.env.random() % locks.size()]) == HistoryClient::End::kLost)
      ++run.lost;
  });
  all = &contenders;
  const auto server = tooz::make_memory_backend(contenders.env, contenders.storage);
  for (const auto& name : locks)
    GuardedRegister(*server, register_key(name)).make();
  contenders.run(
      length, [] { return true; }, [] {});
  run.violation = judge(history);
  count(history, run);
  run.troubles = contenders.troubles();
  return run;
}

void HistoryRun::add(const HistoryRun& other) {
  grants += other.grants;
  lost += other.lost;
  refused += other.refused;
  written += other.written;
  without_answer += other.without_answer;
  troubles.add(other.troubles);
}

}  // namespace sim
