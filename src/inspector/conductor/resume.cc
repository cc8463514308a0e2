#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/report_body.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.resume";
constexpr base::Env::Duration kOldestReport = std::chrono::hours(1);

/// In what state a node is while an operation is at work on it.
bool fits(const Operation& operation, State state) {
  using Kind = Operation::Kind;
  switch (operation.kind) {
    case Kind::kStart:
      return state == State::kStarting;
    case Kind::kProcess:
      return state == State::kProcessing;
    case Kind::kAbort:
      return state == State::kAborting || state == State::kError;
    case Kind::kReapply:
      return state == State::kReapplying;
  }
  return false;
}

/// A report whose node is only being looked for needs no lock yet.
bool needs_lock(const Operation& operation) {
  return operation.kind != Operation::Kind::kProcess ||
         operation.step != Operation::Step::kAccepted;
}

}  // namespace

bool LocalConductor::resume(Operation operation) {
  if (retired_) return give_away(std::move(operation));
  Slots::Slot slot = slots_.take();
  if (!slot) return false;
  Work work{.uuid = operation.node, .lock = nullptr, .slot = std::move(slot)};
  base::Pool& pool = operation.kind == Operation::Kind::kProcess ? reports_pool_ : pool_;
  const bool ours = operation.incarnation == parts_.owner.now().incarnation;
  if (ours && !held_.has_rested(operation, env_.now())) return true;
  work.op = held_.hold(std::move(operation), env_);
  if (!work.op) return true;
  return pool.submit([this, work](const std::stop_token& stop) {
    try {
      go_on(work, stop);
    } catch (...) {
      base::log_warning(kComponent,
                        "An operation is left for later: " + text_of(std::current_exception()),
                        {{"operation", work.op->id}, {"node", work.uuid}});
    }
  });
}

/// Who has drained may live on, and nobody takes anything from the living.
bool LocalConductor::give_away(Operation operation) {
  if (operation.incarnation.empty()) return false;
  const HeldOperations::Ptr op = held_.hold(std::move(operation), env_);
  if (!op) return true;
  op->ended = true;
  if (parts_.journal.hand_over(*op))
    base::log_info(kComponent, "What has to wait is left to another conductor",
                   {{"kind", name(op->kind)}, {"step", name(op->step)}, {"node", op->node}});
  return true;
}

void LocalConductor::go_on(Work work, const std::stop_token& stop) {
  if (!claim(work) || is_worn_out(work)) return;
  if (!needs_lock(*work.op)) {
    go_on_with_report(work, stop);
    return;
  }
  if (!fits_node(work)) return;
  attempt(work, stop, [&] {
    if (work.op->is_sending())
      go_on_with_set(work, stop);
    else if (work.op->kind == Operation::Kind::kStart)
      go_on_with_start(work, stop);
    else if (work.op->kind == Operation::Kind::kAbort)
      abort_work(work, stop);
    else if (work.op->kind == Operation::Kind::kReapply)
      reapply_work(work, parse_kept_report(parts_.journal.body(*work.op)), stop);
    else
      go_on_with_report(work, stop);
  });
}

/// The node's lock first, then the journal decides: false, somebody else has it.
bool LocalConductor::claim(Work& work) {
  const Journal::Owner us = parts_.owner.now();
  if (us.incarnation.empty()) return false;
  Operation& op = *work.op;
  const std::string from = op.owner;
  const bool ours = op.incarnation == us.incarnation;
  if (needs_lock(op)) {
    std::optional<NodeLock> lock = parts_.locks.try_acquire(work.uuid);
    if (!lock) return false;
    work.lock = std::make_shared<NodeLock>(*std::move(lock));
    const tooz::Token& token = work.lock->token();
    try {
      parts_.store.write(work.uuid, token, parts_.journal.claim(op, us, token.number));
    } catch (const Journal::Taken&) {
      return false;
    }
  } else if (!parts_.journal.claim_alone(op, us)) {
    return false;
  }
  ++(ours ? parts_.journal.counters.resumed : parts_.journal.counters.taken_over);
  base::log_info(kComponent, ours ? "An operation is resumed" : "An operation is taken over",
                 {{"kind", name(op.kind)},
                  {"step", name(op.step)},
                  {"node", work.uuid},
                  {"operation", op.id},
                  {"from", from},
                  {"tries", op.tries}});
  return true;
}

/// What has ended one conductor after another must not end all of them.
bool LocalConductor::is_worn_out(const Work& work) {
  const Operation& op = *work.op;
  const bool lost = !needs_lock(op) && env_.wall_time() - op.created > kOldestReport;
  if (op.tries < options_.max_attempts && !lost) return false;
  std::string text = "The operation '" + std::string(name(op.kind)) + "' was given up after " +
                     std::to_string(op.tries) + " conductors ended while they worked on it";
  if (lost) text = "A report was given up, what it needs was away for too long";
  if (!op.history.empty()) text += ": " + op.history;
  ++parts_.journal.counters.poisoned;
  if (work.lock) {
    fail(work, text, Error(Errc::kProcessing, text));
  } else {
    base::log_error(kComponent, text, {{"operation", op.id}});
    parts_.journal.drop(op);
  }
  return true;
}

/// False: the node has gone on without the operation, which is removed.
bool LocalConductor::fits_node(Work& work) {
  const std::optional<Node> row = parts_.store.get(work.uuid);
  if (row && fits(*work.op, row->state)) {
    work.manage_boot = row->manage_boot;
    return true;
  }
  base::log_warning(kComponent, "An operation is dropped, its node is not in a state for it",
                    {{"kind", name(work.op->kind)},
                     {"node", work.uuid},
                     {"state", row ? name(row->state) : "none"}});
  parts_.store.write(work.uuid, ending(work), [](sql::Transaction&) {});
  return false;
}

void LocalConductor::go_on_with_start(const Work& work, const std::stop_token& stop) {
  switch (work.op->step) {
    case Step::kPower:
    case Step::kPowerAgain:
      resume_power(work, {}, stop);
      break;
    case Step::kQueued:
      if (work.op->due)
        wait_for_turn(work, *work.op->due, true);
      else
        take_turn(work, {});
      break;
    default:
      run_start(work, stop);
  }
}

/// The very set that was collected; hooks and rules do not run again.
void LocalConductor::go_on_with_set(const Work& work, const std::stop_token& stop) {
  ChangeSet set = kept_set(work);
  set.changes.make_repeatable();
  ++parts_.journal.counters.sets_sent_again;
  send_set(work, set, stop);
  Work done = work;
  done.answer = KeptAnswer{.uuid = work.uuid, .error = {}};
  attempt(done, stop, [&] { finish(done, set.ending, stop); });
}

void LocalConductor::go_on_with_report(const Work& work, const std::stop_token& stop) {
  const auto posted = std::make_shared<Posted>(parse_kept_report(parts_.journal.body(*work.op)));
  if (posted->logs.empty()) posted->logs = parts_.journal.logs(*work.op);
  Report report{.data = std::move(posted->data), .op = work.op, .posted = posted};
  if (work.lock) report.work = work;
  run_report(std::move(report), stop);
}

}  // namespace inspector
