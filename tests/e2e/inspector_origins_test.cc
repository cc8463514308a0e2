// One database outlives what hands out the tokens: an etcd that loses its data, other backends, and
// the service in one process. Whoever comes next may write, whoever was before may not.
#include "tests/e2e/support/cluster_deployment.h"
#include "tests/support/redis_server.h"

#include <optional>

namespace e2e {
namespace {

class Origins : public ClusterDeployment {
 protected:
  void SetUp() override {
    ClusterDeployment::SetUp();
    if (!support::RedisServer::installed()) GTEST_SKIP() << "Redis is not installed";
  }
  Config config(const std::string& host) const override {
    Config config = ClusterDeployment::config(host);
    if (backend_.empty()) return config;
    return config.set("coordination", "backend_url", backend_);
  }

  /// The machine is introspected by a conductor and an API of one backend.
  void split(const std::string& where) {
    Member one = conductor("c1");
    Member first = api_again();
    ASSERT_TRUE(finds_conductors()) << where;
    introspected(where);
    EXPECT_EQ(one.process->stop(kSoon), 0) << where;
    EXPECT_EQ(first.process->stop(kSoon), 0) << where;
  }
  void standalone() {
    const std::string url = api().url();
    Config config = ClusterDeployment::config("all")
                        .set("DEFAULT", "standalone", "True")
                        .set("DEFAULT", "listen_address", "127.0.0.1")
                        .set("DEFAULT", "listen_port", url.substr(url.rfind(':') + 1));
    const Running all =
        run("all", {program("ironic-inspector"), "--config-file", write("all", config)});
    ASSERT_TRUE(api().serves());
    introspected("standalone");
    EXPECT_EQ(all->stop(kSoon), 0);
  }
  void introspected(const std::string& where) {
    EXPECT_TRUE(eventually([&] { return api().start(0).status == 202; }, kSoon)) << where;
    EXPECT_TRUE(api().becomes(0, "finished")) << where << ": " << api().states(1);
    const long generation = std::stol(sql("SELECT generation FROM cc_fence"));
    EXPECT_GE(generation, last_) << where;
    last_ = generation;
  }
  std::string sql(const std::string& query) { return postgresql().sql(query, "test1"); }

  std::string backend_;  ///< empty: etcd
  long last_ = 0;

 private:
  Member api_again() {
    if (last_ == 0) return api_process();
    return api_process_again(0);
  }
};

TEST_F(Origins, ComeAndGoAndTheDatabaseFollows) {
  start_ironic({.count = 1, .boot_time = "300ms"}, reserve_api());
  split("etcd");
  split("etcd again");
  EXPECT_EQ(last_, 1);
  etcd().kill();
  etcd().wipe();
  etcd().start();
  split("an etcd that is empty");
  EXPECT_EQ(last_, 2);
  const support::RedisServer redis;
  backend_ = redis.url();
  split("Redis");
  EXPECT_EQ(last_, 3);
  standalone();
  EXPECT_EQ(last_, 4);
  split("Redis again");
  backend_.clear();
  split("etcd after all");
  standalone();
  split("etcd at the end");
  EXPECT_EQ(last_, 8);
}

}  // namespace
}  // namespace e2e
