#include "base/log.h"
#include "base/retry.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr base::Env::Duration kFirstLook = std::chrono::milliseconds(100);
constexpr base::Env::Duration kMostPause = std::chrono::seconds(1);

KeptAnswer refused(const Error& error) { return {.uuid = {}, .error = error}; }

Error still_processed() {
  return {Errc::kUnavailable, "The report is still being processed, please, retry later"};
}

}  // namespace

std::string LocalConductor::process(ParsedReport report, const Call& call) {
  try {
    check_in_time(call);
    const std::string body = boost::json::serialize(report);
    const Posted posted{std::make_shared<ParsedReport>(std::move(report)), body, sha256_hex(body)};
    const ReportAnswers::Joined joined = answers_.join(posted.digest);
    if (joined.first) lead(posted, joined.run, call);
    const auto answer = answers_.wait(joined.run, call.deadline, call.stop);
    if (!answer) throw still_processed();
    if (answer->error) throw Error(*answer->error);
    return answer->uuid;
  } catch (...) {
    throw client_error(std::current_exception(), "processing of a report");
  }
}

/// For all who wait for `run`: enters the report and has it processed here; or waits until whoever
/// processes it, another conductor or we in a while, has its answer.
void LocalConductor::lead(const Posted& posted, const ReportAnswers::RunPtr& run,
                          const Call& call) {
  KeptAnswer answer = refused(still_processed());
  try {
    base::Backoff pause(env_, kFirstLook, kMostPause);
    bool under_way = false;
    do {
      if (under_way) under_way = parts_.journal.under_way(posted.digest);
      if (under_way) continue;
      const HeldOperations::Ptr op = new_operation(Operation::Kind::kProcess, "");
      op->digest = posted.digest;
      const Journal::Acceptance acceptance = parts_.journal.accept(*op, posted.body);
      if (acceptance.answer) {
        answer = *acceptance.answer;
        break;
      }
      under_way = true;
      if (acceptance.known == Journal::Known::kNew && run_here(posted, op, run)) return;
    } while (env_.sleep_for(pause.next(), call.stop) && env_.now() < call.deadline);
  } catch (...) {
    answer = refused(client_error(std::current_exception(), "acceptance of a report"));
  }
  answers_.settle(run, answer);
  answers_.forget(run);
}

/// False: it stays in the journal until there is room, or a lease.
bool LocalConductor::run_here(const Posted& posted, const HeldOperations::Ptr& op,
                              const ReportAnswers::RunPtr& run) {
  if (op->incarnation.empty()) return false;
  return reports_pool_.submit([this, data = posted.data, op, run](const std::stop_token& stop) {
    run_report({.data = std::move(*data), .op = op, .run = run}, stop);
  });
}

}  // namespace inspector
