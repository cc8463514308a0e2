#include "inspector/conductor/leadership.h"
#include "inspector/conductor/rpc_service.h"
#include "inspector/conductor/share.h"
#include "inspector/conductor/testing/world.h"
#include "inspector/conductor/tooz_node_locks.h"
#include "inspector/processing/testing/report.h"
#include "sim/sim_env.h"
#include "tooz/value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kUuid;
using testing::MemoryTransport;
using testing::World;

constexpr const char* kGroup = "ironic_inspector.service_group";
constexpr base::Env::Duration kLease = 10s;  // Coordinator's own

/// An Ironic whose machines take their time to be turned on.
class SlowIronic final : public testing::FakeIronic {
 public:
  explicit SlowIronic(base::Env& env) : env_(env) {}
  void set_power(std::string_view uuid, ironic::Power target, const ironic::Call& call) override {
    power_requests.push_back(env_.now());
    env_.sleep_for(power_time, call.stop);
    FakeIronic::set_power(uuid, target, call);
  }
  base::Env::Duration power_time{};
  std::vector<base::Env::TimePoint> power_requests;

 private:
  base::Env& env_;
};

/// Another name for each cluster: a killed process never closes its store.
std::string new_backend() {
  static int made = 0;
  return "memory://split-test-" + std::to_string(++made);
}

/// What the processes of a cluster share: backend, database, Ironic, network.
struct Cluster {
  Cluster(base::Env& env_, ConductorOptions options_)
      : env(env_),
        options(std::move(options_)),
        url(new_backend()),
        store(env_),
        ironic(env_),
        transport(env_),
        backend(env_, url, {.member_id = {}}) {
    ironic.add_node(testing::usual_node());
  }
  std::string state() {
    const std::optional<Node> row = store.nodes.get(kUuid);
    return row ? std::string(name(row->state)) : "none";
  }

  /// A node beside the usual one, with a number of one digit.
  std::string add_node(int number) {
    const std::string uuid = "u-" + std::to_string(number);
    const std::string bmc = "192.0.2.3" + std::to_string(number);
    ironic.add_node({{"uuid", uuid},
                     {"provision_state", "manageable"},
                     {"driver_info", {{"ipmi_address", bmc}}}});
    return uuid;
  }

  base::Env& env;
  const ConductorOptions options;
  const std::string url;
  testing::MemoryStore store;
  SlowIronic ironic;
  MemoryTransport transport;
  tooz::Coordinator backend;  ///< keeps memory:// alive when the last process has died
};

/// A conductor process as conductor_service.cc builds it.
class ConductorProcess {
 public:
  ConductorProcess(Cluster& cluster, sim::SimProcess& process)
      : process_(process),
        coordinator_(process, cluster.url,
                     {.member_id = std::string(kConductorPrefix) + process.name()}),
        directory_(coordinator_, kGroup),
        locks_(tooz_node_locks(coordinator_)),
        owner_(process, *locks_, cluster.store.journal, process.name()),
        filter_(noop_filter()),
        pipeline_(testing::usual_processing()),
        local_({.env = process,
                .store = cluster.store.nodes,
                .data = *cluster.store.data,
                .journal = cluster.store.journal,
                .locks = *locks_,
                .owner = owner_,
                .ironic = cluster.ironic,
                .filter = *filter_,
                .pipeline = pipeline_,
                .resolve = [](const std::string& host) { return std::vector<std::string>{host}; }},
               cluster.options, testing::usual_processing()),
        takeover_({.env = process,
                   .journal = cluster.store.journal,
                   .locks = *locks_,
                   .owner = owner_,
                   .conductor = local_,
                   .share =
                       [this] {
                         return share_of(directory_,
                                         std::string(kConductorPrefix) + process_.name());
                       }},
                  2500ms) {
    add_conductor_methods(methods_, local_, process);
    cluster.transport.serve(url(), methods_);
    directory_.open();
    EXPECT_TRUE(coordinator_.join(kGroup, tooz::Value::Map{{"endpoint", url()}}));
    leader_ = elected_leader(process, coordinator_, kGroup);
    watch_ = process.spawn("group", [this](const std::stop_token& stop) {
      while (!stop.stop_requested())
        if (!coordinator_.next_change(kGroup, stop).left.empty()) takeover_.wake();
    });
  }

  std::string url() const { return "http://" + process_.name(); }
  bool leads() const { return leader_->leads(); }
  tooz::Coordinator& coordinator() { return coordinator_; }
  LocalConductor& local() { return local_; }
  void kill() { process_.kill(); }

 private:
  sim::SimProcess& process_;
  tooz::Coordinator coordinator_;
  GroupDirectory directory_;
  std::unique_ptr<NodeLocks> locks_;
  Owner owner_;
  std::unique_ptr<PxeFilter> filter_;
  Pipeline pipeline_;
  LocalConductor local_;
  Takeover takeover_;
  rpc::Methods methods_;
  std::unique_ptr<Leader> leader_;
  std::unique_ptr<base::Env::Thread> watch_;
};

using Names = std::vector<std::string>;

/// Conductors and an API process.
struct Split {
  Split(sim::SimEnv& env, const Names& names, const ConductorOptions& options)
      : cluster(env, options),
        api(env, cluster.url, {.member_id = "ironic_inspector.api.one"}),
        directory(api, kGroup),
        remote(env, directory, cluster.transport) {
    for (const std::string& name : names)
      conductors.push_back(std::make_unique<ConductorProcess>(cluster, env.process(name)));
    directory.open();
    env.sleep_for(1s, {});
  }
  Conductor::Call call() { return {cluster.env.now() + 20s, {}}; }
  /// SIGKILL. Nothing of a killed process is unwound, so nothing of it may be destroyed either.
  void kill(std::size_t i) {
    static auto& graveyard = *new std::vector<std::unique_ptr<ConductorProcess>>();
    cluster.transport.set_trouble(conductors[i]->url(), MemoryTransport::Trouble::kRefused);
    conductors[i]->kill();
    graveyard.push_back(std::move(conductors[i]));
  }
  void start() { remote.introspect(kUuid, true, call()); }

  Cluster cluster;
  std::vector<std::unique_ptr<ConductorProcess>> conductors;
  tooz::Coordinator api;
  GroupDirectory directory;
  RemoteConductor remote;
};

/// Each time with seeds of its own: what a killed process held is never given back, and the library
/// looks whether two hold the same key of one origin, which comes from the seed.
void in_split(const std::function<void(Split&, sim::SimEnv&)>& body,
              const Names& names = {"a", "b"},
              const ConductorOptions& options = testing::usual_conductor()) {
  static std::uint64_t seed = 0;
  for (const std::uint64_t end = seed + 5; seed < end; ++seed) {
    sim::SimEnv env(seed);
    env.run([&] {
      Split split(env, names, options);
      body(split, env);
    });
  }
}

TEST(Split, TheApiSeesTheConductorsAndOneOfThemLeads) {
  in_split([](Split& split, sim::SimEnv&) {
    EXPECT_EQ(split.directory.endpoints().size(), 2U);
    EXPECT_NE(split.conductors[0]->leads(), split.conductors[1]->leads());
  });
}

TEST(Split, AnIntrospectionStartsOnOneConductorAndMayEndOnAnother) {
  in_split([](Split& split, sim::SimEnv& env) {
    split.start();
    env.sleep_for(1s, {});
    EXPECT_EQ(split.cluster.state(), "waiting");
    EXPECT_EQ(split.remote.process(testing::report(), split.call()), kUuid);
    env.sleep_for(1s, {});
    EXPECT_EQ(split.cluster.state(), "finished");
  });
}

TEST(Split, ANodeIsLockedForTheOtherConductorToo) {
  in_split([](Split& split, sim::SimEnv& env) {
    split.cluster.ironic.power_time = 5s;
    split.conductors[0]->local().introspect(kUuid, true, split.call());
    env.sleep_for(1s, {});
    EXPECT_EQ(World::refusal([&] { split.conductors[1]->local().abort(kUuid, split.call()); }),
              (std::pair<int, std::string>(409, "Node is locked, please, retry later")));
    env.sleep_for(10s, {});
    EXPECT_EQ(split.cluster.state(), "waiting");
  });
}

TEST(Split, WorkThatDiesWithItsConductorGoesOnInAnotherAsSoonAsTheLeaseAllows) {
  for (const bool kill_leader : {false, true}) {
    in_split([&](Split& split, sim::SimEnv& env) {
      split.cluster.ironic.power_time = 5s;
      const std::size_t victim = split.conductors[0]->leads() == kill_leader ? 0 : 1;
      split.conductors[victim]->local().introspect(kUuid, true, split.call());
      env.sleep_for(1s, {});
      ASSERT_EQ(split.cluster.state(), "starting");
      split.kill(victim);
      env.sleep_for(kLease + 2s, {});
      EXPECT_EQ(split.directory.endpoints().size(), 1U);
      EXPECT_EQ(split.cluster.store.journal.counters.taken_over, 1U);
      env.sleep_for(10s, {});
      EXPECT_EQ(split.cluster.state(), "waiting");
    });
  }
}

TEST(Split, WhatDiesWithAConductorIsSpreadOverTheOthersAndEachIsTakenOverOnce) {
  constexpr int kNodes = 10;
  in_split(
      [&](Split& split, sim::SimEnv& env) {
        split.cluster.ironic.power_time = 60s;
        for (int i = 0; i < kNodes; ++i)
          split.conductors[0]->local().introspect(split.cluster.add_node(i), true, split.call());
        env.sleep_for(1s, {});
        ASSERT_EQ(split.conductors[0]->local().working_on(), kNodes);
        split.kill(0);
        env.sleep_for(kLease + 2s, {});
        EXPECT_EQ(split.cluster.store.journal.counters.taken_over, kNodes);
        const std::size_t b = split.conductors[1]->local().working_on();
        const std::size_t c = split.conductors[2]->local().working_on();
        EXPECT_EQ(b + c, kNodes);
        EXPECT_GE(std::min(b, c), 1U) << b << " and " << c;
      },
      {"a", "b", "c"});
}

TEST(Split, ThePaceOfPowerOnsIsOneForAllConductors) {
  constexpr int kNodes = 8;
  constexpr auto kDelay = 3s;
  ConductorOptions options = testing::usual_conductor();
  options.introspection_delay = kDelay;
  in_split(
      [&](Split& split, sim::SimEnv& env) {
        for (int i = 0; i < kNodes; ++i)
          split.conductors[i % 2]->local().introspect(split.cluster.add_node(i), true,
                                                      split.call());
        env.sleep_for(kNodes * kDelay + 1s, {});
        const auto& at = split.cluster.ironic.power_requests;
        ASSERT_EQ(at.size(), std::size_t{kNodes});
        for (std::size_t i = 1; i < at.size(); ++i)
          EXPECT_GE(at[i] - at[i - 1], kDelay) << i;
      },
      {"a", "b"}, options);
}

TEST(Split, ANodeThatOnlyWaitedOutlivesItsConductor) {
  in_split([](Split& split, sim::SimEnv& env) {
    split.conductors[0]->local().introspect(kUuid, true, split.call());
    env.sleep_for(1s, {});
    split.kill(0);
    EXPECT_EQ(split.remote.process(testing::report(), split.call()), kUuid);
    env.sleep_for(1s, {});
    EXPECT_EQ(split.cluster.state(), "finished");
  });
}

TEST(Split, AConductorThatSleptPastItsLeaseChangesNothing) {
  in_split([](Split& split, sim::SimEnv& env) {
    split.cluster.ironic.power_time = 5s;
    split.conductors[0]->local().introspect(kUuid, true, split.call());
    env.sleep_for(1s, {});
    env.process("a").freeze_until(env.now() + 60s);
    env.sleep_for(2 * kLease, {});
    ASSERT_EQ(split.cluster.state(), "waiting");
    const auto before = split.cluster.ironic.changes().size();
    env.sleep_for(2min, {});
    EXPECT_EQ(split.cluster.state(), "waiting");
    EXPECT_EQ(split.cluster.ironic.changes().size(), before);
  });
}

TEST(Split, WhoLeavesIsNotCalledAnyMore) {
  in_split([](Split& split, sim::SimEnv& env) {
    split.conductors[0]->coordinator().leave(kGroup);
    env.sleep_for(1s, {});
    const std::vector<ConductorEndpoint> left = split.directory.endpoints();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.front().url, "http://b");
  });
}

TEST(Split, MembersWithoutAnEndpointAreNotCalled) {
  in_split([](Split& split, sim::SimEnv& env) {
    tooz::Coordinator python(env, split.cluster.url,
                             {.member_id = "ironic_inspector.conductor.python"});
    python.join(kGroup, tooz::Value::Map{});
    tooz::Coordinator odd(env, split.cluster.url, {.member_id = "something"});
    odd.join(kGroup, tooz::Value::Map{{"endpoint", "http://odd"}});
    env.sleep_for(1s, {});
    EXPECT_EQ(split.directory.endpoints().size(), 2U);
  });
}

TEST(Split, ALeaderThatSleepsPastItsLeaseLeadsNoMoreFromItsFirstMomentOn) {
  in_split([](Split& split, sim::SimEnv& env) {
    const std::size_t leader = split.conductors[0]->leads() ? 0 : 1;
    env.process(leader == 0 ? "a" : "b").freeze_until(env.now() + 1h);
    env.sleep_for(2 * kLease, {});
    EXPECT_FALSE(split.conductors[leader]->leads());
    EXPECT_TRUE(split.conductors[1 - leader]->leads());
  });
}

}  // namespace
}  // namespace inspector
