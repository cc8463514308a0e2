#include "tests/sim/cluster/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "tests/sim/cluster/child.h"
#include "tests/sim/seeds.h"

namespace sim {
namespace {

constexpr std::size_t kInOneChild = 5;

/// What runs of some seeds were, all together; written and read by lines.
struct Runs {
  std::string violations;  ///< one line each
  Counts counts;

  void add(std::uint64_t seed, const ClusterRun& run) {
    if (!run.violation.empty())
      violations += "seed " + std::to_string(seed) + ": " + run.violation + '\n';
    for (const auto& [name, count] : run.counts)
      counts[name] += count;
  }
  std::string text() const {
    std::string all;
    for (const auto& [name, count] : counts)
      all += std::to_string(count) + ' ' + name + '\n';
    return all + '\n' + violations;
  }
  void add(const std::string& text) {
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line) && !line.empty())
      counts[line.substr(line.find(' ') + 1)] += std::stoull(line);
    while (std::getline(lines, line))
      violations += line + '\n';
  }
};

Runs run_all(const std::vector<std::uint64_t>& seeds) {
  Runs all;
  for (std::size_t i = 0; i < seeds.size(); i += kInOneChild) {
    const std::string said = in_child([&] {
      Runs some;
      for (std::size_t k = i; k < std::min(i + kInOneChild, seeds.size()); ++k)
        some.add(seeds[k], run_cluster(seeds[k]));
      return some.text();
    });
    if (said.starts_with("died"))
      all.violations += "one of the seeds from " + std::to_string(seeds[i]) + " on " + said + '\n';
    else
      all.add(said);
  }
  return all;
}

void expect_no_violation(const Runs& runs) {
  if (runs.violations.empty()) return;
  ADD_FAILURE() << runs.violations;
  std::istringstream lines(runs.violations);
  for (std::string line; std::getline(lines, line);) {
    std::uint64_t seed = 0;
    if (std::sscanf(line.c_str(), "seed %lu", &seed) == 1)
      tell_replay(seed, "inspector_sim_test --gtest_filter=ClusterUnderFaults.FixedSeeds");
  }
}

TEST(ClusterSimulation, AnUndisturbedRunFinishesAll) {
  const ClusterRun run = run_cluster(7, {.aborts = 0, .faults = false});
  EXPECT_EQ(run.violation, "");
  EXPECT_GE(run.counts.at("seen finished"), 24U);
  EXPECT_FALSE(run.counts.contains("seen failed"));
}

TEST(ClusterSimulation, SameSeedIsTheSameRun) {
  const auto traced = [] {
    const ClusterRun run = run_cluster(42);
    return std::to_string(run.steps) + " steps, trace " + std::to_string(run.trace);
  };
  EXPECT_EQ(in_child(traced), in_child(traced));
}

/// A green run is worth nothing unless all this has happened in it.
void expect_all_happened(const Counts& counts) {
  for (const char* name :
       {"accepted",          "aborts",        "reapplies",        "answered 503",
        "not answered",      "kills",         "kills at calls",   "freezes",
        "partitions",        "outages",       "restarts",         "broken requests",
        "lost answers",      "full queues",   "doubled requests", "refused connections",
        "reports repeated",  "taken over",    "resumed",          "sets sent again",
        "power asked again", "power awaited", "power spared",     "handed over"})
    EXPECT_TRUE(counts.contains(name) && counts.at(name) > 0) << name << ": never";
}

TEST(ClusterUnderFaults, FixedSeeds) {
  const Runs runs = run_all(seeds(50));
  expect_no_violation(runs);
  if (std::getenv("TOOZ_SIM_SEED") == nullptr) expect_all_happened(runs.counts);
  for (const auto& [name, count] : runs.counts)
    std::cout << count << ' ' << name << '\n';
}

TEST(ClusterUnderFaults, FreshSeeds) { expect_no_violation(run_all(fresh_seeds(50))); }

/// The first of 50 seeds that notices what was planted; empty: none.
std::string who_notices(const Planted& planted) {
  for (std::uint64_t first = 1; first <= 50; first += kInOneChild) {
    const std::string said = in_child([&] {
      for (std::uint64_t seed = first; seed < first + kInOneChild; ++seed) {
        const ClusterRun run = run_cluster(seed, {.planted = planted});
        if (!run.violation.empty()) return "seed " + std::to_string(seed) + ": " + run.violation;
      }
      return std::string();
    });
    if (said.empty()) continue;
    std::cout << said << '\n';
    return said;
  }
  return {};
}

// Proofs that the simulation would notice.
TEST(ClusterSimulation, NoticesAWriteWithoutItsFence) {
  EXPECT_THAT(who_notices({.no_fence = true}), testing::HasSubstr("fence"));
}

TEST(ClusterSimulation, NoticesAnAnswerBeforeTheRow) {
  EXPECT_THAT(who_notices({.answer_before_row = true}), testing::HasSubstr("accepted"));
}

TEST(ClusterSimulation, NoticesATakeoverWithoutTheLock) {
  EXPECT_THAT(who_notices({.takeover_without_lock = true}), testing::HasSubstr("seed"));
}

}  // namespace
}  // namespace sim
