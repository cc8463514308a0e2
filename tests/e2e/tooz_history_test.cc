// Histories of locks on a real etcd, and of registers in it that their tokens guard, while
// connections break and the server stands still and dies; judged call by call.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <list>

#include "sim/history/client.h"
#include "tests/support/etcd_server.h"
#include "tests/support/proxy.h"
#include "tooz/driver.h"
#include "tooz/error.h"
#include "tooz/url.h"

namespace e2e {
namespace {

using namespace std::chrono_literals;
using base::Env;

std::unique_ptr<tooz::Backend> open(Env& env, const std::string& text) {
  const tooz::Url url = tooz::parse_url(text);
  const auto driver = std::ranges::find(tooz::drivers(), url.scheme, &tooz::Driver::scheme);
  return driver->open(env, url);
}

class EtcdHistory : public testing::Test {
 protected:
  /// Takes turns until it is told to stop; its locks come through a network of its own, the
  /// registers on the straight way: so one can be cut off from the lock and still write.
  struct Client {
    explicit Client(std::uint16_t server) : net(server) {}
    support::Proxy net;
    std::unique_ptr<Env::Thread> thread;
  };

  void live(support::Proxy& net) {
    const std::stop_token stop = stop_.get_token();
    tooz::Coordinator coordinator(env_, "etcd3+http://" + net.host() + "/?timeout=1",
                                  {.lease = 2s});
    const auto registers = open(env_, etcd_.url("timeout=1"));
    sim::HistoryClient client(
        env_, coordinator, *registers, history_,
        {.longest_hold = 4s, .longest_wait = 4s, .on_grant = [&] { holder_ = &net; }});
    while (!stop.stop_requested()) {
      try {
        if (client.take_a_turn(kLocks[env_.random() % kLocks.size()]) ==
            sim::HistoryClient::End::kLost)
          ++lost_;
      } catch (const tooz::Error&) {
        ++unreachable_;
      }
      env_.sleep_for(draw(200ms), stop);
    }
  }

  void strike(support::Proxy& net) {
    switch (env_.random() % 6) {
      case 0:
        return net.cut();
      case 1:
        return net.refuse();
      case 2:
        return net.black_hole();
      case 3:
        return net.delay(draw(300ms));
      case 4:
        etcd_.pause();
        env_.sleep_for(draw(3s), {});
        return etcd_.resume();
      default:
        etcd_.kill();
        return etcd_.start();
    }
  }

  Env::Duration draw(Env::Duration most) {
    return Env::Duration(
        static_cast<Env::Duration::rep>(env_.random() % static_cast<std::uint64_t>(most.count())));
  }

  inline static const std::array<std::string, 2> kLocks{"one", "two"};
  Env& env_ = base::system_env();
  support::EtcdServer etcd_;
  sim::History history_;
  std::stop_source stop_;
  std::atomic<support::Proxy*> holder_ = nullptr;  ///< the way of whoever got a lock last
  std::atomic<int> lost_ = 0;
  std::atomic<int> unreachable_ = 0;
};

TEST_F(EtcdHistory, HasAnOrderThatExplainsIt) {
  const auto registers = open(env_, etcd_.url("timeout=5"));
  for (const auto& name : kLocks)
    sim::GuardedRegister(*registers, sim::register_key(name)).make();
  std::list<Client> clients;
  for (int i = 0; i < 6; ++i) {
    Client& one = clients.emplace_back(etcd_.port());
    one.thread = env_.spawn("client", [&](const std::stop_token&) { live(one.net); });
  }
  const auto end = env_.now() + (std::getenv("TOOZ_NIGHTLY") == nullptr ? 10s : 60s);
  while (env_.now() < end) {
    env_.sleep_for(draw(500ms), {});
    support::Proxy* net = holder_;  // whom it hurts most
    if (net == nullptr || env_.random() % 4 == 0)
      net = &std::next(clients.begin(), env_.random() % clients.size())->net;
    strike(*net);
    env_.sleep_for(draw(4s), {});
    net->pass();
  }
  stop_.request_stop();
  for (Client& one : clients)
    one.thread.reset();
  EXPECT_EQ(sim::judge(history_), "");
  std::size_t calls = 0;
  for (const auto& [name, of] : history_.all()) {
    EXPECT_FALSE(of.lock.empty());
    EXPECT_FALSE(of.cell.empty());
    calls += of.lock.size() + of.cell.size();
  }
  std::cout << calls << " calls, " << lost_ << " times lost, " << unreachable_
            << " times unreachable\n";
}

}  // namespace
}  // namespace e2e
