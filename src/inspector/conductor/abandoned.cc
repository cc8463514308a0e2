#include "base/log.h"
#include "inspector/conductor/tasks.h"

namespace inspector {
namespace {

constexpr std::size_t kPage = 200;

bool end_one(const TaskParts& parts, const std::string& uuid) {
  const std::optional<NodeLock> lock = parts.locks.try_acquire(uuid);
  if (!lock) return false;
  const std::optional<Node> row = parts.store.get(uuid);
  if (!row || !is_active(row->state)) return false;
  const std::string text = "Introspection was interrupted in state '" +
                           std::string(name(row->state)) +
                           "': the conductor that worked on it stopped, start it again";
  base::log_error("inspector.abandoned", text, {{"node", uuid}});
  parts.store.finish(uuid, Event::kError, text, lock->token());
  return true;
}

}  // namespace

std::vector<std::string> end_abandoned(const TaskParts& parts, const std::stop_token& stop) {
  std::vector<std::string> ended;
  std::string after;
  while (parts.go_on(stop)) {
    const std::vector<Node> page = parts.store.abandoned(after, kPage);
    if (page.empty()) break;
    for (const Node& node : page)
      if (parts.go_on(stop) && end_one(parts, node.uuid)) ended.push_back(node.uuid);
    after = page.back().uuid;
  }
  if (!ended.empty()) parts.filter.sync();
  return ended;
}

}  // namespace inspector
