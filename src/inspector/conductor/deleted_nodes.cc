#include "base/log.h"
#include "inspector/conductor/tasks.h"

#include <set>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.deleted_nodes";
constexpr std::size_t kPage = 1000;

std::set<std::string> uuids_in_ironic(ironic::Client& ironic, const ironic::Call& call) {
  std::set<std::string> uuids;
  for (const ironic::Object& node : ironic.all_nodes("uuid", call))
    uuids.emplace(node.at("uuid").as_string());
  return uuids;
}

bool is_gone(ironic::Client& ironic, const std::string& uuid, const ironic::Call& call) {
  try {
    ironic.get_node(uuid, "uuid", call);
    return false;
  } catch (const ironic::Error& error) {
    if (error.status == 404) return true;
    throw;
  }
}

bool drop_one(const TaskParts& parts, const std::string& uuid, const ironic::Call& call) {
  const std::optional<NodeLock> lock = parts.locks.try_acquire(uuid);
  if (!lock || !is_gone(parts.ironic, uuid, call)) return false;
  base::log_warning(kComponent, "Node " + uuid +
                                    " was deleted from Ironic, dropping from Ironic Inspector "
                                    "database");
  return parts.store.remove(uuid, lock->token());
}

}  // namespace

std::vector<std::string> drop_deleted(const TaskParts& parts, const std::stop_token& stop) {
  const ironic::Call call{stop, {}, {}};
  const std::set<std::string> known = uuids_in_ironic(parts.ironic, call);
  std::vector<std::string> dropped;
  std::string after;
  while (parts.go_on(stop)) {
    const std::vector<std::string> page = parts.store.all_uuids(after, kPage);
    if (page.empty()) break;
    for (const std::string& uuid : page)
      if (!known.contains(uuid) && parts.go_on(stop) && drop_one(parts, uuid, call))
        dropped.push_back(uuid);
    after = page.back();
  }
  return dropped;
}

}  // namespace inspector
