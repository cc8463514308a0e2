// A request under a lock that is lost, or in a process that stops.
#include "inspector/ironic/testing/ironic_client.h"

#include <memory>
#include <stop_token>

namespace inspector::ironic {
namespace {

using namespace std::chrono_literals;
using inspector::testing::AwakeEnv;
using testing::IronicClient;
using testing::kLocked;

TEST_F(IronicClient, LooksAtTheLockBeforeEachRequest) {
  int looks = 0;
  Call call;
  call.remaining = [&]() -> base::Env::Duration { return ++looks < 4 ? 1s : 0s; };
  server_.then(409, std::string(kLocked));
  server_.then(409, std::string(kLocked));
  EXPECT_THROW(client_->set_power("u1", Power::kOff, call), LockLost);
  EXPECT_EQ(looks, 4);  // for the version, and for three attempts
  EXPECT_EQ(server_.requests().size(), 3U);
}

TEST_F(IronicClient, ALostLockEndsARequestThatIsNotAnswered) {
  std::stop_source lost;
  const auto over = std::make_shared<http::testing::Flag>();  // the server's thread may need longer
  server_.on_request = [this, lost, over]() mutable {
    if (server_.requests().size() != 1) return;
    lost.request_stop();
    over->wait();  // then it would be answered
  };
  EXPECT_THROW(client_->set_power("u1", Power::kOff, {.lost = lost.get_token()}), LockLost);
  over->set();
}

/// Its lock is lost while it sleeps.
class LosingEnv final : public AwakeEnv {
 public:
  bool sleep_until(TimePoint when, std::stop_token stop) override {
    lost.request_stop();
    return AwakeEnv::sleep_until(when, std::move(stop));
  }
  std::stop_source lost;
};

TEST_F(IronicClient, ALostLockEndsThePauseBetweenTwoAttempts) {
  LosingEnv env;
  const auto client = http_client(env, options_);
  server_.then(409, std::string(kLocked));
  EXPECT_THROW(client->set_power("u1", Power::kOff, {.lost = env.lost.get_token()}), LockLost);
  EXPECT_EQ(env.pauses.size(), 1U);
  EXPECT_FALSE(env.slept());
  EXPECT_EQ(server_.lines().size(), 1U);
}

TEST_F(IronicClient, ALostLockCancelsWhatFollows) {
  std::stop_source lost;
  const Call call{.lost = lost.get_token()};
  server_.on_request = [&] {
    if (server_.requests().size() == 1) lost.request_stop();
  };
  server_.then(409, std::string(kLocked));
  EXPECT_THROW(client_->set_power("u1", Power::kOff, call), LockLost);
  EXPECT_LE(server_.lines().size(), 1U);
  EXPECT_THROW(client_->set_power("u1", Power::kOff, call), LockLost);
  EXPECT_LE(server_.lines().size(), 1U);
}

TEST_F(IronicClient, AStopIsAnErrorWithoutAnAnswer) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(error([&] { client_->get_node("u1", {.stop = stop.get_token()}); }),
            std::pair(0, std::string("GET /v1/: stopped")));
}

}  // namespace
}  // namespace inspector::ironic
