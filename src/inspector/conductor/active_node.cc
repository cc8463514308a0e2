#include "base/log.h"
#include "inspector/conductor/local.h"
#include "inspector/conductor/provision.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace inspector {
namespace {

constexpr std::size_t kMostMacs = 256;

using Uuids = std::set<std::string>;

template <class Texts>
std::string comma_separated(const Texts& texts) {
  std::string all;
  for (const std::string& each : texts)
    all += (all.empty() ? "" : ", ") + each;
  return all;
}

std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The one node of `found`, empty when there is none; `whose` tells what several were found by.
std::string only_one(const Uuids& found, const std::string& whose) {
  if (found.size() > 1)
    throw Error(Errc::kBadRequest,
                whose + " correspond to more than one node: " + comma_separated(found));
  return found.empty() ? std::string() : *found.begin();
}

Uuids nodes_by_macs(const std::vector<std::string>& macs, ironic::Client& ironic,
                    const ironic::Call& call) {
  Uuids found;
  for (const std::string& mac : macs)
    for (const ironic::Object& port : ironic.ports_by_mac(mac, call))
      found.insert(text_member(port, "node_uuid"));
  return found;
}

}  // namespace

/// A machine in use that posts a report without a start before it (permit_active_introspection):
/// its node is asked of Ironic, by MACs and by BMC, and gets a record as if it had been started
/// without managed boot. nullopt: Ironic does not know it either.
std::optional<LocalConductor::Work> LocalConductor::record_active_node(
    const Attributes& seen, const std::stop_token& stop) {
  const ironic::Call call = reading(stop);
  const std::vector<std::string>& macs = seen.at("mac");
  if (macs.size() > kMostMacs)
    throw Error(Errc::kBadRequest, "The report has more than " + std::to_string(kMostMacs) +
                                       " MACs: Ironic is not asked for each of them");
  const std::vector<std::string>& bmc = seen.at("bmc_address");
  const std::string by_mac =
      only_one(nodes_by_macs(macs, parts_.ironic, call), "MAC addresses " + comma_separated(macs));
  const std::string by_bmc =
      only_one(nodes_by_bmc(bmc, call), "BMC addresses " + comma_separated(bmc));
  if (!by_mac.empty() && !by_bmc.empty() && by_mac != by_bmc)
    throw Error(Errc::kBadRequest, "MAC addresses " + comma_separated(macs) +
                                       " and BMC addresses " + comma_separated(bmc) +
                                       " correspond to different nodes: " + by_mac + " and " +
                                       by_bmc);
  const std::string uuid = by_mac.empty() ? by_bmc : by_mac;
  if (uuid.empty()) return std::nullopt;
  const std::string state =
      text_member(parts_.ironic.get_node(uuid, "uuid,provision_state", call), "provision_state");
  if (!is_in_use(state))
    throw Error(Errc::kBadRequest,
                "Node " + uuid + " is not active, its provision state is " + state);

  Work work{.uuid = uuid, .lock = lock_for_report(uuid, stop), .manage_boot = false};
  const tooz::Token& token = work.lock->token();
  parts_.store.start(uuid, false, bmc, token);
  parts_.store.add_attributes(uuid, {{"mac", macs}}, token);
  parts_.store.fire(uuid, Event::kWait, token);
  base::log_info("inspector.look_up", "A node in use reported by itself", {{"node", uuid}});
  return work;
}

std::set<std::string> LocalConductor::nodes_by_bmc(const std::vector<std::string>& addresses,
                                                   const ironic::Call& call) {
  Uuids found;
  if (addresses.empty()) return found;
  for (const ironic::Object& node : parts_.ironic.all_nodes("uuid,driver_info", call)) {
    const std::vector<std::string> its =
        bmc_addresses(node, options_.ipmi_address_fields, parts_.resolve);
    const bool same = std::ranges::any_of(its, [&](const std::string& each) {
      return std::ranges::find(addresses, each) != addresses.end();
    });
    if (same) found.insert(text_member(node, "uuid"));
  }
  return found;
}

}  // namespace inspector
