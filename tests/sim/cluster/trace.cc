#include "tests/sim/cluster/trace.h"

#include <cstdlib>

#include "base/log.h"

namespace sim {
namespace {

bool wanted() {
  static const bool is = std::getenv("TOOZ_SIM_LOG") != nullptr;
  return is;
}

}  // namespace

void trace(SimEnv& env, const std::string& who, const std::string& what) {
  if (!wanted()) return;
  const std::chrono::duration<double> now = env.time().time_since_epoch();
  base::log_info("sim", std::to_string(now.count()) + " " + who + ": " + what);
}

Door traced(SimEnv& env, Door door) {
  if (!wanted()) return door;
  return [&env, door = std::move(door)](const Passage& passage) {
    const bool before = passage.when == Passage::When::kBefore;
    trace(env, passage.process.name(), (before ? "> " : "< ") + passage.call);
    if (door) door(passage);
  };
}

}  // namespace sim
