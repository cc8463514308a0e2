#pragma once
#include "tests/support/etcd_server.h"
#include "tooz/drivers/etcd/etcd.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"

#include <gtest/gtest.h>

namespace tooz::etcd {

inline Env& env() { return base::system_env(); }

inline std::unique_ptr<Backend> open(const std::string& url) {
  return open_etcd(env(), parse_url(url));
}

/// An etcd of each test's own, and a backend over it.
class Etcd : public testing::Test {
 protected:
  void SetUp() override {
    if (!support::EtcdServer::installed()) GTEST_SKIP() << "/usr/bin/etcd is not installed";
    server = std::make_unique<support::EtcdServer>();
    backend = open(server->url("timeout=3"));
  }

  void change(const std::string& key) {
    const auto now = backend->get(key);
    ASSERT_TRUE(now && backend->replace(key, "changed", now->revision));
  }
  // False: the wait had to be stopped.
  bool wait_ends(const std::string& prefix, Revision at) {
    std::stop_source stop;
    Background waiter(
        env(), [&] { backend->wait_change(prefix, at, Env::TimePoint::max(), stop.get_token()); });
    const bool ended = waiter.ends_within(std::chrono::seconds(15));
    stop.request_stop();
    return ended;
  }
  // Waits on `prefix` until `act`, made at the same time, has woken it.
  void expect_wakes(const std::string& prefix, const std::function<void()>& act) {
    const Revision at = backend->list(prefix).at;
    Background waiter(env(), [&] {
      backend->wait_change(prefix, at, env().now() + std::chrono::seconds(30), {});
    });
    act();
    EXPECT_TRUE(waiter.ends_within(std::chrono::seconds(15)));
  }

  std::unique_ptr<support::EtcdServer> server;
  std::unique_ptr<Backend> backend;
};

}  // namespace tooz::etcd
