#include "inspector/service/conductor_unit.h"

#include "base/log.h"
#include "inspector/conductor/current_origin.h"
#include "inspector/conductor/share.h"
#include "inspector/service/coordination.h"
#include "tooz/error.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.service";
constexpr base::Env::Duration kMostSpacing = std::chrono::milliseconds(2500);
constexpr base::Env::Duration kLeastSpacing = std::chrono::milliseconds(250);
constexpr base::Env::Duration kPause = std::chrono::seconds(1);

/// How often unfinished work is looked for when nobody was seen leaving.
base::Env::Duration takeover_spacing(const std::string& backend_url) {
  return std::clamp(lease_of(backend_url) / 4, kLeastSpacing, kMostSpacing);
}

}  // namespace

ConductorUnit::ConductorUnit(const Parts& parts)
    : parts_(parts),
      locks_(with_current_origin(parts.env, parts.locks, *parts.stores.database)),
      directory_(parts.coordinator, parts.config.coordination.group),
      transport_(rpc::http_transport(parts.sender)),
      others_{directory_, *transport_},
      worker_(parts.env, parts.config, parts.stores, *locks_, &others_),
      calls_({parts.env, worker_.conductor(), worker_.filter()}, parts.config.rpc) {}

bool ConductorUnit::serve(const std::string& endpoint, const std::stop_token& stop) {
  const CoordinationOptions& coordination = parts_.config.coordination;
  if (!join_conductors(parts_.env, parts_.coordinator, coordination, endpoint,
                       parts_.config.conductor.host, stop) ||
      !until_reachable(parts_.env, coordination.backend_url, stop, [this] { directory_.open(); }))
    return false;
  leader_ = elected_leader(parts_.env, parts_.coordinator, coordination.group);
  worker_.start_takeover(takeover_spacing(coordination.backend_url), [this] {
    return share_of(directory_, std::string(kConductorPrefix) + parts_.config.conductor.host);
  });
  worker_.start_tasks(*leader_);
  watch_ = parts_.env.spawn("group", [this](const std::stop_token& its_stop) { watch(its_stop); });
  return true;
}

void ConductorUnit::retire() {
  watch_.reset();
  try {
    parts_.coordinator.leave(parts_.config.coordination.group);
  } catch (const std::exception& error) {
    base::log_warning(kComponent, std::string("cannot leave the group: ") + error.what());
  }
  worker_.stop_tasks();
  leader_.reset();
  worker_.retire();
}

/// Wakes the takeover when a member leaves the group, or when nobody knows who did.
void ConductorUnit::watch(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      const tooz::GroupChange change =
          parts_.coordinator.next_change(parts_.config.coordination.group, stop);
      if (!change.left.empty() || change.gap) worker_.look_for_work();
    } catch (const tooz::Error& error) {
      base::log_warning(kComponent, std::string("the group cannot be watched: ") + error.what());
      parts_.env.sleep_for(kPause, stop);
    }
  }
}

}  // namespace inspector
