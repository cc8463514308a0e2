#include "tooz/recipes/cleaner.h"

#include <gtest/gtest.h>

#include "tooz/testing/test_world.h"

namespace tooz {
namespace {

TEST(Cleaner, KeepsNothingThatAnErrandHeldOnceItIsStopped) {
  TestWorld world;
  world.env.run([&] {
    const auto backend = world.backend();
    Cleaner cleaner(world.env, *backend);
    auto held = std::make_shared<int>(1);
    const std::weak_ptr<int> watched = held;
    cleaner.soon([held] {});
    cleaner.stop();
    cleaner.soon([held] {});
    held.reset();
    EXPECT_TRUE(watched.expired());
  });
}

TEST(Cleaner, DoesErrandsInTheirOrder) {
  TestWorld world;
  world.env.run([&] {
    const auto backend = world.backend();
    Cleaner cleaner(world.env, *backend);
    std::string done;
    cleaner.soon([&] { done += "a"; });
    cleaner.soon([&] { done += "b"; });
    EXPECT_TRUE(world.eventually(std::chrono::seconds(1), [&] { return done == "ab"; }));
  });
}

}  // namespace
}  // namespace tooz
