#include "sql/open_transaction.h"

#include <algorithm>
#include <utility>

namespace sql {
namespace {

/// Longer texts are not copied to let them wait.
constexpr std::size_t kLongestWaiting = 64UL * 1024;

bool is_short(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || text->size() <= kLongestWaiting;
}

/// Others cannot be made to fail when they change nothing.
bool is_change(std::string_view statement) {
  return statement.starts_with("INSERT ") || statement.starts_with("UPDATE ") ||
         statement.starts_with("DELETE ");
}

}  // namespace

OpenTransaction::OpenTransaction(Connection& connection, const Engine& engine, Access access)
    : connection_(connection), engine_(engine), access_(access) {
  if (access == Access::kReadOne) return;
  if (engine.pipeline() != nullptr)
    waiting_.push_back({std::string(engine.begin(access)), {}});
  else
    connection.run(engine.begin(access), {});
}

OpenTransaction::OpenTransaction(Connection& connection, const Engine& engine, Access access, Begun)
    : connection_(connection), engine_(engine), access_(access) {}

std::int64_t OpenTransaction::exec(std::string_view statement, std::span<const Value> parameters) {
  if (access_ != Access::kWrite)
    throw Error(Errc::kOther, "a transaction that only reads cannot change anything");
  return run(statement, parameters).changed;
}

std::vector<Row> OpenTransaction::query(std::string_view statement,
                                        std::span<const Value> parameters) {
  return run(statement, parameters).rows;
}

void OpenTransaction::exec_soon(std::string_view statement, std::span<const Value> parameters,
                                const IfNone& if_none) {
  const bool waits = engine_.pipeline() != nullptr && access_ == Access::kWrite && !failed_ &&
                     is_change(statement) && std::ranges::all_of(parameters, is_short);
  if (waits)
    waiting_.push_back({std::string(statement), {parameters.begin(), parameters.end()}, if_none});
  else if (exec(statement, parameters) == 0 && if_none)
    if_none();
}

Answer OpenTransaction::run(std::string_view statement, std::span<const Value> parameters) {
  if (failed_) throw Error(Errc::kOther, "an earlier statement of the transaction failed");
  if (access_ == Access::kReadOne && sent_)
    throw Error(Errc::kOther, "a second query where one was announced");
  try {
    if (!waiting_.empty() && !is_kept(statement)) send_waiting();
    Answer answer = waiting_.empty() ? connection_.run(statement, parameters)
                                     : run_with_waiting({statement, parameters});
    sent_ = true;
    return answer;
  } catch (...) {
    failed_ = true;
    throw;
  }
}

/// And nothing behind them.
void OpenTransaction::send_waiting() {
  const Waiting last = std::move(waiting_.back());
  waiting_.pop_back();
  const Answer answer = run_with_waiting({last.statement, last.parameters});
  if (last.if_none && answer.changed == 0) last.if_none();
}

Answer OpenTransaction::run_with_waiting(const Queued& next) {
  const std::vector<Waiting> waiting = std::exchange(waiting_, {});
  std::vector<Queued> calls;
  for (const Waiting& each : waiting)
    calls.push_back({each.statement, each.parameters});
  calls.push_back(next);
  Answers answers = connection_.run_together(calls);
  for (std::size_t i = 0; i < std::min(waiting.size(), answers.each.size()); ++i)
    if (waiting[i].if_none && answers.each[i].changed == 0) waiting[i].if_none();
  if (answers.failure) throw Error(answers.failure->code, answers.failure->text);
  return std::move(answers.each.back());
}

void OpenTransaction::flush() {
  if (failed_) throw Error(Errc::kOther, "a statement of the transaction had failed");
  if (sent_ || waiting_.size() < 2) return;
  send_waiting();
  sent_ = true;
}

void OpenTransaction::commit() {
  const bool nothing_done = engine_.pipeline() != nullptr && !sent_;
  if (access_ == Access::kReadOne || nothing_done) return;
  if (waiting_.empty()) {
    connection_.run("COMMIT", {});
    return;
  }
  std::vector<std::string> texts;  // that must not move: what is queued refers to them
  texts.reserve(waiting_.size());
  std::vector<Queued> calls;
  for (const Waiting& each : waiting_) {
    texts.push_back(each.if_none ? engine_.pipeline()->failing_if_none(each.statement)
                                 : each.statement);
    calls.push_back({texts.back(), each.parameters});
  }
  calls.push_back({"COMMIT", {}});
  const Answers answers = connection_.run_together(calls);
  if (!answers.failure) return;
  const std::size_t failed = answers.each.size();
  if (failed < waiting_.size() && waiting_[failed].if_none &&
      engine_.pipeline()->changed_none(*answers.failure))
    waiting_[failed].if_none();
  throw Error(answers.failure->code, answers.failure->text);
}

}  // namespace sql
