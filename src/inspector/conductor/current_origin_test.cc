#include "inspector/conductor/current_origin.h"

#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::kUuid;
using testing::MemoryStore;

class CurrentOriginTest : public ::testing::Test {
 protected:
  /// A backend `a`, and what else there is that hands out tokens.
  struct Site {
    explicit Site(base::Env& env_) : env(env_), store(env_), a(local_node_locks(env_)) {}
    /// A conductor that starts.
    std::unique_ptr<NodeLocks> process(NodeLocks& backend) {
      return with_current_origin(env, backend, store.database);
    }
    void write(const tooz::Token& token) {
      store.nodes.write(kUuid, token, [](sql::Transaction&) {});
    }
    tooz::Token write_by(NodeLocks& locks) {
      const tooz::Token token = locks.try_acquire(kUuid)->token();
      write(token);
      return token;
    }
    base::Env& env;
    MemoryStore store;
    std::unique_ptr<NodeLocks> a;
  };
  static void in_site(const std::function<void(Site&)>& body) {
    sim::SimEnv env(5);
    env.run([&] {
      Site site(env);
      body(site);
    });
  }
};

TEST_F(CurrentOriginTest, IsTheBackendsOwnAsLongAsItIsTheOnlyOne) {
  in_site([](Site& site) {
    const std::string own = site.a->try_acquire("x")->token().origin;
    const auto first = site.process(*site.a);
    EXPECT_EQ(site.write_by(*first).origin, own);
    const auto second = site.process(*site.a);
    EXPECT_EQ(site.write_by(*second).origin, own);
    EXPECT_EQ(site.write_by(*first).origin, own);
  });
}

TEST_F(CurrentOriginTest, OfABackendThatComesBackIsNewerThanWhatWasThereMeanwhile) {
  in_site([](Site& site) {
    const auto before = site.process(*site.a);
    const tooz::Token old = site.write_by(*before);
    const auto standalone = local_node_locks(site.env);
    const tooz::Token meanwhile = site.write_by(*standalone);
    const auto one = site.process(*site.a), two = site.process(*site.a);
    EXPECT_EQ(one->try_acquire("x")->token().origin, two->try_acquire("y")->token().origin);
    const tooz::Token back = site.write_by(*one);
    EXPECT_NE(back.origin, old.origin);
    EXPECT_THROW(site.write(meanwhile), StaleToken);
    EXPECT_THROW(site.write(old), StaleToken);
    EXPECT_EQ(site.write_by(*two).origin, back.origin);
    const auto three = site.process(*site.a);
    EXPECT_EQ(site.write_by(*three).origin, back.origin);
    EXPECT_THROW(site.write(back), StaleToken);
  });
}

TEST_F(CurrentOriginTest, OfAProcessThatLivedThroughItFollowsThoseThatCameAfter) {
  in_site([](Site& site) {
    const auto lives = site.process(*site.a);
    const tooz::Token old = site.write_by(*lives);
    site.write_by(*local_node_locks(site.env));
    EXPECT_THROW(site.write_by(*lives), StaleToken);
    site.env.sleep_for(1min, {});
    EXPECT_THROW(site.write_by(*lives), StaleToken);  // for all it knows both are in use
    const auto started = site.process(*site.a);
    const tooz::Token back = site.write_by(*started);
    site.env.sleep_for(1min, {});
    EXPECT_EQ(site.write_by(*lives).origin, back.origin);
    EXPECT_THROW(site.write(old), StaleToken);
  });
}

TEST_F(CurrentOriginTest, ADatabaseThatIsAwayGrantsNoLock) {
  in_site([](Site& site) {
    const auto locks = site.process(*site.a);
    site.store.database.trouble = static_cast<int>(sql::Errc::kUnreachable);
    EXPECT_THROW(locks->try_acquire(kUuid), sql::Error);
    site.store.database.trouble = testing::TroubledDatabase::kNone;
    EXPECT_TRUE(locks->try_acquire(kUuid));
  });
}

}  // namespace
}  // namespace inspector
