#include "inspector/conductor/cluster_filter.h"

#include "inspector/conductor/testing/memory_transport.h"
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::CountingFilter;
using testing::FixedDirectory;
using testing::MemoryTransport;

class BrokenFilter final : public PxeFilter {
 public:
  void sync() override { throw std::runtime_error("the firewall is busy"); }
};

/// Three conductors; ours is `a`.
class ThreeFilters : public ::testing::Test {
 protected:
  /// Runs `body` in virtual time; returns how much of it passed.
  base::Env::Duration opening(const std::function<void()>& prepare = {}) {
    base::Env::Duration took{};
    env_.run([&] {
      MemoryTransport transport(env_);
      transport_ = &transport;
      transport.serve("http://a", methods_of(own_));
      transport.serve("http://b", methods_of(b_));
      transport.serve("http://c", methods_of(c_));
      directory_.set({{"a", "http://a"}, {"b", "http://b"}, {"c", "http://c"}});
      if (prepare) prepare();
      ClusterFilter filter({env_, own_, directory_, transport}, "a");
      const auto before = env_.now();
      filter.open();
      took = env_.now() - before;
      asked_of_itself_ = transport.calls("http://a");
    });
    return took;
  }
  const rpc::Methods& methods_of(PxeFilter& filter) {
    methods_.push_back(std::make_unique<rpc::Methods>());
    add_filter_method(*methods_.back(), filter);
    return *methods_.back();
  }

  sim::SimEnv env_{1};
  std::vector<std::unique_ptr<rpc::Methods>> methods_;
  CountingFilter own_, b_, c_;
  FixedDirectory directory_;
  MemoryTransport* transport_ = nullptr;
  std::size_t asked_of_itself_ = 0;
};

TEST_F(ThreeFilters, AllFollowBeforeAMachineIsPoweredOn) {
  opening();
  EXPECT_EQ(own_.syncs, 1);
  EXPECT_EQ(b_.syncs, 1);
  EXPECT_EQ(c_.syncs, 1);
  EXPECT_EQ(asked_of_itself_, 0U);
}

TEST_F(ThreeFilters, OneThatDoesNotAnswerIsWaitedForFiveSecondsAndNoLonger) {
  EXPECT_EQ(
      opening([&] { transport_->set_trouble("http://c", MemoryTransport::Trouble::kSilent); }), 5s);
  EXPECT_EQ(b_.syncs, 1);
}

TEST_F(ThreeFilters, OneThatIsGoneIsNotWaitedFor) {
  EXPECT_EQ(
      opening([&] { transport_->set_trouble("http://b", MemoryTransport::Trouble::kRefused); }),
      0s);
  EXPECT_EQ(c_.syncs, 1);
}

TEST_F(ThreeFilters, AnOlderProgramThatDoesNotKnowTheCallIsNotWaitedFor) {
  const rpc::Methods older;
  opening([&] { transport_->serve("http://b", older); });
  EXPECT_EQ(c_.syncs, 1);
}

TEST_F(ThreeFilters, AFilterThatFailsElsewhereKeepsNobodyFromBooting) {
  BrokenFilter broken;
  opening([&] { transport_->serve("http://b", methods_of(broken)); });
  EXPECT_EQ(c_.syncs, 1);
}

TEST_F(ThreeFilters, OurOwnThatFailsIsAnError) {
  BrokenFilter broken;
  env_.run([&] {
    MemoryTransport transport(env_);
    ClusterFilter filter({env_, broken, directory_, transport}, "a");
    EXPECT_THROW(filter.open(), std::runtime_error);
  });
}

TEST_F(ThreeFilters, ManyMachinesShareTheAsking) {
  env_.run([&] {
    MemoryTransport transport(env_);
    transport.serve("http://b", methods_of(b_));
    directory_.set({{"b", "http://b"}});
    transport.set_trouble("http://b", MemoryTransport::Trouble::kSilent);
    ClusterFilter filter({env_, own_, directory_, transport}, "a");
    std::vector<std::unique_ptr<base::Env::Thread>> starts;
    const auto before = env_.now();
    for (int i = 0; i < 20; ++i)
      starts.push_back(env_.spawn("start", [&](const std::stop_token&) { filter.open(); }));
    starts.clear();
    EXPECT_EQ(env_.now() - before, 5s);
    EXPECT_LE(transport.calls("http://b"), 2U);
  });
}

}  // namespace
}  // namespace inspector
