#include "inspector/pxe_filter/keeper.h"

#include "inspector/ironic/testing/fake_client.h"
#include "inspector/node/schema.h"
#include "sim/sim_env.h"
#include "tests/support/process.h"

#include <gtest/gtest.h>

#include <fstream>

namespace inspector {
namespace {

using namespace std::chrono_literals;

const std::string kMac = "02:00:00:00:00:01";
const std::string kOther = "02:00:00:00:00:02";

/// Remembers what it was told; outlived by the test.
struct Told {
  std::vector<BootSet> sets;
  int prepared = 0, begun = 0, ended = 0;
  int failures = 0;  ///< of the next calls of apply()
};

class RememberingGate : public Gate {
 public:
  explicit RememberingGate(Told& told) : told_(told) {}
  void prepare() override { ++told_.prepared; }
  void apply(const BootSet& set) override {
    if (told_.failures > 0) {
      --told_.failures;
      throw std::runtime_error("the firewall is busy");
    }
    told_.sets.push_back(set);
  }
  void begin() override { ++told_.begun; }
  void end() noexcept override { ++told_.ended; }

 private:
  Told& told_;
};

class Keeper : public ::testing::Test {
 protected:
  /// Runs `body` beside a keeper, in virtual time.
  void with_keeper(const std::function<void(GateKeeper&, NodeStore&)>& body) {
    env_.run([&] {
      sql::Database database(env_, "sqlite://");
      upgrade(database);
      NodeStore store(env_, database);
      GateKeeper keeper(env_, std::make_unique<RememberingGate>(told_),
                        BootSetSource(store, ironic_, source_), {.period = 15s, .look = 1s});
      body(keeper, store);
    });
  }
  void introspect(NodeStore& store) {
    store.start("a", true, {}, token_);
    store.add_attributes("a", {{"mac", {kMac}}}, token_);
  }
  std::size_t lists() const { return ironic_.requests().size(); }

  sim::SimEnv env_{7};
  testing::FakeIronic ironic_;
  BootSetSource::Options source_;
  Told told_;
  const tooz::Token token_{"one", 1};
};

TEST_F(Keeper, TheGateFollowsFromTheBeginningToTheEnd) {
  ironic_.add_port({{"uuid", "p"}, {"address", kOther}, {"node_uuid", "b"}});
  with_keeper([this](GateKeeper& keeper, NodeStore& store) {
    EXPECT_EQ(told_.prepared, 1);
    EXPECT_EQ(told_.begun, 1);
    EXPECT_EQ(told_.sets.back(), (BootSet{.known = {kOther}, .active = {}}));
    introspect(store);
    keeper.sync();
    EXPECT_EQ(told_.sets.back(),
              (BootSet{.known = {kOther}, .active = {kMac}, .boots_expected = true}));
  });
  EXPECT_EQ(told_.ended, 1);
}

TEST_F(Keeper, AChangeByAnotherProcessIsFollowedWithinTwoSeconds) {
  with_keeper([this](GateKeeper&, NodeStore& store) {
    introspect(store);
    env_.sleep_for(2s, {});
    EXPECT_TRUE(told_.sets.back().active.contains(kMac));
    store.finish("a", Event::kError, "failed", token_);
    env_.sleep_for(2s, {});
    EXPECT_EQ(told_.sets.back(), BootSet());
  });
}

TEST_F(Keeper, AFailureIsTriedAgainWithoutARestart) {
  told_.failures = 3;
  with_keeper([this](GateKeeper& keeper, NodeStore& store) {
    EXPECT_TRUE(told_.sets.empty());
    introspect(store);
    EXPECT_THROW(keeper.sync(), std::runtime_error);
    env_.sleep_for(3s, {});
    ASSERT_FALSE(told_.sets.empty());
    EXPECT_TRUE(told_.sets.back().active.contains(kMac));
  });
}

TEST_F(Keeper, AnIronicThatDoesNotAnswerLeavesTheGateAsItIs) {
  ironic_.refuse("GET /v1/ports", ironic::Error(503, "later"));
  with_keeper([this](GateKeeper&, NodeStore&) {
    EXPECT_EQ(told_.prepared, 1);
    EXPECT_TRUE(told_.sets.empty());
    env_.sleep_for(2s, {});
    EXPECT_EQ(told_.sets.size(), 1U);
  });
}

TEST_F(Keeper, WhileNothingChangesIronicIsAskedOnceAPeriod) {
  with_keeper([this](GateKeeper&, NodeStore&) {
    const std::size_t before = lists();
    env_.sleep_for(61s, {});
    EXPECT_EQ(lists(), before + 4);
  });
}

TEST_F(Keeper, ManyWhoAskAtOnceShareThePasses) {
  with_keeper([this](GateKeeper& keeper, NodeStore&) {
    const std::size_t before = lists();
    std::vector<std::unique_ptr<base::Env::Thread>> callers;
    for (int i = 0; i < 20; ++i)
      callers.push_back(env_.spawn("caller", [&](const std::stop_token&) { keeper.sync(); }));
    callers.clear();
    EXPECT_GE(lists(), before + 1);
    EXPECT_LE(lists(), before + 20);
  });
}

TEST_F(Keeper, AnAddressThatIsNoneNeverReachesTheGate) {
  ironic_.add_port({{"uuid", "p"}, {"address", "../../etc/passwd"}, {"node_uuid", "b"}});
  ironic_.add_port({{"uuid", "q"}, {"address", "02:00:00:00:00:AB"}, {"node_uuid", "b"}});
  with_keeper([this](GateKeeper&, NodeStore&) {
    EXPECT_EQ(told_.sets.back().known, std::set<std::string>{"02:00:00:00:00:ab"});
  });
}

TEST_F(Keeper, OfInfinibandTheEthernetAddressOfItsNeighbourIsTaken) {
  const support::TempFolder sys;
  const auto folder = sys.path() / "class/net/eth7/eth";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "neighs")
      << "EMAC=02:00:00:00:00:77 IMAC=97:fe:80:00:00:00:00:00:00:7c:fe:90:03:00:29:26:52 x\n"
         "nonsense\n";
  source_ = {.ethoib_interfaces = {"eth7", "absent"}, .sys = sys.path()};
  ironic_.add_port({{"uuid", "p"},
                    {"address", kMac},
                    {"node_uuid", "b"},
                    {"extra", {{"client-id", "ff:00:00:00:7c:fe:90:03:00:29:26:52"}}}});
  with_keeper([this](GateKeeper&, NodeStore&) {
    EXPECT_EQ(told_.sets.back().known, std::set<std::string>{"02:00:00:00:00:77"});
  });
}

}  // namespace
}  // namespace inspector
