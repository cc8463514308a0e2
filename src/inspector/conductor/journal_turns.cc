#include "inspector/conductor/journal.h"
#include "inspector/conductor/journal_rows.h"

#include <algorithm>

namespace inspector {
namespace {

using sql::Transaction;
using std::chrono::microseconds;

constexpr std::int64_t kAskAgain = 1'000'000;  ///< at least, when too many nodes boot

/// When the next turn is free. Keeps the row locked until the transaction ends, so that one gets
/// it.
std::int64_t lock_next(Transaction& t) {
  t.exec("UPDATE cc_pace SET next_at = next_at WHERE name = 'power'");
  const auto rows = t.query("SELECT next_at FROM cc_pace WHERE name = 'power'");
  if (!rows.empty()) return rows[0].integer(0);
  insert_once(t, "INSERT INTO cc_pace (name, next_at) VALUES ('power', :p1)", {std::int64_t{0}});
  return 0;
}

bool too_many_boot(Transaction& t, const std::string& node, std::size_t most) {
  if (most == 0) return false;
  // What has ended boots no more: its row is left until here, or until the node's next start.
  t.exec(
      "DELETE FROM cc_boot WHERE node_uuid IN "
      "(SELECT uuid FROM nodes WHERE state IN ('finished', 'error'))");
  const auto rows = t.query(
      "SELECT COUNT(*) FROM cc_boot b JOIN nodes n ON n.uuid = b.node_uuid "
      "WHERE n.state IN ('starting', 'waiting') AND b.node_uuid <> :p1",
      {node});
  return rows[0].integer(0) >= static_cast<std::int64_t>(most);
}

}  // namespace

Journal::Write Journal::take_turn(const Operation& operation, const Pace& pace, Turn& turn) const {
  const std::int64_t now = to_micros(env_.wall_time());
  const std::int64_t delay = std::chrono::duration_cast<microseconds>(pace.delay).count();
  return [operation, pace, &turn, now, delay](Transaction& t) {
    const std::int64_t next = std::max(lock_next(t), now);
    turn.granted = !too_many_boot(t, operation.node, pace.most_booting);
    turn.due = from_micros(turn.granted ? next : now + std::max(delay, kAskAgain));
    Operation queued = operation;
    queued.step = Operation::Step::kQueued;
    if (turn.granted) {
      queued.due = turn.due;
      t.exec("UPDATE cc_pace SET next_at = :p1 WHERE name = 'power'", {next + delay});
      t.exec("DELETE FROM cc_boot WHERE node_uuid = :p1", {operation.node});
      t.exec("INSERT INTO cc_boot (node_uuid, since) VALUES (:p1, :p2)", {operation.node, next});
    }
    to_step(queued, now).run(t);
  };
}

}  // namespace inspector
