#include "base/log.h"
#include "base/log_context.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/provision.h"
#include "inspector/processing/interfaces.h"
#include "inspector/python_json.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.process";

std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& each : lines)
    text += (text.empty() ? "" : "\n") + each;
  return text;
}

LogOrigin log_origin(const boost::json::object& report, const std::string& uuid) {
  LogOrigin origin{.uuid = uuid, .bmc = {}, .mac = {}};
  try {
    origin.bmc = bmc_ipv4(report).value_or("");
    origin.mac = pxe_mac(report).value_or("");
  } catch (const Rejected&) {
    return origin;  // of the wrong type: the hooks have said so
  }
  return origin;
}

/// What lines of the log are about from here on.
std::shared_ptr<const base::LogSubject> subject(const boost::json::object& report,
                                                const std::string& uuid = {},
                                                std::string state = {}) {
  LogOrigin origin = log_origin(report, uuid);
  return std::make_shared<const base::LogSubject>(base::LogSubject{
      std::move(origin.uuid), std::move(state), std::move(origin.mac), std::move(origin.bmc)});
}

/// In the name of a file colons are left out.
LogOrigin file_origin(const boost::json::object& report, const std::string& uuid) {
  LogOrigin origin = log_origin(report, uuid);
  std::erase(origin.mac, ':');
  return origin;
}

}  // namespace

/// From the beginning; `report.work` is there already when another had found the node.
void LocalConductor::run_report(Report report, const std::stop_token& stop) {
  try {
    parts_.journal.begin(*report.op);
    const base::LogSubjectScope about(subject(report.data));
    report.failures = parts_.pipeline.before_processing(report.data);
    if (!report.work) look_up(report, stop);
    check_failures(report);
    update_node(report, stop);
  } catch (const Journal::Repeated& repeated) {
    known(report, repeated);
    return;
  } catch (...) {
    not_processed(report, std::current_exception(), stop);
    return;
  }
  processed(report, stop);
}

/// Before anything slow, and before a 503: from here on the report goes on whatever becomes of us.
void LocalConductor::enter_now(const Report& report) {
  if (!report.op->entered) enter(*report.op, report.posted->body());
}

void LocalConductor::check_failures(const Report& report) {
  if (report.failures.empty() && report.work) return;
  const std::string lines = joined_lines(report.failures);
  const Error told(
      Errc::kBadRequest,
      "The following failures happened during running pre-processing hooks:\n" + lines);
  if (report.work) fail(*report.work, lines, told);
  throw Error(told);
}

/// Data as posted is a convenience: a failure to keep it does not end an introspection.
void LocalConductor::save_unprocessed(const Report& report) {
  if (!parts_.data.enabled()) return;
  try {
    parts_.data.save(report.work->uuid, false, report.posted->text, report.work->lock->token());
  } catch (const StaleToken&) {
    throw;
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string("The unprocessed data was not stored: ") + error.what(),
                    {{"node", report.work->uuid}});
  }
}

void LocalConductor::update_node(Report& report, const std::stop_token& stop) {
  const Work& work = *report.work;
  const ironic::Call call = under(work, stop);
  Json node;
  try {
    begin_processing(report);
    node = get_ironic_node(work.uuid, call);
  } catch (const Error& error) {
    // An Ironic that does not answer says nothing about the node: it is asked again later.
    if (error.code() != Errc::kUnavailable) fail(work, error.what(), error);
    throw;
  }
  or_fail(work, stop, [&] { update_in_ironic(report, std::move(node), call); });
}

void LocalConductor::update_in_ironic(Report& report, Json node, const ironic::Call& call) {
  const Work& work = *report.work;
  const base::LogSubjectScope about(subject(report.data, work.uuid, "processing"));
  const bool in_use = check_provision_state(node, processing_.permit_active_introspection);
  if (in_use)
    report.ending = Ending::kKeepPower;
  else if (text_member(node, "provision_state") == "enroll")
    report.ending = Ending::kTryPowerOff;

  if (processing_.node_not_found != ProcessingOptions::NotFound::kReject &&
      parts_.store.auto_discovered(work.uuid))
    report.data["auto_discovered"] = true;

  ChangeSet set{.ending = report.ending};
  const NodeView view(work.uuid, parts_.ironic, call, set.changes, std::move(node));
  try {
    parts_.pipeline.before_update(report.data, view, set.changes);
  } catch (const RuleFailure&) {  // whoever writes rules looks at what they were given
    if (parts_.data.enabled())
      parts_.data.save(work.uuid, true, python_json(report.data), work.lock->token());
    throw;
  }
  keep_set(work, set,
           parts_.data.enabled() ? python_json(report.data, report.posted->text.size()) : "");
  send_set(work, set, call.stop);
}

/// The node is known from here on, and with it who may go on with this report, which stands in the
/// journal at the latest now. Where the data as posted is in the same database, that is its body.
void LocalConductor::begin_processing(Report& report) {
  const Work& work = *report.work;
  Operation& op = *work.op;
  if (op.step != Step::kAccepted) return;
  const Operation before = op;
  op.node = work.uuid;
  op.step = Step::kProcessing;
  const Journal::Write save =
      parts_.data.enabled() ? parts_.data.saving(work.uuid, false, std::string(report.posted->text))
                            : nullptr;
  if (!save) save_unprocessed(report);
  try {
    const Journal& journal = parts_.journal;
    const Journal::Write enter = op.entered ? journal.move_on(op)
                                 : save     ? journal.enter_stored(op, report.posted->logs)
                                            : journal.enter(op, report.posted->body());
    parts_.store.fire(work.uuid, Event::kProcess, {work.lock->token(), [&](sql::Transaction& t) {
                                                     enter(t);
                                                     if (save) save(t);
                                                   }});
  } catch (const sql::Error& error) {
    op = before;
    if (error.code == sql::Errc::kDuplicate) throw Journal::Repeated();
    throw;
  } catch (...) {
    op = before;
    throw;
  }
  op.entered = true;
}

void LocalConductor::processed(Report& report, const std::stop_token& stop) {
  Work& work = *report.work;
  const base::LogSubjectScope about(subject(report.data, work.uuid));
  work.answer = KeptAnswer{.uuid = work.uuid, .error = {}};
  settle(report, *work.answer);
  if (logs_.always)
    store_ramdisk_logs(logs_, report.posted->logs, file_origin(report.data, work.uuid),
                       env_.wall_time());
  attempt(work, stop, [&] { finish(work, report.ending, stop); });
  if (report.run) answers_.forget(report.run);
}

/// It has its answer, or somebody else works on it.
void LocalConductor::known(Report& report, const Journal::Repeated& known) {
  report.op->ended = true;
  report.work.reset();  // whose lock the other may need
  if (!report.run || (!known.answer && answers_.give_back(report.run))) return;
  settle(report, known.answer ? *known.answer
                              : KeptAnswer{.uuid = {},
                                           .error = Error(Errc::kUnavailable,
                                                          "The report is still being processed, "
                                                          "please, retry later")});
  answers_.forget(report.run);
}

/// What may pass stays in the journal. What is refused before a node is known was only looked at:
/// the same report is looked up anew when it comes again.
void LocalConductor::not_processed(Report& report, const std::exception_ptr& failure,
                                   const std::stop_token& stop) {
  const Error told = client_error(failure, "processing of a report");
  // A node that had to be ended, and could not be, is ended by who processes the report again.
  const bool undone = report.work && !report.op->ended && !report.op->entered;
  bool later =
      undone || stop.stop_requested() || may_pass(failure) || told.code() == Errc::kUnavailable;
  try {
    leave_or_drop(report, later);
  } catch (const Journal::Repeated& repeated) {
    known(report, repeated);
    return;
  } catch (const std::exception& error) {
    base::log_warning(
        kComponent,
        std::string("The journal was not told what became of a report: ") + error.what());
    later = later || !report.op->entered;
  }
  const std::string uuid = report.work ? report.work->uuid : std::string();
  const base::LogSubjectScope about(subject(report.data, uuid));
  settle(report, {.uuid = uuid,
                  .error = later && told.code() != Errc::kUnavailable
                               ? Error(Errc::kUnavailable, told.what())
                               : told});
  if (report.run) answers_.forget(report.run);
  if (!later)
    store_ramdisk_logs(logs_, report.posted->logs, file_origin(report.data, uuid),
                       env_.wall_time());
}

/// Throws Journal::Repeated: the look-up missed what another had just brought to its end, or had
/// begun.
void LocalConductor::leave_or_drop(const Report& report, bool later) {
  Operation& op = *report.op;
  if (op.ended) return;
  if (op.entered) {
    if (later) return;
    parts_.journal.drop(op);
    op.ended = true;
    return;
  }
  op.ended = true;
  if (later) {
    enter_now(report);
    op.ended = false;
  } else {
    std::optional<KeptAnswer> answer = parts_.journal.answer(op.digest);
    if (answer || parts_.journal.under_way(op.digest)) throw Journal::Repeated(std::move(answer));
  }
}

void LocalConductor::settle(const Report& report, const KeptAnswer& answer) {
  if (report.run) answers_.settle(report.run, answer);
}

}  // namespace inspector
