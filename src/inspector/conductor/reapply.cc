#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/processing/apply.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.reapply";

/// Stored data is what a report was: an object.
boost::json::object parse_stored(const std::string& text) {
  boost::json::error_code error;
  boost::json::value value = boost::json::parse(text, error);
  if (error || !value.is_object())
    throw Error(Errc::kProcessing, "The stored introspection data is not a JSON object");
  return std::move(value.get_object());
}

}  // namespace

void LocalConductor::reapply(std::string_view uuid, const boost::json::object* data,
                             const Call& call) {
  (void)call;  // nothing here waits: the lock is tried, the rest goes on in the background
  try {
    if (data == nullptr && !parts_.data.enabled())
      throw Error(Errc::kBadRequest,
                  "Inspector is not configured to store introspection data. Set the "
                  "[processing]store_data configuration option to change this.");
    Work work{.uuid = std::string(uuid), .lock = nullptr};
    Json stored = data != nullptr ? *data : parse_stored(parts_.data.get(uuid, false));
    stored.erase("logs");
    get_row(work.uuid);
    work.slot = take_slot();
    std::optional<NodeLock> lock = parts_.locks.try_acquire(uuid);
    if (!lock) throw Error(Errc::kConflict, "Node locked, please, try again later");
    work.lock = std::make_shared<NodeLock>(*std::move(lock));
    const Node row = parts_.store.restart(uuid, Event::kReapply, work.lock->token());
    work.attempt = row.started_at;
    or_fail(work, [&] {
      if (data != nullptr && parts_.data.enabled())
        parts_.data.save(uuid, false, boost::json::serialize(stored), work.lock->token());
      in_background(
          work, [this, stored = std::move(stored)](const Work& mine, const std::stop_token& stop) {
            reapply_work(mine, stored, stop);
          });
    });
  } catch (...) {
    throw client_error(std::current_exception(), "reapply of an introspection");
  }
}

void LocalConductor::reapply_work(const Work& work, Json data, const std::stop_token& stop) {
  const std::vector<std::string> failures = parts_.pipeline.before_processing(data);
  if (!failures.empty()) {
    std::string text = "Pre-processing failures detected reapplying introspection on stored data:";
    for (const std::string& each : failures)
      text += "\n" + each;
    throw Error(Errc::kBadRequest, text);
  }
  const ironic::Call call = under(work, stop);
  NodeChanges changes;
  const NodeView view(work.uuid, parts_.ironic, call, changes);
  parts_.pipeline.before_update(data, view, changes);
  apply(changes, work.uuid, parts_.ironic, call);
  if (parts_.data.enabled())
    parts_.data.save(work.uuid, true, boost::json::serialize(data), work.lock->token());
  parts_.store.finish(work.uuid, Event::kFinish, std::nullopt, work.lock->token());
  base::log_info(kComponent, "Introspection data was applied again", {{"node", work.uuid}});
}

}  // namespace inspector
