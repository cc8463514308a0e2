#include "base/log.h"
#include "inspector/conductor/tasks.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.timeouts";
constexpr std::size_t kMost = 10000;  ///< nodes looked at in one run

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
  parts.store.finish(row->uuid, Event::kTimeout, "Introspection timeout", lock->token());
  return true;
}

}  // namespace

std::vector<std::string> end_overdue(const TaskParts& parts, base::Env::Duration timeout,
                                     const std::stop_token& stop) {
  const WallTime limit =
      parts.env.wall_time() - std::chrono::duration_cast<WallTime::duration>(timeout);
  std::vector<std::string> ended;
  std::string names;
  for (const Node& node : parts.store.started_before(limit, kMost)) {
    if (stop.stop_requested()) break;
    if (!end_one(parts, node)) continue;
    names += (names.empty() ? "" : ", ") + node.uuid;
    ended.push_back(node.uuid);
  }
  if (ended.empty()) return ended;
  base::log_error(kComponent, "Introspection for nodes " + names + " has timed out");
  parts.filter.sync();
  return ended;
}

}  // namespace inspector
