#include "sim/ironic/model.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace sim {
namespace {

namespace json = boost::json;
using Object = IronicModel::Object;

// What Ironic fills in for a node that says nothing of it (API 1.76), as far as an inspector looks.
const json::object& node_defaults() {
  static const json::object defaults = json::parse(R"({
    "name": null, "driver": "fake-hardware", "driver_info": {}, "properties": {}, "extra": {},
    "instance_info": {}, "traits": [], "provision_state": "enroll", "target_provision_state": null,
    "power_state": "power off", "target_power_state": null, "maintenance": false, "last_error": null,
    "resource_class": null, "conductor_group": "", "owner": null, "boot_mode": null,
    "inspect_interface": "inspector", "power_interface": "fake", "management_interface": "fake",
    "reservation": null, "updated_at": null})")
                                           .as_object();
  return defaults;
}

const json::object& port_defaults() {
  static const json::object defaults = json::parse(R"({
    "extra": {}, "internal_info": {}, "local_link_connection": {}, "physical_network": null,
    "portgroup_uuid": null, "pxe_enabled": true, "is_smartnic": false, "name": null,
    "updated_at": null})")
                                           .as_object();
  return defaults;
}

Object merged(const Object& defaults, const Object& asked) {
  Object all = defaults;
  for (const auto& member : asked)
    all[member.key()] = member.value();
  return all;
}

std::string text(const Object& object, std::string_view key) {
  const auto* v = object.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}

[[noreturn]] void no_node(std::string_view id) {
  throw Refused(404, "Node " + std::string(id) + " could not be found.");
}

// The page of `all` (UUID → object) that a query asks for.
template <class Map, class F>
std::vector<Object> page(const Map& all, const IronicModel::Query& query, F object_of) {
  std::vector<Object> out;
  auto at = query.marker.empty() ? all.begin() : all.upper_bound(query.marker);
  for (; at != all.end() && out.size() < query.limit; ++at)
    out.push_back(object_of(at->second));
  return out;
}

}  // namespace

std::string IronicModel::timestamp() const {
  const std::time_t now = base::Env::WallTime::clock::to_time_t(env_.wall_time());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> buffer{};
  std::strftime(buffer.data(), buffer.size(), "%Y-%m-%dT%H:%M:%S+00:00", &utc);
  return buffer.data();
}

std::string IronicModel::new_uuid() {
  std::string out;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::uint64_t bits = 0;
  for (int i = 0; i < 32; ++i) {
    if (i % 16 == 0) bits = env_.random();
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    out += i == 12 ? '4' : i == 16 ? kDigits[8 + (bits & 3)] : kDigits[bits & 15];
    bits >>= 4;
  }
  return out;
}

IronicModel::Nodes::const_iterator IronicModel::find(std::string_view id_or_name) const {
  if (const auto it = nodes_.find(id_or_name); it != nodes_.end()) return it;
  if (const auto name = names_.find(id_or_name); name != names_.end())
    return nodes_.find(name->second);
  no_node(id_or_name);
}

IronicModel::Nodes::iterator IronicModel::find_unlocked(std::string_view id_or_name,
                                                        base::Env::TimePoint now) {
  const auto found = nodes_.find(find(id_or_name)->first);
  if (now < found->second.locked_until)
    throw Refused(409,
                  "Node " + found->first +
                      " is locked by host ironic-sim, please retry after the current operation is "
                      "completed.");
  return found;
}

Object IronicModel::create_node(const Object& asked) {
  Object shown = merged(node_defaults(), asked);
  if (text(shown, "uuid").empty()) shown["uuid"] = new_uuid();
  shown["created_at"] = timestamp();
  const std::string uuid = text(shown, "uuid");
  const std::string name = text(shown, "name");
  const std::lock_guard lock(mutex_);
  if (nodes_.contains(uuid) || names_.contains(name))
    throw Refused(409, "A node with UUID " + uuid + " or name " + name + " already exists.");
  if (!name.empty()) names_[name] = uuid;
  nodes_[uuid].shown = shown;
  return shown;
}

Object IronicModel::Node::shown_at(base::Env::TimePoint now) const {
  Object all = shown;
  if (now < locked_until) all["target_power_state"] = all.at("power_state");
  return all;
}

Object IronicModel::node(std::string_view id_or_name) const {
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  return find(id_or_name)->second.shown_at(now);
}

std::vector<Object> IronicModel::nodes(const Query& query) const {
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  return page(nodes_, query, [now](const Node& n) { return n.shown_at(now); });
}

Object IronicModel::patch_node(std::string_view id_or_name, const json::value& patch) {
  const auto now = env_.now();
  const std::string stamp = timestamp();
  const std::lock_guard lock(mutex_);
  Node& node = find_unlocked(id_or_name, now)->second;
  json::value document = node.shown;
  apply_patch(document, patch);
  if (text(document.get_object(), "uuid") != text(node.shown, "uuid"))
    throw Refused(400, "'/uuid' is an internal attribute and can not be updated");
  node.shown = std::move(document.get_object());
  node.shown["updated_at"] = stamp;
  return node.shown;
}

void IronicModel::delete_node(std::string_view id_or_name) {
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  const auto it = find_unlocked(id_or_name, now);
  for (const auto& port : by_node_[it->first]) {
    by_address_.erase(text(ports_[port], "address"));
    ports_.erase(port);
  }
  by_node_.erase(it->first);
  names_.erase(text(it->second.shown, "name"));
  nodes_.erase(it);
}

void IronicModel::set_boot_device(std::string_view id_or_name, const Object& device) {
  if (text(device, "boot_device").empty()) throw Refused(400, "boot_device is missing");
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  find_unlocked(id_or_name, now)->second.device = device;
}

Object IronicModel::boot_device(std::string_view id_or_name) const {
  const std::lock_guard lock(mutex_);
  return find(id_or_name)->second.device;
}

std::pair<std::string, bool> IronicModel::set_power(std::string_view id_or_name,
                                                    std::string_view target) {
  const bool on = target == "rebooting" || target == "power on";
  if (!on && target != "power off" && target != "soft power off")
    throw Refused(400, "The requested action \"" + std::string(target) + "\" can not be performed");
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  const auto it = find_unlocked(id_or_name, now);
  it->second.locked_until = now + power_time_;
  it->second.shown["power_state"] = on ? "power on" : "power off";
  return {it->first, on && text(it->second.device, "boot_device") == "pxe"};
}

void IronicModel::set_trait(std::string_view id_or_name, const std::string& trait, bool present) {
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  auto& traits = find_unlocked(id_or_name, now)->second.shown["traits"].as_array();
  auto* at = std::ranges::find(traits, json::value(trait));
  if (present && at == traits.end()) traits.push_back(json::string(trait));
  if (!present && at == traits.end())
    throw Refused(404, "Node " + std::string(id_or_name) + " doesn't have a trait '" + trait + "'");
  if (!present) traits.erase(at);
}

Object IronicModel::create_port(const Object& asked) {
  Object port = merged(port_defaults(), asked);
  if (text(port, "uuid").empty()) port["uuid"] = new_uuid();
  port["created_at"] = timestamp();
  const std::string address = text(port, "address");
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  if (address.empty()) throw Refused(400, "address is missing");
  const auto node = find_unlocked(text(port, "node_uuid"), now);
  if (by_address_.contains(address))
    throw Refused(409, "A port with MAC address " + address + " already exists.");
  const std::string uuid = text(port, "uuid");
  by_address_[address] = uuid;
  by_node_[node->first].push_back(uuid);
  ports_[uuid] = port;
  return port;
}

std::vector<Object> IronicModel::ports(const Query& query) const {
  const std::lock_guard lock(mutex_);
  std::vector<Object> out;
  if (!query.address.empty()) {
    const auto it = by_address_.find(query.address);
    if (it != by_address_.end()) out.push_back(ports_.find(it->second)->second);
    return out;
  }
  if (query.node.empty()) return page(ports_, query, [](const Object& p) { return p; });
  const auto it = by_node_.find(find(query.node)->first);
  if (it != by_node_.end())
    for (const auto& port : it->second)
      out.push_back(ports_.find(port)->second);
  return out;
}

Object IronicModel::patch_port(std::string_view uuid, const json::value& patch) {
  const auto now = env_.now();
  const std::string stamp = timestamp();
  const std::lock_guard lock(mutex_);
  const auto it = ports_.find(uuid);
  if (it == ports_.end()) throw Refused(404, "Port " + std::string(uuid) + " could not be found.");
  find_unlocked(text(it->second, "node_uuid"), now);
  json::value document = it->second;
  apply_patch(document, patch);
  if (text(document.get_object(), "address") != text(it->second, "address"))
    throw Refused(400, "the simulation does not rename ports");
  it->second = std::move(document.get_object());
  it->second["updated_at"] = stamp;
  return it->second;
}

void IronicModel::delete_port(std::string_view uuid) {
  const auto now = env_.now();
  const std::lock_guard lock(mutex_);
  const auto it = ports_.find(uuid);
  if (it == ports_.end()) throw Refused(404, "Port " + std::string(uuid) + " could not be found.");
  const auto node = find_unlocked(text(it->second, "node_uuid"), now);
  std::erase(by_node_[node->first], it->first);
  by_address_.erase(text(it->second, "address"));
  ports_.erase(it);
}

}  // namespace sim
