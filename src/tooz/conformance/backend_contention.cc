#include "tooz/conformance/backend_suite.h"

#include <algorithm>
#include <atomic>

namespace tooz::conformance {
namespace {

constexpr auto kNone = SessionId::kNone;
constexpr std::size_t kThreads = 64;
constexpr std::size_t kClients = 4;

/// What the threads of one test share.
struct Crowd {
  explicit Crowd(World& world) : env(world.env()) {
    for (std::size_t i = 0; i < kClients; ++i)
      clients.push_back(world.open());
  }
  /// Runs `body` in all threads at once; each gets its number and one of the clients.
  void run(const std::function<void(std::size_t, Backend&)>& body) {
    std::vector<std::unique_ptr<Background>> threads;
    for (std::size_t i = 0; i < kThreads; ++i)
      threads.push_back(
          std::make_unique<Background>(env, [this, i, &body] { body(i, *clients[i % kClients]); }));
  }

  Env& env;
  std::vector<std::unique_ptr<Backend>> clients;
};

TEST_P(BackendConformance, OfSixtyFourThreadsExactlyOneCreates) {
  run([&] {
    Crowd crowd(*world);
    for (int round = 0; round < 3; ++round) {
      const std::string key = "contended/" + std::to_string(round);
      std::atomic<int> created = 0;
      std::atomic<std::size_t> winner = 0;
      crowd.run([&](std::size_t i, Backend& client) {
        if (!client.create(key, std::to_string(i), kNone)) return;
        ++created;
        winner = i;
      });
      EXPECT_EQ(created, 1);
      EXPECT_EQ(backend->get(key)->value, std::to_string(winner));
    }
  });
}

TEST_P(BackendConformance, NoUpdateOfSixtyFourThreadsIsLost) {
  run([&] {
    Crowd crowd(*world);
    ASSERT_TRUE(backend->create("count", "0", kNone));
    crowd.run([](std::size_t, Backend& client) {
      for (;;) {
        const auto entry = client.get("count");
        const std::string next = std::to_string(std::stoul(entry.value().value) + 1);
        if (client.replace("count", next, entry->revision)) return;
      }
    });
    EXPECT_EQ(backend->get("count")->value, std::to_string(kThreads));
  });
}

TEST_P(BackendConformance, RevisionsOfSixtyFourThreadsAreAllDifferent) {
  run([&] {
    Crowd crowd(*world);
    std::vector<Revision> revisions(kThreads);
    crowd.run([&](std::size_t i, Backend& client) {
      revisions[i] = client.create("own/" + std::to_string(i), "v", kNone).value();
    });
    EXPECT_EQ(backend->list("own/").entries.size(), kThreads);
    std::ranges::sort(revisions);
    EXPECT_EQ(std::ranges::adjacent_find(revisions), revisions.end());
  });
}

TEST_P(BackendConformance, OfSixtyFourThreadsExactlyOneRemoves) {
  run([&] {
    Crowd crowd(*world);
    const Revision made = backend->create("k", "v", kNone).value();
    std::atomic<int> removed = 0;
    crowd.run([&](std::size_t, Backend& client) { removed += client.remove("k", made) ? 1 : 0; });
    EXPECT_EQ(removed, 1);
    EXPECT_EQ(backend->get("k"), std::nullopt);
  });
}

}  // namespace
}  // namespace tooz::conformance
