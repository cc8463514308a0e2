#pragma once
#include "tooz/conformance/world.h"

namespace tooz::conformance {

/// Those that need no server: memory, file, and memory behind a slow network in virtual time.
std::vector<Subject> local_subjects();

}  // namespace tooz::conformance
