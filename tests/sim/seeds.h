#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace sim {

/// The seeds that a simulation tries: from 1 on, `usual` many. A free machine tries more:
/// TOOZ_SIM_SEEDS=1000 begins there and takes a hundred. TOOZ_SIM_SEED=7: that one alone.
std::vector<std::uint64_t> seeds(std::size_t usual);

/// How many seeds; by night: when TOOZ_NIGHTLY is set.
struct SeedCounts {
  std::size_t by_day;
  std::size_t by_night;
};
/// seeds() of so many, in groups of ten: runs that are too short for a program each.
std::vector<std::vector<std::uint64_t>> groups_of_seeds(SeedCounts counts);

/// Seeds that nobody has tried: as many as asked for, forty times as many with TOOZ_NIGHTLY. None
/// when TOOZ_SIM_SEED names one.
std::vector<std::uint64_t> fresh_seeds(std::size_t usual);

/// A seed has failed: says how to run it again, as `program` of the build's tests; also as a line
/// of the file that TOOZ_REPLAYS names, for whoever ran all tests.
void tell_replay(std::uint64_t seed, const std::string& program);

}  // namespace sim
