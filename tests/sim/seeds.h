#pragma once
#include <cstdint>
#include <vector>

namespace sim {

/// The seeds that a simulation tries: from 1 on, `usual` many. A free machine tries more:
/// TOOZ_SIM_SEEDS=1000 begins there and takes a hundred.
std::vector<std::uint64_t> seeds(std::size_t usual);

}  // namespace sim
