#include "inspector/ironic/testing/fake_client.h"

#include "inspector/node/json_patch.h"

#include <algorithm>

namespace inspector::testing {
namespace {

namespace json = boost::json;

constexpr int kNotFound = 404, kConflict = 409;

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object only(const json::object& from, std::string_view fields) {
  json::object out;
  while (!fields.empty()) {
    const auto end = fields.find(',');
    const auto field = fields.substr(0, end);
    if (const auto* value = from.if_contains(field)) out[field] = *value;
    fields.remove_prefix(end == std::string_view::npos ? fields.size() : end + 1);
  }
  return out;
}

std::string node_path(std::string_view uuid) { return "/v1/nodes/" + std::string(uuid); }

}  // namespace

void FakeIronic::add_node(Object node) {
  const std::lock_guard lock(mutex_);
  nodes_[text(node, "uuid")] = std::move(node);
}

void FakeIronic::add_port(Object port) {
  const std::lock_guard lock(mutex_);
  ports_[text(port, "uuid")] = std::move(port);
}

void FakeIronic::refuse(std::string prefix, ironic::Error error) {
  const std::lock_guard lock(mutex_);
  refusals_.emplace_back(std::move(prefix), std::move(error));
}

void FakeIronic::answer_after(base::Env& env, base::Env::Duration time) {
  const std::lock_guard lock(mutex_);
  env_ = &env;
  time_ = time;
}

FakeIronic::Object FakeIronic::node(std::string_view uuid) const {
  const std::lock_guard lock(mutex_);
  const auto found = nodes_.find(uuid);
  return found != nodes_.end() ? found->second : Object();
}

std::vector<FakeIronic::Object> FakeIronic::ports(std::string_view node_uuid) const {
  const std::lock_guard lock(mutex_);
  std::vector<Object> out;
  for (const auto& [uuid, port] : ports_)
    if (text(port, "node_uuid") == node_uuid) out.push_back(port);
  return out;
}

std::vector<std::string> FakeIronic::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> FakeIronic::changes() const {
  auto out = requests();
  std::erase_if(out, [](const std::string& line) { return line.starts_with("GET "); });
  return out;
}

// The lock of a node may be asked for its time: that is a call of Env, so it comes before the
// mutex.
std::unique_lock<std::mutex> FakeIronic::ask(std::string line, const ironic::Call& call) {
  if (call.lost.stop_requested() ||
      (call.remaining && call.remaining() <= base::Env::Duration::zero()))
    throw ironic::LockLost("the lock was lost before " + line);
  if (call.stop.stop_requested()) throw ironic::Error(0, line + ": stopped");
  std::unique_lock lock(mutex_);
  if (env_ != nullptr) {
    base::Env& env = *env_;
    const auto time = time_;
    lock.unlock();
    env.sleep_for(time, call.stop);
    lock.lock();
  }
  requests_.push_back(std::move(line));
  const auto refusal = std::ranges::find_if(
      refusals_, [&](const auto& r) { return requests_.back().starts_with(r.first); });
  if (refusal == refusals_.end()) return lock;
  const ironic::Error error = refusal->second;
  refusals_.erase(refusal);
  throw ironic::Error(error);
}

FakeIronic::Object& FakeIronic::find_node(std::string_view id_or_name) {
  for (auto& [uuid, node] : nodes_)
    if (uuid == id_or_name || text(node, "name") == id_or_name) return node;
  throw ironic::Error(kNotFound, "GET " + node_path(id_or_name) + ": 404: Node " +
                                     std::string(id_or_name) + " could not be found.");
}

FakeIronic::Object FakeIronic::get_node(std::string_view id_or_name, const ironic::Call& call) {
  const auto lock = ask("GET " + node_path(id_or_name), call);
  return find_node(id_or_name);
}

FakeIronic::Object FakeIronic::get_node(std::string_view id_or_name, std::string_view fields,
                                        const ironic::Call& call) {
  const auto lock = ask("GET " + node_path(id_or_name) + "?fields=" + std::string(fields), call);
  return only(find_node(id_or_name), fields);
}

void FakeIronic::validate_power(std::string_view uuid, const ironic::Call& call) {
  const auto lock = ask("GET " + node_path(uuid) + "/validate", call);
  find_node(uuid);
}

std::vector<FakeIronic::Object> FakeIronic::ports_of(std::string_view uuid,
                                                     const ironic::Call& call) {
  { const auto lock = ask("GET /v1/ports/detail?node=" + std::string(uuid), call); }
  return ports(uuid);
}

std::vector<FakeIronic::Object> FakeIronic::ports_by_mac(std::string_view mac,
                                                         const ironic::Call& call) {
  const auto lock =
      ask("GET /v1/ports?address=" + std::string(mac) + "&fields=uuid,node_uuid", call);
  std::vector<Object> out;
  for (const auto& [uuid, port] : ports_)
    if (text(port, "address") == mac) out.push_back(only(port, "uuid,node_uuid"));
  return out;
}

std::vector<FakeIronic::Object> FakeIronic::all_nodes(std::string_view fields,
                                                      const ironic::Call& call) {
  const auto lock = ask("GET /v1/nodes?fields=" + std::string(fields), call);
  std::vector<Object> out;
  for (const auto& [uuid, node] : nodes_)
    out.push_back(only(node, fields));
  return out;
}

std::vector<FakeIronic::Object> FakeIronic::all_ports(std::string_view fields,
                                                      const ironic::Call& call) {
  const auto lock = ask("GET /v1/ports?fields=" + std::string(fields), call);
  std::vector<Object> out;
  for (const auto& [uuid, port] : ports_)
    out.push_back(only(port, fields));
  return out;
}

void FakeIronic::set_boot_device_pxe(std::string_view uuid, bool persistent,
                                     const ironic::Call& call) {
  const auto lock =
      ask("PUT " + node_path(uuid) + "/management/boot_device " +
              json::serialize(json::object{{"boot_device", "pxe"}, {"persistent", persistent}}),
          call);
}

void FakeIronic::set_power(std::string_view uuid, ironic::Power target, const ironic::Call& call) {
  const std::string_view word = target == ironic::Power::kOff ? "power off" : "rebooting";
  const auto lock = ask(
      "PUT " + node_path(uuid) + "/states/power " + json::serialize(json::object{{"target", word}}),
      call);
  find_node(uuid)["power_state"] = target == ironic::Power::kOff ? "power off" : "power on";
}

FakeIronic::Object FakeIronic::create_node(const Object& node, const ironic::Call& call) {
  const auto lock = ask("POST /v1/nodes " + json::serialize(node), call);
  const std::string uuid = text(node, "uuid");
  if (nodes_.contains(uuid))
    throw ironic::Error(kConflict,
                        "POST /v1/nodes: 409: A node with UUID " + uuid + " already exists.");
  Object made = node;
  made["provision_state"] = "enroll";
  nodes_[uuid] = made;
  return made;
}

FakeIronic::Object FakeIronic::patch_node(std::string_view uuid, const json::array& patch,
                                          bool reset_interfaces, const ironic::Call& call) {
  const auto lock =
      ask("PATCH " + node_path(uuid) + (reset_interfaces ? "?reset_interfaces=True " : " ") +
              json::serialize(patch),
          call);
  Object& found = find_node(uuid);
  apply_patch(found, patch);
  return found;
}

FakeIronic::Object FakeIronic::create_port(const Object& port, const ironic::Call& call) {
  const auto lock = ask("POST /v1/ports " + json::serialize(port), call);
  const std::string address = text(port, "address");
  for (const auto& [uuid, other] : ports_)
    if (text(other, "address") == address)
      throw ironic::Error(kConflict, "POST /v1/ports: 409: A port with MAC address " + address +
                                         " already exists.");
  Object made = port;
  made["uuid"] = json::value("port-" + address);
  ports_[text(made, "uuid")] = made;
  return made;
}

FakeIronic::Object FakeIronic::patch_port(std::string_view port_uuid, const json::array& patch,
                                          const ironic::Call& call) {
  const auto lock =
      ask("PATCH /v1/ports/" + std::string(port_uuid) + " " + json::serialize(patch), call);
  const auto found = ports_.find(port_uuid);
  if (found == ports_.end())
    throw ironic::Error(kNotFound, "PATCH /v1/ports/" + std::string(port_uuid) + ": 404");
  apply_patch(found->second, patch);
  return found->second;
}

void FakeIronic::delete_port(std::string_view port_uuid, const ironic::Call& call) {
  const auto lock = ask("DELETE /v1/ports/" + std::string(port_uuid), call);
  if (const auto found = ports_.find(port_uuid); found != ports_.end()) ports_.erase(found);
}

void FakeIronic::add_trait(std::string_view uuid, std::string_view trait,
                           const ironic::Call& call) {
  const auto lock = ask("PUT " + node_path(uuid) + "/traits/" + std::string(trait), call);
}

void FakeIronic::remove_trait(std::string_view uuid, std::string_view trait,
                              const ironic::Call& call) {
  const auto lock = ask("DELETE " + node_path(uuid) + "/traits/" + std::string(trait), call);
}

}  // namespace inspector::testing
