#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/uuid.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.abort";

}  // namespace

std::string LocalConductor::uuid_of(std::string_view node, const Call& call) {
  if (is_uuid_like(node)) return std::string(node);
  return std::string(get_ironic_node(node, reading(call.stop)).at("uuid").as_string());
}

void LocalConductor::abort(std::string_view node, const Call& call) {
  try {
    const std::string uuid = uuid_of(node, call);
    get_row(uuid);
    Work work{.uuid = uuid, .lock = nullptr};
    work.slot = take_slot();
    std::optional<NodeLock> lock = parts_.locks.try_acquire(uuid);
    if (!lock) throw Error(Errc::kConflict, "Node is locked, please, retry later");
    work.lock = std::make_shared<NodeLock>(*std::move(lock));

    const Node row = get_row(uuid);
    work.manage_boot = row.manage_boot;
    if (!next(row.state, Event::kAbort)) {
      base::log_warning(kComponent, "There is nothing to abort in this state",
                        {{"node", uuid}, {"state", name(row.state)}});
      return;
    }
    work.op = new_operation(Operation::Kind::kAbort, uuid);
    check_in_time(call);
    const WriteUnder with{work.lock->token(), parts_.journal.enter(*work.op)};
    if (row.state == State::kError)
      parts_.store.write(uuid, with, [](sql::Transaction&) {});
    else
      parts_.store.fire(uuid, Event::kAbort, with);
    in_background(
        work, [this](const Work& mine, const std::stop_token& stop) { abort_work(mine, stop); });
  } catch (...) {
    throw client_error(std::current_exception(), "abort of an introspection");
  }
}

void LocalConductor::turn_off_aborted(const Work& work, const std::stop_token& stop) {
  if (!work.manage_boot) return;
  try {
    parts_.ironic.set_power(work.uuid, ironic::Power::kOff, under(work, stop));
  } catch (const ironic::Error& error) {
    if (stop.stop_requested()) throw;
    base::log_warning(kComponent,
                      std::string("Failed to power off an aborted node: ") + error.what(),
                      {{"node", work.uuid}});
  }
}

/// The record of a node in `error` stays as it is.
void LocalConductor::abort_work(const Work& work, const std::stop_token& stop) {
  turn_off_aborted(work, stop);
  if (get_row(work.uuid).state == State::kError)
    parts_.store.write(work.uuid, ending(work), [](sql::Transaction&) {});
  else
    parts_.store.finish(work.uuid, Event::kAbortEnd, "Canceled by operator", ending(work));
  work.op->ended = true;
  base::log_info(kComponent, "Introspection aborted", {{"node", work.uuid}});
  try {
    parts_.filter.sync();
  } catch (const std::exception& error) {
    base::log_warning(kComponent, std::string("The PXE filter was not updated: ") + error.what(),
                      {{"node", work.uuid}});
  }
}

}  // namespace inspector
