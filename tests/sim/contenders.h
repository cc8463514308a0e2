#pragma once
#include <array>
#include <functional>
#include <memory>

#include "sim/drift_env.h"
#include "sim/faulty_backend.h"
#include "sim/sim_env.h"
#include "tooz/coordinator.h"
#include "tooz/drivers/memory/memory_backend.h"
#include "tooz/recipes/flaws.h"

namespace sim {

/// What happened to the contenders of a run.
struct Troubles {
  std::uint64_t unreachable = 0;  ///< a call threw it
  std::uint64_t partitions = 0;
  std::uint64_t freezes = 0;
  std::uint64_t kills = 0;
  FaultyBackend::Counts calls;

  void add(const FaultyBackend::Counts& others);
  void add(const Troubles& others);
};

/// Five members in processes of their own, with clocks that run apart, over one memory backend.
/// Requests and replies are lost, come late and are delayed, members are cut off and stopped, and
/// one is killed.
class Contenders {
 public:
  static constexpr auto kLease = std::chrono::seconds(10);

  struct Self {
    std::size_t number;
    SimProcess& process;  ///< its clock is the world's
    DriftEnv& env;        ///< what the member sees
    tooz::Coordinator& coordinator;
    FaultyBackend& storage;  ///< of another server, over a slow network of its own, never cut
  };
  /// What a member does again and again, with a rest of up to ten seconds. May throw tooz::Error.
  using Turn = std::function<void(const Self&)>;

  Contenders(std::uint64_t seed, tooz::Flaws flaws, Turn turn)
      : env(seed),
        store(tooz::make_memory_store(env)),
        storage(tooz::make_memory_store(env)),
        flaws_(flaws),
        turn_(std::move(turn)) {}

  /// Ends after `length`, or when `goes_on`, asked after each stroke of fate, says no. Then all
  /// are back, nobody begins a turn any more, and after three minutes `at_end` is called.
  void run(base::Env::Duration length, const std::function<bool()>& goes_on,
           const std::function<void()>& at_end);

  /// Fate prefers whoever has had a lock last.
  void note_holder(std::size_t number) { holder_ = number; }
  base::Env::Duration draw(base::Env::Duration most);
  const Troubles& troubles() const { return troubles_; }

  SimEnv env;
  const std::shared_ptr<tooz::MemoryStore> store;    ///< what the coordinators use
  const std::shared_ptr<tooz::MemoryStore> storage;  ///< what the locks protect

 private:
  static constexpr std::array<std::string_view, 5> kNames{"a", "b", "c", "d", "e"};
  struct Member {
    FaultyBackend* net = nullptr;  // null: not up
    std::unique_ptr<base::Env::Thread> thread;
  };

  void start(std::size_t number);
  void live(std::size_t number, SimProcess& process, const std::stop_token& stop);
  std::unique_ptr<FaultyBackend> link(DriftEnv& env_of_member,
                                      const std::shared_ptr<tooz::MemoryStore>& to,
                                      base::Env::Duration timeout);
  void strike();
  void kill(std::size_t number);
  void wind_up();

  const tooz::Flaws flaws_;
  const Turn turn_;
  Troubles troubles_;
  std::array<Member, kNames.size()> members_;
  std::size_t holder_ = 0;
  bool closing_ = false;
};

}  // namespace sim
