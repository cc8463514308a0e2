#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/provision.h"
#include "inspector/processing/apply.h"
#include "inspector/processing/interfaces.h"

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
  report.erase("logs");
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
  std::erase(origin.mac, ':');
  return origin;
}

}  // namespace

std::string LocalConductor::process(const boost::json::object& report, const Call& call) {
  try {
    const ReportAnswers::Joined joined = begin_report(report);
    if (joined.first) {
      auto data = std::make_shared<Json>(report);
      const bool accepted =
          reports_pool_.submit([this, data, run = joined.run](const std::stop_token& stop) {
            run_report({.data = std::move(*data), .unprocessed = {}, .logs = {}, .run = run}, stop);
          });
      if (!accepted)
        answers_.settle(joined.run,
                        {.error = Error(Errc::kUnavailable,
                                        "Too many reports wait to be processed, please, retry "
                                        "later")});
    }
    const std::optional<ReportAnswers::Answer> answer =
        joined.kept ? joined.kept : answers_.wait(joined.run, call.deadline, call.stop);
    if (!answer)
      throw Error(Errc::kUnavailable, "The report is still being processed, please, retry later");
    if (answer->error) throw Error(*answer->error);
    return answer->uuid;
  } catch (...) {
    throw client_error(std::current_exception(), "processing of a report");
  }
}

/// An answer that is kept is good as long as the node has not been started again, here or by
/// another conductor.
ReportAnswers::Joined LocalConductor::begin_report(const Json& report) {
  const std::string digest = sha256(boost::json::serialize(report));
  ReportAnswers::Joined joined = answers_.join(digest);
  if (!joined.kept) return joined;
  const std::optional<Node> row = parts_.store.get(joined.kept->uuid);
  if (row && row->started_at == joined.kept->attempt) return joined;
  return answers_.replace(digest, joined.run);
}

void LocalConductor::run_report(Report report, const std::stop_token& stop) {
  try {
    report.logs = take_logs(report.data);
    if (parts_.data.enabled()) report.unprocessed = boost::json::serialize(report.data);
    report.failures = parts_.pipeline.before_processing(report.data);
    look_up(report, stop);
    check_failures(report);
    save_unprocessed(report);
    update_node(report, stop);
  } catch (...) {
    settle(report, std::current_exception());
    return;
  }
  settle(report, nullptr);
  attempt(*report.work, [&] { finish(*report.work, report.ending, stop); });
}

void LocalConductor::check_failures(const Report& report) {
  if (report.failures.empty() && report.work) return;
  const std::string lines = joined_lines(report.failures);
  if (report.work) fail(*report.work, lines);
  throw Error(Errc::kBadRequest,
              "The following failures happened during running pre-processing hooks:\n" + lines);
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
    // An Ironic that does not answer says nothing about the node: the ramdisk will ask again.
    if (error.code() != Errc::kUnavailable) fail(work, error.what());
    throw;
  }
  or_fail(work, [&] { update_in_ironic(report, std::move(node), call); });
}

void LocalConductor::update_in_ironic(Report& report, Json node, const ironic::Call& call) {
  const Work& work = *report.work;
  parts_.store.fire(work.uuid, Event::kProcess, work.lock->token());
  const bool in_use = check_provision_state(node, processing_.permit_active_introspection);
  if (in_use)
    report.ending = Ending::kKeepPower;
  else if (text_member(node, "provision_state") == "enroll")
    report.ending = Ending::kTryPowerOff;

  if (processing_.node_not_found != ProcessingOptions::NotFound::kReject &&
      parts_.store.auto_discovered(work.uuid))
    report.data["auto_discovered"] = true;

  NodeChanges changes;
  const NodeView view(work.uuid, parts_.ironic, call, changes, std::move(node));
  parts_.pipeline.before_update(report.data, view, changes);
  apply(changes, work.uuid, parts_.ironic, call);
  if (parts_.data.enabled())
    parts_.data.save(work.uuid, true, boost::json::serialize(report.data), work.lock->token());
  parts_.filter.sync();
}

void LocalConductor::settle(const Report& report, const std::exception_ptr& failure) {
  ReportAnswers::Answer answer;
  if (report.work) {
    answer.uuid = report.work->uuid;
    answer.attempt = report.work->attempt;
  }
  if (failure) answer.error = client_error(failure, "processing of a report");
  answer.keep = report.work && (!answer.error || answer.error->code() != Errc::kUnavailable);
  answers_.settle(report.run, answer);
  if (failure || logs_.always)
    store_ramdisk_logs(logs_, report.logs, log_origin(report.data, answer.uuid), env_.wall_time());
}

void LocalConductor::finish(const Work& work, Ending ending, const std::stop_token& stop) {
  if (work.manage_boot && processing_.power_off && ending != Ending::kKeepPower) {
    try {
      parts_.ironic.set_power(work.uuid, ironic::Power::kOff, under(work, stop));
    } catch (const ironic::Error& error) {
      if (ending != Ending::kTryPowerOff)
        throw ironic_error("Failed to power off node " + work.uuid +
                               ", check its power management configuration: ",
                           error);
      base::log_info(kComponent,
                     std::string("Failed to power off the node in \"enroll\" state, ignoring: ") +
                         error.what(),
                     {{"node", work.uuid}});
    }
  }
  parts_.store.finish(work.uuid, Event::kFinish, std::nullopt, work.lock->token());
  base::log_info(kComponent, "Introspection finished successfully", {{"node", work.uuid}});
}

}  // namespace inspector
