#include "tests/sim/cluster/world.h"

#include <stdexcept>

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;

constexpr auto kBetweenStrikes = 10s;
constexpr auto kLook = 2s;
constexpr auto kFiltersFollow = 25s;  // after a request to Ironic that is still under way
constexpr auto kSlowPower = 14s;
/// For what is left when all is healed: a lease, the time-out of an introspection, and its finders.
constexpr auto kSettle = 200s;

class World {
 public:
  World(std::uint64_t seed, const ClusterOptions& options, std::vector<IronicEnd> expected)
      : options_(options),
        expected_(std::move(expected)),
        little_room_(options.faults && seed % 5 == 1),
        slow_power_(options.faults && seed % 4 == 0),
        env_(seed) {}

  ClusterRun run();

 private:
  void live();
  StageOptions stage_options() const;
  void suffer(Stage& stage, Nemesis& nemesis, const Operators& operators);
  void settle(Stage& stage, const Operators& operators);
  bool violated(const Stage& stage);
  void note(const std::string& violation) {
    if (run_.violation.empty()) run_.violation = violation;
  }

  const ClusterOptions options_;
  const std::vector<IronicEnd> expected_;
  const bool little_room_;  ///< a conductor works on one operation at a time
  const bool slow_power_;   ///< a power action outlasts the lease of who asked for it
  SimEnv env_;
  ClusterRun run_;
};

ClusterRun World::run() {
  env_.run([this] { live(); });
  run_.trace = env_.trace_hash();
  run_.steps = env_.steps();
  return run_;
}

StageOptions World::stage_options() const {
  StageOptions options{.conductors = options_.conductors, .apis = options_.apis};
  options.ironic.machines = options_.machines;
  options.planted = options_.planted;
  if (little_room_) options.room = 1;
  if (slow_power_) {
    options.ironic.power_time = kSlowPower;
    options.ironic.boot_time += kSlowPower;
    options.ironic_attempts = static_cast<int>(kSlowPower / 1s) + 10;
  }
  if (options_.faults) options.backend.lost_request = options.backend.lost_reply = 0.002;
  return options;
}

void World::live() {
  const auto began = env_.now();
  Nemesis* meets = nullptr;
  Stage stage(env_, stage_options(), [&meets](const Passage& passage) {
    if (meets != nullptr) meets->pass(passage);
  });
  Nemesis nemesis(stage);
  Operators operators(stage, {.machines = options_.machines,
                              .rounds = options_.rounds,
                              .aborts = options_.aborts,
                              .reapplies = options_.reapplies});
  operators.begin();
  meets = &nemesis;
  if (options_.faults) suffer(stage, nemesis, operators);
  nemesis.heal();
  settle(stage, operators);
  run_.took = env_.now() - began;
  operators.stop();
  const EndJudge judge(
      {stage.nodes, stage.ironic, operators, options_.machines, options_.faults, expected_});
  note(judge.verdict());
  for (unsigned i = 0; i < options_.machines; ++i)
    run_.in_ironic.push_back(stage.ironic.end(i));
  stage.crew.end();
  run_.counts = nemesis.counts();
  run_.counts.merge(Counts(operators.counts()));
  run_.counts.merge(stage.counts());
}

void World::suffer(Stage& stage, Nemesis& nemesis, const Operators& operators) {
  stage.network.set_faults({.broken = 0.01, .unheard = 0.01, .twice = 0.01});
  stage.site.lost_answer = 0.001;
  const auto end = env_.after(options_.length);
  while (env_.now() < end && !operators.done() && !violated(stage)) {
    constexpr auto kSpan = static_cast<std::uint64_t>(Env::Duration(kBetweenStrikes).count());
    env_.sleep_for(Env::Duration(static_cast<Env::Duration::rep>(env_.random() % kSpan)), {});
    nemesis.strike();
  }
}

void World::settle(Stage& stage, const Operators& operators) {
  const auto end = env_.after(kSettle);
  while (!violated(stage)) {
    env_.sleep_for(kLook, {});
    if (operators.done() && !stage.nodes.any_unfinished()) break;
    if (env_.now() >= end) note("when all was healed, not all came to an end");
  }
  env_.sleep_for(kFiltersFollow, {});
  note(stage.open_filters());
}

bool World::violated(const Stage& stage) {
  note(stage.violation());
  return !run_.violation.empty();
}

}  // namespace

ClusterRun run_cluster(std::uint64_t seed, const ClusterOptions& options) {
  static std::map<unsigned, std::vector<IronicEnd>> expected;
  auto& its = expected[options.machines];
  if (its.empty()) its = undisturbed(options.machines);
  return World(seed, options, its).run();
}

std::vector<IronicEnd> undisturbed(unsigned machines) {
  constexpr std::uint64_t kAnySeed = 987654321;
  const ClusterRun run = World(kAnySeed,
                               {.apis = 1,
                                .machines = machines,
                                .rounds = 1,
                                .aborts = 0,
                                .reapplies = 0,
                                .faults = false},
                               {})
                             .run();
  if (!run.violation.empty()) throw std::runtime_error("undisturbed: " + run.violation);
  return run.in_ironic;
}

}  // namespace sim
