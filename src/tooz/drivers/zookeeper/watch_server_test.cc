#include "tests/support/zookeeper_server.h"
#include "tooz/drivers/zookeeper/zookeeper.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <zookeeper/zookeeper.h>

namespace {

/// Before its n-th request for a watch, the thread that set this runs `act`.
struct BeforeWatch {
  int countdown = 0;
  std::function<void()> act;
};
thread_local BeforeWatch before_watch;

void on_watch(watcher_fn watcher) {
  if (watcher == nullptr || before_watch.countdown == 0 || --before_watch.countdown != 0) return;
  before_watch.act();
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// These two stand before the library's own of the same names, for the whole test program.
int zoo_awexists(zhandle_t* zh, const char* path, watcher_fn watcher, void* context,
                 stat_completion_t done, const void* data) {
  static auto* const exists = real<decltype(zoo_awexists)>("zoo_awexists");
  on_watch(watcher);
  return exists(zh, path, watcher, context, done, data);
}

int zoo_awget_children2(zhandle_t* zh, const char* path, watcher_fn watcher, void* context,
                        strings_stat_completion_t done, const void* data) {
  static auto* const children = real<decltype(zoo_awget_children2)>("zoo_awget_children2");
  on_watch(watcher);
  return children(zh, path, watcher, context, done, data);
}

namespace tooz {
namespace {

using namespace std::chrono_literals;
using support::ZookeeperServer;

Env& env() { return base::system_env(); }

/// A wait that sets up its watches by several requests, and what happens between them.
class ZookeeperWatch : public testing::Test {
 protected:
  void expect_wakes(const std::string& prefix, int countdown, const std::function<bool()>& act) {
    const Revision at = backend_->list(prefix).at;
    bool done = false;
    Background waiter(env(), [&, deadline = env().now() + 60s] {
      before_watch = {countdown, [&] { done = act(); }};
      backend_->wait_change(prefix, at, deadline, {});
    });
    EXPECT_TRUE(waiter.ends_within(30s)) << prefix << ": nobody woke it";
    EXPECT_TRUE(done) << prefix << ": nothing was done to be woken by";
  }
  std::string prefix() { return "w" + std::to_string(++prefixes_) + "/"; }
  Revision make(const std::string& key) {
    return backend_->create(key, "v", SessionId::kNone).value();
  }

  ZookeeperServer server_;
  const std::unique_ptr<Backend> backend_ =
      open_zookeeper(env(), parse_url(server_.url("timeout=20")));

 private:
  int prefixes_ = 0;
};

TEST_F(ZookeeperWatch, NothingIsMissedThatHappensBetweenItsRequests) {
  for (const int nth : {1, 2}) {
    const std::string first = prefix();
    expect_wakes(first, nth, [&] { return make(first + "k") != 0; });
    const std::string another = prefix();
    make(another + "k");
    expect_wakes(another, nth, [&] { return make(another + "l") != 0; });
    const std::string written = prefix();
    const Revision old = make(written + "k");
    expect_wakes(written, nth, [&] { return !!backend_->replace(written + "k", "w", old); });
    const std::string removed = prefix();
    const Revision there = make(removed + "k");
    expect_wakes(removed, nth, [&] { return backend_->remove(removed + "k", there); });
  }
}

}  // namespace
}  // namespace tooz
