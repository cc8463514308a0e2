#include "base/retry.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/report_body.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr base::Env::Duration kFirstLook = std::chrono::milliseconds(100);
constexpr base::Env::Duration kMostPause = std::chrono::seconds(1);
/// How long a report may wait for its thread before it is entered into the journal.
constexpr base::Env::Duration kQueuedAtMost = std::chrono::seconds(1);

KeptAnswer refused(const Error& error) { return {.uuid = {}, .error = error}; }

Error still_processed() {
  return {Errc::kUnavailable, "The report is still being processed, please, retry later"};
}

}  // namespace

std::string LocalConductor::process(ParsedReport report, const Call& call) {
  try {
    check_in_time(call);
    const auto posted = std::make_shared<Posted>(std::move(report));
    const ReportAnswers::Joined joined = answers_.join(posted->digest);
    if (joined.first) lead(posted, joined.run, call);
    const auto answer = answers_.wait(joined.run, call.deadline, call.stop);
    if (!answer) throw still_processed();
    if (answer->error) throw Error(*answer->error);
    return answer->uuid;
  } catch (...) {
    throw client_error(std::current_exception(), "processing of a report");
  }
}

/// For all who wait for `run`: has the report processed here; or waits until whoever processes it,
/// another conductor or we in a while, has its answer.
void LocalConductor::lead(std::shared_ptr<Posted> posted, const ReportAnswers::RunPtr& run,
                          const Call& call) {
  KeptAnswer answer = refused(still_processed());
  try {
    for (;;) {
      if (process_here(posted, run, call)) return;
      if (!await_others(posted->digest, call)) break;
      if (const auto kept = parts_.journal.answer(posted->digest)) {
        answer = *kept;
        break;
      }
      posted = posted_again(*posted);
    }
  } catch (const Journal::Repeated& known) {
    answer = *known.answer;
  } catch (...) {
    answer = refused(client_error(std::current_exception(), "acceptance of a report"));
  }
  answers_.settle(run, answer);
  answers_.forget(run);
}

/// What was processed has changed.
std::shared_ptr<LocalConductor::Posted> LocalConductor::posted_again(const Posted& posted) {
  auto again = std::make_shared<Posted>(parse_kept_report(posted.body()));
  again->digest = posted.digest;
  return again;
}

/// False: somebody else is at it, or nobody yet.
bool LocalConductor::await_others(const std::string& digest, const Call& call) {
  base::Backoff pause(env_, kFirstLook, kMostPause);
  while (env_.sleep_for(pause.next(), call.stop) && env_.now() < call.deadline)
    if (!parts_.journal.under_way(digest)) return true;
  return false;
}

/// False: somebody else is at it, or nobody can be yet. The usual way is that its thread enters it
/// into the journal, with the first thing that it writes about the node. It is entered before when
/// no thread is free, when it may have ended another conductor, or a hook of somebody else may end
/// this one, and when we cannot prove that we live.
bool LocalConductor::process_here(const std::shared_ptr<Posted>& posted,
                                  const ReportAnswers::RunPtr& run, const Call& call) {
  using Led = ReportAnswers::Led;
  const HeldOperations::Ptr op = new_operation(Operation::Kind::kProcess, "");
  op->digest = posted->digest;
  if (!op->incarnation.empty() && op->tries != Operation::kNotBegun && !call.repeated &&
      !parts_.pipeline.has_modules()) {
    op->entered = false;
    const auto ticket = std::make_shared<std::atomic<bool>>(false);
    if (submit(posted, op, run, ticket)) {
      const auto soon = std::min(call.deadline, env_.now() + kQueuedAtMost);
      Led led = answers_.lead(run, soon, call.stop);
      const bool begun = led != Led::kNothing || ticket->exchange(true);
      if (led == Led::kNothing && begun) led = answers_.lead(run, call.deadline, call.stop);
      if (begun) return led == Led::kAnswered || (led == Led::kNothing && answers_.leave(run));
    }
    op->tries = Operation::kNotBegun;
  }
  try {
    enter(*op, posted->body());
  } catch (const Journal::Repeated& known) {
    op->ended = true;
    if (known.answer) throw;
    return false;
  }
  return !op->incarnation.empty() &&
         submit(posted, op, run, std::make_shared<std::atomic<bool>>(false));
}

/// A report, without a transaction of its node. Throws Journal::Repeated.
void LocalConductor::enter(Operation& op, const std::string& body) {
  const Journal::Acceptance acceptance = parts_.journal.accept(op, body);
  if (acceptance.answer || acceptance.known == Journal::Known::kUnderWay)
    throw Journal::Repeated(acceptance.answer);
  op.entered = true;
}

/// Whoever takes the ticket first has the report: its thread, or who does not wait for it any more.
bool LocalConductor::submit(const std::shared_ptr<Posted>& posted, const HeldOperations::Ptr& op,
                            const ReportAnswers::RunPtr& run,
                            const std::shared_ptr<std::atomic<bool>>& ticket) {
  return reports_pool_.submit([this, posted, op, run, ticket](const std::stop_token& stop) {
    if (ticket->exchange(true)) return;
    run_report({.data = std::move(posted->data), .op = op, .run = run, .posted = posted}, stop);
  });
}

}  // namespace inspector
