#pragma once
#include "tooz/backend.h"
#include "tooz/recipes/flaws.h"
#include "tooz/recipes/process_identity.h"

namespace tooz {

/// What a Coordinator stands on when it is not made from a URL: a test's or a simulation's.
struct Wiring {
  std::unique_ptr<Backend> backend;
  Processes processes;
  Flaws flaws = {};
};

}  // namespace tooz
