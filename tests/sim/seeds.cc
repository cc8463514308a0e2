#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <numeric>

#include "base/env.h"
#include "base/log_options.h"

namespace sim {
namespace {

constexpr std::size_t kMoreByNight = 40;

/// Thousands of injected faults are thousands of warnings. TOOZ_SIM_LOG names a file for them.
class QuietLog : public testing::Environment {
  void SetUp() override {
    const char* file = std::getenv("TOOZ_SIM_LOG");
    base::configure_log({.file = file ? file : "/dev/null"});
  }
};
const auto* const kQuiet = testing::AddGlobalTestEnvironment(new QuietLog);

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

}  // namespace

std::vector<std::uint64_t> seeds(std::size_t usual) {
  if (const char* one = std::getenv("TOOZ_SIM_SEED")) return {number(one)};
  const char* first = std::getenv("TOOZ_SIM_SEEDS");
  std::vector<std::uint64_t> list(first ? 100 : usual);
  std::iota(list.begin(), list.end(), first ? number(first) : 1);
  return list;
}

std::vector<std::vector<std::uint64_t>> groups_of_seeds(SeedCounts counts) {
  constexpr std::size_t kGroup = 10;
  std::vector<std::vector<std::uint64_t>> groups;
  for (const auto seed : seeds(std::getenv("TOOZ_NIGHTLY") ? counts.by_night : counts.by_day)) {
    if (groups.empty() || groups.back().size() == kGroup) groups.emplace_back();
    groups.back().push_back(seed);
  }
  return groups;
}

std::vector<std::uint64_t> fresh_seeds(std::size_t usual) {
  if (std::getenv("TOOZ_SIM_SEED")) return {};
  std::vector<std::uint64_t> list(std::getenv("TOOZ_NIGHTLY") ? usual * kMoreByNight : usual);
  constexpr std::uint64_t kReadable = 1'000'000'000;
  std::iota(list.begin(), list.end(), kReadable + base::system_env().random() % kReadable);
  return list;
}

void tell_replay(std::uint64_t seed, const std::string& program) {
  const std::string line =
      "TOOZ_SIM_SEED=" + std::to_string(seed) + " build/release/tests/" + program;
  std::cout << "replay: " << line << '\n';
  if (const char* file = std::getenv("TOOZ_REPLAYS"))
    std::ofstream(file, std::ios::app) << line << '\n';
}

}  // namespace sim
