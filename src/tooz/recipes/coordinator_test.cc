#include "tooz/coordinator.h"

#include <gtest/gtest.h>

#include "tooz/error.h"
#include "tooz/recipes/process_identity.h"
#include "tooz/value.h"

namespace tooz {
namespace {

std::string refusal(const std::string& url) {
  try {
    const Coordinator coordinator(base::system_env(), url, {});
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Errc::kBadUrl);
    return error.what();
  }
  return "";
}

TEST(Coordinator, WorksOnTheMachinesEnv) {
  base::Env& env = base::system_env();
  Coordinator a(env, "memory://coordinator-test", {.member_id = "a"});
  Coordinator b(env, "memory://coordinator-test", {.member_id = "b"});
  EXPECT_TRUE(a.create_group("g"));
  EXPECT_TRUE(a.join("g", nullptr));
  EXPECT_EQ(b.next_change("g", {}).joined.front().id, "a");
  auto guard = a.lock("x").try_acquire();
  ASSERT_TRUE(guard);
  EXPECT_FALSE(b.lock("x").try_acquire());
  guard->release();
  EXPECT_TRUE(b.lock("x").acquire({}));
}

TEST(Coordinator, GuardMayOutliveIt) {
  std::optional<Coordinator> a;
  a.emplace(base::system_env(), "memory://guard-test", Options{});
  auto lock = a->lock("x");
  const auto guard = lock.try_acquire();
  ASSERT_TRUE(guard);
  a.reset();
  EXPECT_TRUE(guard->lost().stop_requested());
  EXPECT_EQ(guard->remaining(), Env::Duration::zero());
  EXPECT_THROW(lock.try_acquire(), Error);
}

TEST(Coordinator, RefusesUrlsByName) {
  EXPECT_NE(refusal("nosuch://host").find("no driver `nosuch`"), std::string::npos);
  EXPECT_NE(refusal("memory://x?colour=red").find("`colour`"), std::string::npos);
  EXPECT_NE(refusal("memory://x?lock_timeout=soon").find("`lock_timeout`"), std::string::npos);
  EXPECT_NE(refusal("nonsense"), "");
}

TEST(Processes, KnowsItselfAndTheDead) {
  const auto processes = system_processes();
  EXPECT_FALSE(processes.self.boot_id.empty());
  EXPECT_FALSE(processes.self.pid_namespace.empty());
  EXPECT_EQ(processes.runs(processes.self), true);
  auto other = processes.self;
  other.start_time += 1;
  EXPECT_EQ(processes.runs(other), false) << "the pid is used again";
  other.boot_id = "another machine";
  EXPECT_EQ(processes.runs(other), std::nullopt);
  const auto copy = decode_identity(encode({processes.self, "me", 3}));
  ASSERT_TRUE(copy);
  EXPECT_EQ(copy->process.start_time, processes.self.start_time);
  EXPECT_FALSE(decode_identity("\x80"));
  EXPECT_FALSE(decode_identity("junk"));
}

}  // namespace
}  // namespace tooz
