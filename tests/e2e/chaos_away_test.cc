// What a cluster leans on goes away while operators work: etcd as a whole, the database, both. A
// minute by night, less by day.
#include "tests/e2e/chaos/ordeal.h"

#include <cstdlib>

namespace e2e {
namespace {

using namespace std::chrono_literals;

class Away : public Ordeal {
 protected:
  Away() { timeout_ = 180; }

  void etcd_goes() {
    for (std::size_t i = 0; i < support::EtcdCluster::kMembers; ++i)
      etcd().pause(i);
  }
  void etcd_comes() {
    for (std::size_t i = 0; i < support::EtcdCluster::kMembers; ++i)
      etcd().resume(i);
  }
  /// Operators go on asking for so long.
  void pass(seconds duration) const { base::system_env().sleep_for(duration, {}); }

  int answered(const std::string& what) const {
    const auto answers = load_->answers();
    const auto found = answers.find(what);
    return found == answers.end() ? 0 : found->second;
  }
  /// Waits until starts are taken again.
  void heals() {
    const int before = answered("start 202");
    const auto begin = now();
    EXPECT_TRUE(eventually([&] { return answered("start 202") > before + 10; }, 60s));
    note("until starts were taken again", since(begin));
  }

  const seconds while_{std::getenv("TOOZ_NIGHTLY") != nullptr ? 60 : 8};
};

TEST_F(Away, StatusIsReadWritesWaitAndNothingIsLost) {
  begin({.nodes = kNodes, .latency = "50ms", .boot_time = "2s"});
  begin_load(5);
  heals();
  etcd_goes();
  pass(while_);
  const int lists = answered("list 200");
  etcd_comes();
  heals();
  EXPECT_EQ(answered("list 503"), 0);
  EXPECT_EQ(answered("list 0"), 0);
  EXPECT_GT(lists, while_.count() / 2);  // they went on

  postgresql().kill();
  pass(while_ / 4);
  postgresql().start();
  heals();

  etcd_goes();
  postgresql().stop();
  pass(while_);
  etcd_comes();
  pass(1s);
  postgresql().start();
  heals();

  end_load();
  table();
  show_answers();
  nothing_was_lost();
  writes_were_fenced();
  gates_are_closed();
}

}  // namespace
}  // namespace e2e
