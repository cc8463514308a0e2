#include "tests/sim/cluster/world.h"

#include "inspector/node/schema.h"
#include "inspector/node/store.h"
#include "tests/sim/cluster/end_judge.h"

namespace sim {
namespace {

using namespace std::chrono_literals;
using base::Env;

constexpr auto kBetweenStrikes = 10s;
constexpr auto kLook = 2s;
/// For what is left when all is healed: a lease, the time-out of an introspection, and its finders.
constexpr auto kSettle = 200s;

class World {
 public:
  World(std::uint64_t seed, const ClusterOptions& options, std::vector<IronicEnd> expected)
      : options_(options),
        expected_(std::move(expected)),
        env_(seed),
        database_(env_, "sqlite://"),
        nodes_(env_, database_) {}

  ClusterRun run();

 private:
  void live();
  void suffer(Nemesis& nemesis, const Operators& operators);
  bool settle(const Operators& operators);
  bool violated();
  void note(const std::string& violation) {
    if (run_.violation.empty()) run_.violation = violation;
  }

  const ClusterOptions options_;
  const std::vector<IronicEnd> expected_;
  SimEnv env_;
  sql::Database database_;
  inspector::NodeStore nodes_;
  FenceAudit audit_;
  LockJudges locks_;
  DatabaseSite site_{database_, audit_};
  ClusterRun run_;
};

ClusterRun World::run() {
  inspector::upgrade(database_);
  audit_.install(database_);
  env_.run([this] { live(); });
  run_.trace = env_.trace_hash();
  run_.steps = env_.steps();
  run_.node_writes = audit_.writes();
  return run_;
}

void World::live() {
  const auto began = env_.now();
  Nemesis* meets = nullptr;
  const Door door = [&meets](const Passage& passage) {
    if (meets != nullptr) meets->pass(passage);
  };
  Network network(env_, door);
  IronicSite ironic(env_, network, {.machines = options_.machines});
  Nemesis nemesis({env_, network, site_, ironic});
  Cluster cluster{env_, network, site_, tooz::make_memory_store(env_), locks_, door};
  cluster.backend_faults = {.longest_delay = 3ms};
  if (options_.faults) {
    cluster.backend_faults.lost_request = cluster.backend_faults.lost_reply = 0.002;
    network.set_faults({.broken = 0.01, .unheard = 0.01, .twice = 0.01});
    site_.lost_answer = 0.001;
  }
  Crew crew(cluster, options_.conductors, options_.apis);
  nemesis.set_crew(crew);
  meets = &nemesis;
  Operators operators(env_, network,
                      {.machines = options_.machines,
                       .rounds = options_.rounds,
                       .aborts = options_.aborts,
                       .reapplies = options_.reapplies});
  operators.begin();
  if (options_.faults) suffer(nemesis, operators);
  nemesis.heal();
  if (run_.violation.empty() && !settle(operators)) note("after all was healed, not all ended");
  run_.took = env_.now() - began;
  operators.stop();
  const EndJudge judge({nodes_, ironic, operators, options_.machines, options_.faults, expected_});
  if (run_.violation.empty()) note(judge.verdict());
  run_.harm = nemesis.counts();
  run_.asked = operators.counts();
  for (unsigned i = 0; i < options_.machines; ++i)
    run_.in_ironic.push_back(ironic.end(i));
  crew.end();
  run_.network = network.counts();
}

void World::suffer(Nemesis& nemesis, const Operators& operators) {
  const auto end = env_.after(options_.length);
  while (env_.now() < end && !operators.done() && !violated()) {
    env_.sleep_for(Env::Duration(env_.random() % std::chrono::nanoseconds(kBetweenStrikes).count()),
                   {});
    nemesis.strike();
  }
}

bool World::settle(const Operators& operators) {
  const auto end = env_.after(kSettle);
  while (env_.now() < end && !violated()) {
    env_.sleep_for(kLook, {});
    if (operators.done() && !nodes_.any_unfinished()) return true;
  }
  return !run_.violation.empty();
}

bool World::violated() {
  note(locks_.violation());
  note(audit_.violation());
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
  constexpr std::uint64_t kAnySeed = 1;
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
