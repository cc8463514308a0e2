#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace sim {

/// How often what happened in a run, by name: what makes sure that a green run was worth something.
using Counts = std::map<std::string, std::uint64_t>;

}  // namespace sim
