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
  work.lock = std::make_shared<NodeLock>(lock_to_start(work.uuid, call));
  // Whoever asked has given up: a start that nobody knows of must not follow.
  if (env_.now() >= call.deadline)
    throw Error(Errc::kUnavailable, "The start took too long, please, retry later");
  work.attempt = parts_.store.start(work.uuid, manage_boot, bmc, work.lock->token()).started_at;
  base::log_info(kComponent, "Introspection started",
                 {{"node", work.uuid}, {"manage_boot", manage_boot}});
  or_fail(work, [&] {
    if (manage_boot) {
      in_background(work, [this, has_bmc = !bmc.empty(), persistent = wants_persistent_boot(node)](
                              const Work& mine, const std::stop_token& stop) {
        make_findable(mine, has_bmc, under(mine, stop));
        prepare_boot(mine, persistent, stop);
      });
    } else {
      make_findable(work, !bmc.empty(), under(work, call.stop));
      parts_.store.fire(work.uuid, Event::kWait, work.lock->token());
      base::log_info(kComponent, "The machine must be booted into the ramdisk by other means",
                     {{"node", work.uuid}});
    }
  });
}

NodeLock LocalConductor::lock_to_start(const std::string& uuid, const Call& call) {
  const auto deadline = std::min(call.deadline, env_.now() + kLockWait);
  if (std::optional<NodeLock> lock = parts_.locks.acquire(uuid, deadline, call.stop))
    return *std::move(lock);
  const std::optional<Node> row = parts_.store.get(uuid);
  if (row && !next(row->state, Event::kStart))
    throw Error(Errc::kBadRequest, "Can not transition from state '" +
                                       std::string(name(row->state)) +
                                       "' on event 'start' (no defined transition)");
  throw Error(Errc::kConflict, "Node is locked, please, retry later");
}

/// Stores the MACs that Ironic knows, and lets the machine in.
void LocalConductor::make_findable(const Work& work, bool has_bmc, const ironic::Call& call) {
  std::vector<std::string> macs;
  for (const Json& port : parts_.ironic.ports_of(work.uuid, call))
    macs.push_back(text_member(port, "address"));
  if (!macs.empty()) {
    parts_.store.add_attributes(work.uuid, {{"mac", macs}}, work.lock->token());
    parts_.filter.sync();
  }
  if (macs.empty() && !has_bmc &&
      processing_.node_not_found == ProcessingOptions::NotFound::kReject)
    throw Error(Errc::kBadRequest,
                "No lookup attributes were found, inspector won't be able to find it after "
                "introspection, consider creating ironic ports or providing an IPMI address");
}

void LocalConductor::prepare_boot(const Work& work, bool persistent, const std::stop_token& stop) {
  try {
    parts_.ironic.set_boot_device_pxe(work.uuid, persistent, under(work, stop));
  } catch (const ironic::Error& error) {
    throw ironic_error("Failed to set boot device to PXE: ", error);
  }
  const bool queued = pacer_.submit([this, work] {
    attempt(work, [&] {
      in_background(work, [this](const Work& mine, const std::stop_token& its_stop) {
        power_on(mine, its_stop);
      });
    });
  });
  if (!queued) throw Error(Errc::kUnavailable, "The conductor stopped before the machine was on");
}

void LocalConductor::power_on(const Work& work, const std::stop_token& stop) {
  try {
    parts_.ironic.set_power(work.uuid, ironic::Power::kReboot, under(work, stop));
  } catch (const ironic::Error& error) {
    throw ironic_error("Failed to power on the node, check its power management configuration: ",
                       error);
  }
  parts_.store.fire(work.uuid, Event::kWait, work.lock->token());
  base::log_info(kComponent, "The machine was told to boot the ramdisk", {{"node", work.uuid}});
}

}  // namespace inspector
