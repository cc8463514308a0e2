#include "base/log.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/provision.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.introspect";

/// How long a start waits for who works on the node: the end of a report, an abort.
constexpr base::Env::Duration kLockWait = std::chrono::seconds(2);

std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

void LocalConductor::introspect(std::string_view node, bool manage_boot, const Call& call) {
  try {
    if (call.repeated && is_done(call)) return;
    const ironic::Call read = reading(call.stop);
    const Json found = get_ironic_node(node, read);
    const bool in_use = check_provision_state(found, processing_.permit_active_introspection);
    if (in_use && manage_boot)
      base::log_warning(kComponent,
                        "The node is in use, so it is not rebooted: boot it into the ramdisk",
                        {{"node", text_member(found, "uuid")}});
    if (manage_boot && !in_use) {
      try {
        parts_.ironic.validate_power(text_member(found, "uuid"), read);
      } catch (const ironic::Error& error) {
        throw ironic_error("Failed validation of power interface: ", error);
      }
    }
    start(found, manage_boot && !in_use, call);
  } catch (...) {
    throw client_error(std::current_exception(), "start of an introspection");
  }
}

void LocalConductor::start(const Json& node, bool manage_boot, const Call& call) {
  Work work{.uuid = text_member(node, "uuid"), .lock = nullptr, .manage_boot = manage_boot};
  work.slot = take_slot();
  const std::vector<std::string> bmc =
      bmc_addresses(node, options_.ipmi_address_fields, parts_.resolve);
  std::optional<NodeLock> lock = lock_to_start(work.uuid, call);
  if (!lock || (call.repeated && is_done(call))) return;
  work.lock = std::make_shared<NodeLock>(*std::move(lock));
  work.op = new_operation(Operation::Kind::kStart, work.uuid);
  work.op->arguments = {{"manage_boot", manage_boot},
                        {"persistent", wants_persistent_boot(node)},
                        {"has_bmc", !bmc.empty()}};
  if (!manage_boot) work.op->tries = 0;  // begun by this thread, before the answer
  if (work.op->incarnation.empty())
    throw Error(Errc::kUnavailable,
                "The coordination backend does not answer, please, retry later");
  check_in_time(call);
  Journal::Write also = parts_.journal.enter(*work.op);
  if (!call.attempt.empty())
    also = [enter = std::move(also),
            keep = parts_.journal.keep_attempt(call.attempt, work.uuid)](sql::Transaction& t) {
      enter(t);
      keep(t);
    };
  parts_.store.start(work.uuid, manage_boot, bmc, {work.lock->token(), std::move(also)});
  base::log_info(kComponent, "Introspection started",
                 {{"node", work.uuid}, {"manage_boot", manage_boot}});
  if (manage_boot)
    in_background(work,
                  [this](const Work& mine, const std::stop_token& stop) { run_start(mine, stop); });
  else
    or_fail(work, call.stop, [&] { start_unmanaged(work, call.stop); });
}

/// Before the answer: an Ironic that is away is the caller's 503 and the end of this start.
void LocalConductor::start_unmanaged(const Work& work, const std::stop_token& stop) {
  try {
    run_start(work, stop);
  } catch (const ironic::Error& error) {
    throw ironic_error("", error);
  }
}

/// nullopt: this very start has been made already.
std::optional<NodeLock> LocalConductor::lock_to_start(const std::string& uuid, const Call& call) {
  const auto deadline = std::min(call.deadline, env_.now() + kLockWait);
  if (std::optional<NodeLock> lock = parts_.locks.acquire(uuid, deadline, call.stop)) return lock;
  if (is_done(call)) return std::nullopt;
  const std::optional<Node> row = parts_.store.get(uuid);
  if (row && !next(row->state, Event::kStart))
    throw Error(Errc::kBadRequest, "Can not transition from state '" +
                                       std::string(name(row->state)) +
                                       "' on event 'start' (no defined transition)");
  throw Error(Errc::kConflict, "Node is locked, please, retry later");
}

bool LocalConductor::is_done(const Call& call) {
  return !call.attempt.empty() && parts_.journal.answer(call.attempt).has_value();
}

/// From the beginning: all of it may have been done before, by another, and does no harm twice.
void LocalConductor::run_start(const Work& work, const std::stop_token& stop) {
  const std::vector<std::string> macs = macs_of(work, under(work, stop));
  if (work.op->arguments.at("manage_boot").as_bool()) {
    boot(work, macs, stop);
    return;
  }
  if (!macs.empty()) {
    store_macs(work, macs, work.lock->token());
    parts_.filter.sync();
  }
  booted(work);
  base::log_info(kComponent, "The machine must be booted into the ramdisk by other means",
                 {{"node", work.uuid}});
}

std::vector<std::string> LocalConductor::macs_of(const Work& work, const ironic::Call& call) {
  std::vector<std::string> macs;
  for (const Json& port : parts_.ironic.ports_of(work.uuid, call))
    macs.push_back(text_member(port, "address"));
  if (macs.empty() && !work.op->arguments.at("has_bmc").as_bool() &&
      processing_.node_not_found == ProcessingOptions::NotFound::kReject)
    throw Error(Errc::kBadRequest,
                "No lookup attributes were found, inspector won't be able to find it after "
                "introspection, consider creating ironic ports or providing an IPMI address");
  return macs;
}

/// Stores the MACs that Ironic knows; the PXE filter lets them in when it follows next.
void LocalConductor::store_macs(const Work& work, const std::vector<std::string>& macs,
                                const WriteUnder& with) {
  if (macs.empty())
    parts_.store.write(work.uuid, with, [](sql::Transaction&) {});
  else
    parts_.store.add_attributes(work.uuid, {{"mac", macs}}, with);
}

}  // namespace inspector
