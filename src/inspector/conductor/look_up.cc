#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/processing/python_repr.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

/// How long a report waits for who works on its node: the end of its start, mostly.
constexpr base::Env::Duration kLockWait = std::chrono::seconds(15);
/// Of it, before the report is entered: a machine may report while its reboot is being answered.
constexpr base::Env::Duration kShortWait = std::chrono::milliseconds(250);

std::string shown_attributes(const Attributes& seen) {
  boost::json::object shown;
  for (const auto& [name, values] : seen)
    shown[name] = boost::json::array(values.begin(), values.end());
  return python_repr(shown);
}

/// `2026-11-22 11:11:38.194088`, as Python writes a time.
std::string shown_time(WallTime time) { return log_file_name("{dt}", {}, time); }

}  // namespace

/// Finds the node of a report and takes its lock. What keeps it from that is one more of the
/// report's failures; thrown are doubt (a database or a lock that did not answer), and what is
/// wrong with a node in use that reported by itself.
void LocalConductor::look_up(Report& report, const std::stop_token& stop) {
  const Attributes seen = lookup_attributes(report.data);
  const std::vector<std::string> found = parts_.store.lookup(seen);
  const bool makes_node = processing_.permit_active_introspection ||
                          processing_.node_not_found != ProcessingOptions::NotFound::kReject;
  if (found.empty() && makes_node) enter_now(report);
  if (found.empty() && processing_.permit_active_introspection)
    report.work = record_active_node(seen, stop);
  if (report.work) {
    report.work->op = report.op;
    return;
  }
  if (found.empty() && report.failures.empty() &&
      processing_.node_not_found != ProcessingOptions::NotFound::kReject)
    return discover(report, seen, stop);
  try {
    report.work = find_work(report, seen, found, stop);
  } catch (const Error& error) {
    if (error.code() == Errc::kUnavailable) throw;
    report.failures.push_back(std::string("Look up error: ") + error.what());
  }
}

LocalConductor::Work LocalConductor::find_work(const Report& report, const Attributes& seen,
                                               const std::vector<std::string>& found,
                                               const std::stop_token& stop) {
  if (found.empty())
    throw Error(Errc::kNotFound, "Could not find a node for attributes " + shown_attributes(seen));
  if (found.size() > 1)
    throw Error(Errc::kBadRequest, "Multiple nodes match the same number of attributes " +
                                       shown_attributes(seen) + ": " +
                                       python_repr(boost::json::array(found.begin(), found.end())));
  return lock_to_process(report, found.front(), stop);
}

std::shared_ptr<NodeLock> LocalConductor::lock_for_report(const std::string& uuid,
                                                          const std::stop_token& stop) {
  std::optional<NodeLock> lock = parts_.locks.acquire(uuid, env_.now() + kLockWait, stop);
  if (!lock) throw Error(Errc::kUnavailable, "Node " + uuid + " is locked, please, retry later");
  return std::make_shared<NodeLock>(*std::move(lock));
}

/// The journal tells whose report waits for the node: a start that is taken over must not reboot a
/// machine that has reported.
std::shared_ptr<NodeLock> LocalConductor::await_lock(const Report& report, const std::string& uuid,
                                                     const std::stop_token& stop) {
  std::optional<NodeLock> lock = report.op->entered
                                     ? parts_.locks.try_acquire(uuid)
                                     : parts_.locks.acquire(uuid, env_.now() + kShortWait, stop);
  if (lock) return std::make_shared<NodeLock>(*std::move(lock));
  report.op->node = uuid;
  if (report.op->entered)
    parts_.journal.move_on_alone(*report.op);
  else
    enter_now(report);
  return lock_for_report(uuid, stop);
}

LocalConductor::Work LocalConductor::lock_to_process(const Report& report, const std::string& uuid,
                                                     const std::stop_token& stop) {
  Work work{.uuid = uuid, .lock = await_lock(report, uuid, stop), .op = report.op};
  const std::optional<Node> row = parts_.store.get(uuid);
  if (!row)
    throw Error(Errc::kNotFound, "Could not find node " + uuid +
                                     " in introspection cache, probably it's not on introspection "
                                     "now");
  if (row->finished_at)
    throw Error(Errc::kBadRequest, "Introspection for node " + uuid + " already finished on " +
                                       shown_time(*row->finished_at));
  // Whoever was aborting it may be gone; his work is taken over, and its end is the abort's.
  if (row->state == State::kAborting)
    throw Error(Errc::kBadRequest, "Introspection for node " + uuid + " is being aborted");
  if (row->state == State::kProcessing) check_processing(work);
  work.manage_boot = row->manage_boot;
  if (row->state == State::kStarting) end_dead_start(work);
  return work;
}

/// Who processes a report of the node may be gone; his work is taken over, be it this report or
/// not.
void LocalConductor::check_processing(const Work& work) {
  const std::optional<Operation> other =
      parts_.journal.of_node(work.uuid, Operation::Kind::kProcess);
  if (!other || other->id == work.op->id) return;
  if (other->digest == work.op->digest) throw Journal::Repeated();
  throw Error(Errc::kUnavailable, "Node " + work.uuid + " is being processed, please, retry later");
}

/// The node is being started by somebody who is gone. Its report shows that it has booted; if
/// nobody can have told it to, the start goes on first, and the report waits.
void LocalConductor::end_dead_start(const Work& work) {
  const std::optional<Operation> start = parts_.journal.of_node(work.uuid, Operation::Kind::kStart);
  if (!start) return;
  if (start->step != Step::kPower && start->step != Step::kPowerAgain)
    throw Error(Errc::kUnavailable, "Node " + work.uuid + " is being started, please, retry later");
  ++parts_.journal.counters.power_spared;
  parts_.store.fire(work.uuid, Event::kWait, {work.lock->token(), parts_.journal.end(*start)});
}

}  // namespace inspector
