#include "base/log_context.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/python_json.h"
#include "inspector/read_json.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

/// Stored data is what a report was: an object.
boost::json::object parse_stored(const std::string& text) {
  boost::json::error_code error;
  boost::json::value value = read_json(text, error);
  if (error || !value.is_object())
    throw Error(Errc::kProcessing, "The stored introspection data is not a JSON object");
  return std::move(value.get_object());
}

}  // namespace

void LocalConductor::reapply(std::string_view uuid, const boost::json::object* data,
                             const Call& call) {
  try {
    if (data == nullptr && !parts_.data.enabled())
      throw Error(Errc::kBadRequest,
                  "Inspector is not configured to store introspection data. Set the "
                  "[processing]store_data configuration option to change this.");
    Work work{.uuid = std::string(uuid), .lock = nullptr};
    Json stored = data != nullptr ? *data : parse_stored(parts_.data.get(uuid, false));
    stored.stable_erase("logs");
    get_row(work.uuid);
    work.slot = take_slot();
    std::optional<NodeLock> lock = parts_.locks.try_acquire(uuid);
    if (!lock) throw Error(Errc::kConflict, "Node locked, please, try again later");
    work.lock = std::make_shared<NodeLock>(*std::move(lock));
    work.op = new_operation(Operation::Kind::kReapply, work.uuid);
    check_in_time(call);
    enter_reapply(work, stored, data != nullptr);
    in_background(
        work, [this, stored = std::move(stored)](const Work& mine, const std::stop_token& stop) {
          reapply_work(mine, stored, stop);
        });
  } catch (...) {
    throw client_error(std::current_exception(), "reapply of an introspection");
  }
}

void LocalConductor::enter_reapply(const Work& work, const Json& data, bool save) {
  const std::string body = python_json(data);
  Journal::Write also = parts_.journal.enter(*work.op, body);
  if (save && parts_.data.enabled())
    if (Journal::Write saving = parts_.data.saving(work.uuid, false, std::string(body))) {
      also = [enter = std::move(also), saving = std::move(saving)](sql::Transaction& t) {
        enter(t);
        saving(t);
      };
      save = false;
    }
  parts_.store.restart(work.uuid, Event::kReapply, {work.lock->token(), std::move(also)});
  if (save && parts_.data.enabled()) parts_.data.save(work.uuid, false, body, work.lock->token());
}

void LocalConductor::reapply_work(const Work& work, Json data, const std::stop_token& stop) {
  const base::LogSubjectScope about(std::make_shared<const base::LogSubject>(
      base::LogSubject{.uuid = work.uuid, .state = "reapplying", .mac = {}, .bmc = {}}));
  const std::vector<std::string> failures = parts_.pipeline.before_processing(data);
  if (!failures.empty()) {
    std::string text = "Pre-processing failures detected reapplying introspection on stored data:";
    for (const std::string& each : failures)
      text += "\n" + each;
    throw Error(Errc::kBadRequest, text);
  }
  ChangeSet set{.ending = Ending::kKeepPower};
  const NodeView view(work.uuid, parts_.ironic, under(work, stop), set.changes);
  try {
    parts_.pipeline.before_update(data, view, set.changes);
  } catch (const RuleFailure&) {
    if (parts_.data.enabled())
      parts_.data.save(work.uuid, true, python_json(data), work.lock->token());
    throw;
  }
  keep_set(work, set, parts_.data.enabled() ? python_json(data) : "");
  send_set(work, set, stop);
  finish(work, set.ending, stop);
}

}  // namespace inspector
