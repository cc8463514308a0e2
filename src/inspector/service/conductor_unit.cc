#include "inspector/service/conductor_unit.h"

#include "base/log.h"
#include "inspector/service/coordination.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr base::Env::Duration kMostDeadWork = std::chrono::milliseconds(2500);
constexpr base::Env::Duration kLeastDeadWork = std::chrono::milliseconds(250);

/// Work that died with a conductor is to end within two leases: one until its lock is free, what
/// remains until somebody looks.
base::Env::Duration dead_work_spacing(const std::string& backend_url) {
  return std::clamp(lease_of(backend_url) / 4, kLeastDeadWork, kMostDeadWork);
}

}  // namespace

ConductorUnit::ConductorUnit(const Parts& parts)
    : parts_(parts),
      worker_(parts.env, parts.config, parts.stores, parts.locks),
      calls_(parts.env, worker_.conductor(), parts.config.rpc) {}

bool ConductorUnit::serve(const std::string& endpoint, const std::stop_token& stop) {
  const CoordinationOptions& coordination = parts_.config.coordination;
  if (!join_conductors(parts_.env, parts_.coordinator, coordination, endpoint,
                       parts_.config.conductor.host, stop))
    return false;
  leader_ = elected_leader(parts_.env, parts_.coordinator, coordination.group);
  worker_.start_tasks(*leader_, dead_work_spacing(coordination.backend_url));
  return true;
}

void ConductorUnit::retire() {
  worker_.stop_tasks();
  leader_.reset();
  try {
    parts_.coordinator.leave(parts_.config.coordination.group);
  } catch (const std::exception& error) {
    base::log_warning("inspector.service", std::string("cannot leave the group: ") + error.what());
  }
}

}  // namespace inspector
