#include "base/log.h"
#include "inspector/conductor/tasks.h"
#include "inspector/node/leftovers.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.timeouts";
constexpr std::size_t kPage = 200;

/// False: somebody works on it, or it is not what it was when it was listed.
bool end_one(const TaskParts& parts, const Node& listed) {
  const std::optional<NodeLock> lock = parts.locks.try_acquire(listed.uuid);
  if (!lock) {
    base::log_info(kComponent, "Somebody works on a node that has timed out, it is looked at later",
                   {{"node", listed.uuid}});
    return false;
  }
  const std::optional<Node> row = parts.store.get(listed.uuid);
  if (!row || row->finished_at || row->started_at != listed.started_at) return false;
  if (row->state != State::kWaiting)
    base::log_error(kComponent,
                    "Something went wrong, timeout occurred while introspection in \"" +
                        std::string(name(row->state)) + "\" state",
                    {{"node", row->uuid}});
  parts.store.finish(
      row->uuid, Event::kTimeout, "Introspection timeout",
      {lock->token(), [uuid = row->uuid](sql::Transaction& t) { drop_operations(t, uuid); }});
  return true;
}

}  // namespace

std::vector<std::string> end_overdue(const TaskParts& parts, base::Env::Duration timeout,
                                     const std::stop_token& stop) {
  const WallTime limit =
      parts.env.wall_time() - std::chrono::duration_cast<WallTime::duration>(timeout);
  std::vector<std::string> ended;
  std::string names;
  std::optional<Node> last;
  while (parts.go_on(stop)) {
    const std::vector<Node> page = parts.store.overdue(limit, last ? &*last : nullptr, kPage);
    if (page.empty()) break;
    for (const Node& node : page) {
      if (!parts.go_on(stop) || !end_one(parts, node)) continue;
      names += (names.empty() ? "" : ", ") + node.uuid;
      ended.push_back(node.uuid);
    }
    last = page.back();
  }
  if (ended.empty()) return ended;
  base::log_error(kComponent, "Introspection for nodes " + names + " has timed out");
  parts.filter.sync();
  return ended;
}

}  // namespace inspector
