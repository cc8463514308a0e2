#pragma once
#include <functional>
#include <string>

namespace sim {

/// Runs `body` in a process of its own and returns what it returns: killed simulated processes
/// leave their threads behind until the program ends, and what is global to a program must not
/// know of an earlier run with the same seed. A child that dies returns a text that says
/// how, beginning with `died`. The caller has no other thread.
std::string in_child(const std::function<std::string()>& body);

}  // namespace sim
