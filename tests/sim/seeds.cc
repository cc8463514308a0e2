#include "tests/sim/seeds.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>

#include "base/log.h"

namespace sim {
namespace {

/// Thousands of injected faults are thousands of warnings.
class QuietLog : public testing::Environment {
  void SetUp() override { base::configure_log({.file = "/dev/null"}); }
};
const auto* const kQuiet = testing::AddGlobalTestEnvironment(new QuietLog);

}  // namespace

std::vector<std::uint64_t> seeds(std::size_t usual) {
  const char* first = std::getenv("TOOZ_SIM_SEEDS");
  std::vector<std::uint64_t> list(first ? 100 : usual);
  std::iota(list.begin(), list.end(), first ? std::strtoull(first, nullptr, 10) : 1);
  return list;
}

}  // namespace sim
