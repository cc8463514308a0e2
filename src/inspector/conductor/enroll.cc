// Discovery: a machine that nobody had started, and that Ironic does not know, gets a node.
#include "base/log.h"
#include "inspector/conductor/discovery.h"
#include "inspector/conductor/failures.h"
#include "inspector/conductor/local.h"

#include <boost/json.hpp>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.discovery";
constexpr std::size_t kMostMacs = 256;
constexpr int kNotFound = 404, kConflict = 409;

std::string text_member(const boost::json::object& object, std::string_view name) {
  const boost::json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool has_node(const std::string& uuid, ironic::Client& ironic, const ironic::Call& call) {
  try {
    ironic.get_node(uuid, "uuid", call);
    return true;
  } catch (const ironic::Error& error) {
    if (error.status != kNotFound) throw;
    return false;
  }
}

/// The BMC's address that a new node gets: none when `enabled_bmc_address_version` allows none.
std::vector<std::string> bmc_of(const boost::json::object& node) {
  const std::string address = text_member(node.at("driver_info").as_object(), "ipmi_address");
  return address.empty() ? std::vector<std::string>() : std::vector{address};
}

}  // namespace

/// Runs the hook of [processing]node_not_found_hook. Its failures are those of the report; doubt
/// (Ironic, a lock or the database that did not answer) is thrown, so that the report comes again.
void LocalConductor::discover(Report& report, const Attributes& seen, const std::stop_token& stop) {
  if (processing_.node_not_found == ProcessingOptions::NotFound::kExample) {
    base::log_info(kComponent, "A report of a machine that nobody knows",
                   {{"fields", report.data.size()}});
    report.failures.emplace_back("Node not found hook returned nothing");
    return;
  }
  try {
    const Attributes known_by = findable(seen);
    if (known_by.at("mac").empty() && known_by.at("bmc_address").empty())
      throw Error(Errc::kBadRequest, "the report has neither a MAC nor the address of a BMC");
    if (known_by.at("mac").size() > kMostMacs)
      throw Error(Errc::kBadRequest, "the report has more than " + std::to_string(kMostMacs) +
                                         " MACs: Ironic is not asked for each of them");
    report.work = enroll(report, discovered_node(known_by, processing_), known_by, stop);
    if (!report.work) report.failures.emplace_back("Node not found hook returned nothing");
  } catch (const Error& error) {
    if (error.code() == Errc::kUnavailable) throw;
    report.failures.push_back(std::string("Node not found hook failed: ") + error.what());
  } catch (const ironic::Error& error) {
    const Error told = ironic_error("", error);
    if (told.code() == Errc::kUnavailable) throw Error(told);
    report.failures.push_back(std::string("Node not found hook failed: ") + error.what());
  }
}

/// Safe to be done again after any step of it: the node's lock keeps others out, its UUID is always
/// the same, and a node in Ironic that has neither a record here nor ports is one that was left
/// behind between its creation and its record. nullopt: Ironic refuses to make it.
std::optional<LocalConductor::Work> LocalConductor::enroll(const Report& report, const Json& node,
                                                           const Attributes& seen,
                                                           const std::stop_token& stop) {
  const std::string uuid = text_member(node, "uuid");
  Work work{.uuid = uuid, .lock = lock_for_report(uuid, stop), .op = report.op};
  const ironic::Call call = under(work, stop);
  const std::optional<Node> row = parts_.store.get(uuid);
  if (has_node(uuid, parts_.ironic, call)) {
    check_left_behind(uuid, row, call);
    base::log_info(kComponent, "A node that was made and not recorded is taken up again",
                   {{"node", uuid}});
  } else {
    check_unknown({{"mac", seen.at("mac")}, {"bmc_address", bmc_of(node)}}, call);
    // A record of it is older than its removal from Ironic, and would look like that of this node.
    if (row) parts_.store.remove(uuid, work.lock->token());
    if (!create_node(node, call)) return std::nullopt;
  }
  work.op->node = uuid;
  parts_.store.enroll(uuid, seen, {work.lock->token(), parts_.journal.move_on(*work.op)});
  return work;
}

void LocalConductor::check_left_behind(const std::string& uuid, const std::optional<Node>& row,
                                       const ironic::Call& call) {
  if (row && row->finished_at)
    throw Error(Errc::kBadRequest, "Node " + uuid + " was discovered before and still exists");
  if (row) return;
  if (const auto ports = parts_.ironic.ports_of(uuid, call); !ports.empty())
    throw Error(Errc::kBadRequest, "Port " + text_member(ports[0], "address") +
                                       " already exists, uuid: " + text_member(ports[0], "uuid"));
}

/// That the machine is not one of Ironic's already.
void LocalConductor::check_unknown(const Attributes& seen, const ironic::Call& call) {
  for (const std::string& mac : seen.at("mac"))
    if (const auto ports = parts_.ironic.ports_by_mac(mac, call); !ports.empty())
      throw Error(Errc::kBadRequest,
                  "Port " + mac + " already exists, uuid: " + text_member(ports[0], "uuid"));
  const std::vector<std::string>& bmc = seen.at("bmc_address");
  if (const std::set<std::string> nodes = nodes_by_bmc(bmc, call); !nodes.empty())
    throw Error(Errc::kBadRequest,
                "Node " + *nodes.begin() + " already has BMC address " + bmc.front());
}

/// False: Ironic does not want such a node; the log says why.
bool LocalConductor::create_node(const Json& node, const ironic::Call& call) {
  const std::string uuid = text_member(node, "uuid");
  try {
    parts_.ironic.create_node(node, call);
  } catch (const ironic::Error& error) {
    // The answer to an attempt before this one may have been lost.
    if (error.status == kConflict && has_node(uuid, parts_.ironic, call)) return true;
    if (ironic_error("", error).code() == Errc::kUnavailable) throw;
    base::log_error(kComponent, std::string("Failed to create a discovered node: ") + error.what(),
                    {{"node", uuid}});
    return false;
  }
  base::log_info(kComponent, "A discovered machine got a node", {{"node", uuid}});
  return true;
}

}  // namespace inspector
