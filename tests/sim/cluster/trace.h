#pragma once
#include <string>

#include "sim/door.h"

namespace sim {

/// `door`, and before it a line in the log for every passage, when TOOZ_SIM_LOG names a file: with
/// it a replayed run can be read as a story in virtual time.
Door traced(SimEnv& env, Door door);

/// One such line.
void trace(SimEnv& env, const std::string& who, const std::string& what);

}  // namespace sim
