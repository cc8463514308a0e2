#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.conductor";

}  // namespace

/// A write with which the operation goes to its next step.
WriteUnder LocalConductor::step(const Work& work, Step step) const {
  work.op->step = step;
  return {work.lock->token(), parts_.journal.move_on(*work.op)};
}

/// A write with which the operation is over.
WriteUnder LocalConductor::ending(const Work& work) const {
  return {work.lock->token(), parts_.journal.end(*work.op, work.answer)};
}

/// A failure that may pass leaves the operation in the journal, where it is found again; any other
/// ends the introspection and the operation.
void LocalConductor::or_fail(const Work& work, const std::stop_token& stop,
                             const std::function<void()>& body) {
  try {
    body();
  } catch (...) {
    const std::exception_ptr failure = std::current_exception();
    if (passes(work, failure, stop))
      base::log_warning(
          kComponent, "The work stops here and goes on later: " + text_of(failure),
          {{"node", work.uuid}, {"kind", name(work.op->kind)}, {"step", name(work.op->step)}});
    else
      fail(work, text_of(failure), client_error(failure, "work in the background"));
    throw;
  }
}

void LocalConductor::attempt(const Work& work, const std::stop_token& stop,
                             const std::function<void()>& body) noexcept {
  try {
    or_fail(work, stop, body);
  } catch (...) {
    // or_fail() has written it down.
  }
}

bool LocalConductor::passes(const Work& work, const std::exception_ptr& failure,
                            const std::stop_token& stop) const noexcept {
  if (stop.stop_requested() || may_pass(failure)) return true;
  // Before its set is collected a report has changed nothing: it can wait for whom it needs.
  return work.op->kind == Operation::Kind::kProcess && !work.op->is_sending() &&
         is_unavailable(failure);
}

void LocalConductor::fail(const Work& work, const std::string& text, const Error& told) noexcept {
  try {
    base::log_error(kComponent, text, {{"node", work.uuid}});
    Work ended = work;
    if (!ended.answer) ended.answer = KeptAnswer{.uuid = work.uuid, .error = told};
    parts_.store.finish(work.uuid, Event::kError, text, ending(ended));
    work.op->ended = true;
  } catch (const StaleToken& error) {
    base::log_warning(kComponent, error.what(), {{"node", work.uuid}});
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string("The failure could not be stored: ") + error.what(),
                    {{"node", work.uuid}});
  }
}

}  // namespace inspector
