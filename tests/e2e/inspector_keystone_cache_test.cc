// What keystonemiddleware and we keep of tokens in one memcached, exchanged.
#include "tests/e2e/support/standalone_deployment.h"
#include "tests/paths/paths.h"
#include "tests/support/keystone_server.h"
#include "tests/support/memcached_server.h"

namespace e2e {
namespace {

constexpr const char* kPython = "/usr/lib/python3/dist-packages/keystonemiddleware/auth_token";
constexpr const char* kList = "/v1/introspection";

class KeystoneCache : public StandaloneDeployment {
 protected:
  void SetUp() override {
    if (!support::KeystoneServer::installed()) GTEST_SKIP() << "Keystone is not installed";
    if (!support::MemcachedServer::installed()) GTEST_SKIP() << "memcached is not installed";
    if (!std::filesystem::exists(kPython)) GTEST_SKIP() << "keystonemiddleware is not installed";
    memcached_.emplace();
    keystone_.emplace(ironic().url());
  }

  /// Starts a new process of ours, which remembers nothing.
  void start_ours(const std::string& strategy) {
    if (started_) inspector().stop();
    started_ = true;
    Config config = this->config();
    config.set("DEFAULT", "auth_strategy", "keystone")
        .set("keystone_authtoken", "auth_type", "password")
        .set("keystone_authtoken", "auth_url", keystone_->url())
        .set("keystone_authtoken", "username", "inspector")
        .set("keystone_authtoken", "password", "secret")
        .set("keystone_authtoken", "user_domain_name", "Default")
        .set("keystone_authtoken", "project_name", "service")
        .set("keystone_authtoken", "project_domain_name", "Default")
        .set("keystone_authtoken", "http_connect_timeout", "60")  // a machine that is busy
        .set("keystone_authtoken", "memcached_servers", memcached_->host())
        .set("keystone_authtoken", "memcache_security_strategy", strategy)
        .set("keystone_authtoken", "memcache_secret_key", "s3cret");
    start(config);
  }

  int ours(const std::string& caller) const {
    return api().ask("GET", kList, {}, {{"X-Auth-Token", keystone_->tokens().at(caller)}}).status;
  }

  /// What Python's middleware, in a new process, answers under each strategy: names, or statuses.
  std::string python(const Words& callers) const {
    Words arguments{"/usr/bin/python3",
                    support::source_path("tests/support/keystonemiddleware_app.py"),
                    keystone_->url(), memcached_->host()};
    for (const std::string& caller : callers)
      arguments.push_back(keystone_->tokens().at(caller));
    return support::run(arguments);
  }

  std::optional<support::MemcachedServer> memcached_;
  std::optional<support::KeystoneServer> keystone_;
  bool started_ = false;
};

TEST_F(KeystoneCache, IsSharedWithPythonsMiddlewareUnderEachStrategy) {
  for (const char* strategy : {"None", "MAC", "ENCRYPT"}) {
    start_ours(strategy);
    EXPECT_EQ(ours("admin"), 200) << strategy;
  }
  EXPECT_EQ(python({"sys-admin"}), "None sys-admin\nMAC sys-admin\nENCRYPT sys-admin\n");
  keystone_->stop();
  EXPECT_EQ(python({"admin", "service"}),  // what we kept, what nobody kept
            "None caller_admin 503\nMAC caller_admin 503\nENCRYPT caller_admin 503\n");
  for (const char* strategy : {"None", "MAC", "ENCRYPT"}) {
    start_ours(strategy);
    EXPECT_EQ(ours("sys-admin"), 200) << strategy;
    EXPECT_EQ(ours("service"), 503) << strategy;
  }
}

}  // namespace
}  // namespace e2e
