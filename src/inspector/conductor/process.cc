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

/// The ramdisk's logs leave the report before anything is done with it.
std::string take_logs(boost::json::object& report) {
  std::string logs = text_member(report, "logs");
  report.stable_erase("logs");
  return logs;
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
    report.logs = take_logs(report.data);
    const base::LogSubjectScope about(subject(report.data));
    if (parts_.data.enabled()) report.unprocessed = python_json(report.data);
    report.failures = parts_.pipeline.before_processing(report.data);
    if (!report.work) look_up(report, stop);
    check_failures(report);
    update_node(report, stop);
  } catch (...) {
    not_processed(report, std::current_exception(), stop);
    return;
  }
  processed(report, stop);
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
    parts_.data.save(report.work->uuid, false, report.unprocessed, report.work->lock->token());
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
    node = get_ironic_node(work.uuid, call);
  } catch (const Error& error) {
    // An Ironic that does not answer says nothing about the node: it is asked again later.
    if (error.code() != Errc::kUnavailable) {
      save_unprocessed(report);
      fail(work, error.what(), error);
    }
    throw;
  }
  or_fail(work, stop, [&] { update_in_ironic(report, std::move(node), call); });
}

void LocalConductor::update_in_ironic(Report& report, Json node, const ironic::Call& call) {
  const Work& work = *report.work;
  begin_processing(report);
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
  parts_.pipeline.before_update(report.data, view, set.changes);
  keep_set(work, set, parts_.data.enabled() ? python_json(report.data) : "");
  send_set(work, set, call.stop);
}

/// The node is known from here on, and with it who may go on with this report.
void LocalConductor::begin_processing(Report& report) {
  const Work& work = *report.work;
  if (work.op->step == Step::kProcessing) return;
  work.op->node = work.uuid;
  WriteUnder with = step(work, Step::kProcessing);
  const Journal::Write save =
      parts_.data.enabled() ? parts_.data.saving(work.uuid, false, report.unprocessed) : nullptr;
  if (save)
    with.also = [move_on = with.also, save](sql::Transaction& t) {
      move_on(t);
      save(t);
    };
  else
    save_unprocessed(report);
  parts_.store.fire(work.uuid, Event::kProcess, with);
}

void LocalConductor::processed(Report& report, const std::stop_token& stop) {
  Work& work = *report.work;
  const base::LogSubjectScope about(subject(report.data, work.uuid));
  work.answer = KeptAnswer{.uuid = work.uuid, .error = {}};
  settle(report, *work.answer);
  if (logs_.always)
    store_ramdisk_logs(logs_, report.logs, file_origin(report.data, work.uuid), env_.wall_time());
  attempt(work, stop, [&] { finish(work, report.ending, stop); });
  if (report.run) answers_.forget(report.run);
}

/// What may pass stays in the journal. What is refused before a node is known was only looked at:
/// the same report is looked up anew when it comes again.
void LocalConductor::not_processed(const Report& report, const std::exception_ptr& failure,
                                   const std::stop_token& stop) {
  const Error told = client_error(failure, "processing of a report");
  const bool later =
      stop.stop_requested() || may_pass(failure) || told.code() == Errc::kUnavailable;
  if (!later && !report.op->ended) {
    try {
      parts_.journal.drop(*report.op);
      report.op->ended = true;
    } catch (const std::exception& error) {
      base::log_warning(kComponent, std::string("A report stays in the journal: ") + error.what());
    }
  }
  const std::string uuid = report.work ? report.work->uuid : std::string();
  const base::LogSubjectScope about(subject(report.data, uuid));
  settle(report, {.uuid = uuid,
                  .error = later && told.code() != Errc::kUnavailable
                               ? Error(Errc::kUnavailable, told.what())
                               : told});
  if (report.run) answers_.forget(report.run);
  if (!later)
    store_ramdisk_logs(logs_, report.logs, file_origin(report.data, uuid), env_.wall_time());
}

void LocalConductor::settle(const Report& report, const KeptAnswer& answer) {
  if (report.run) answers_.settle(report.run, answer);
}

}  // namespace inspector
