#pragma once
#include "tooz/driver.h"
#include "tooz/recipes/flaws.h"
#include "tooz/recipes/process_identity.h"

namespace tooz {

/// What a Coordinator stands on when it is not made from a URL: a test's or a simulation's.
struct Wiring {
  std::unique_ptr<Backend> backend;
  Processes processes;
  Flaws flaws = {};
  Features features = {.survives_restart = true,
                       .linearizable = true,
                       .notifies = true,
                       .evicts = false,
                       .across_hosts = true,
                       .max_value = 1 << 20};
};

}  // namespace tooz
