#include "inspector/node/changes_json.h"

#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

[[noreturn]] void malformed(std::string_view member, std::string_view wanted) {
  throw std::invalid_argument("collected changes: " + std::string(member) + ": expected " +
                              std::string(wanted));
}

const json::object& object(const json::value& value, std::string_view member) {
  if (!value.is_object()) malformed(member, "an object");
  return value.get_object();
}

// An empty list when it is missing.
json::array list(const json::object& from, std::string_view member) {
  const auto* value = from.if_contains(member);
  if (value == nullptr) return {};
  if (!value->is_array()) malformed(member, "a list");
  return value->get_array();
}

std::string text(const json::object& from, std::string_view key, std::string_view member) {
  const auto* value = from.if_contains(key);
  if (value == nullptr || !value->is_string()) malformed(member, "the text " + std::string(key));
  return std::string(value->get_string());
}

bool flag(const json::value* value, std::string_view member) {
  if (value == nullptr || !value->is_bool()) malformed(member, "true or false");
  return value->get_bool();
}

struct Operation {
  std::string op;
  std::string path;
  json::value value;
};

Operation operation(const json::value& from, std::string_view member) {
  const json::object& fields = object(from, member);
  const auto* value = fields.if_contains("value");
  Operation out{text(fields, "op", member), text(fields, "path", member),
                value != nullptr ? *value : json::value()};
  if (out.op != "remove" && value == nullptr) malformed(member, "a value");
  return out;
}

void read_node(const json::object& from, NodeChanges& changes) {
  for (const auto& each : list(from, "node")) {
    Operation o = operation(each, "node");
    if (o.op == "remove")
      changes.remove(o.path);
    else
      changes.set(o.path, std::move(o.value));
  }
  if (const auto* resets = from.if_contains("reset_interfaces"))
    if (flag(resets, "reset_interfaces")) changes.reset_interfaces();
  if (const auto* traits = from.if_contains("traits"))
    for (const auto& [name, wanted] : object(*traits, "traits"))
      flag(&wanted, "traits") ? changes.add_trait(name) : changes.remove_trait(name);
}

void read_ports(const json::object& from, NodeChanges& changes) {
  for (const auto& each : list(from, "new_ports")) {
    const json::object& port = object(each, "new_ports");
    const auto* extra = port.if_contains("extra");
    changes.create_port({text(port, "address", "new_ports"),
                         extra != nullptr ? object(*extra, "new_ports.extra") : json::object(),
                         flag(port.if_contains("pxe_enabled"), "new_ports.pxe_enabled")});
  }
  for (const auto& each : list(from, "deleted_ports")) {
    if (!each.is_string()) malformed("deleted_ports", "texts");
    changes.delete_port(each.get_string());
  }
  if (const auto* patches = from.if_contains("port_patches"))
    for (const auto& [uuid, patch] : object(*patches, "port_patches"))
      for (const auto& each : list(object(*patches, "port_patches"), uuid)) {
        Operation o = operation(each, "port_patches");
        changes.set_port(uuid, o.path, std::move(o.value));
      }
  for (const auto& each : list(from, "links")) {
    const json::object& link = object(each, "links");
    const std::string address = text(link, "address", "links");
    const std::string uuid = text(link, "uuid", "links");
    for (const auto& one : list(link, "patch")) {
      Operation o = operation(one, "links.patch");
      changes.set_link(address, uuid, o.path, std::move(o.value));
    }
  }
}

}  // namespace

json::object changes_to_json(const NodeChanges& changes) {
  json::object patches, traits;
  json::array new_ports, links;
  for (const auto& port : changes.new_ports())
    new_ports.push_back(
        {{"address", port.address}, {"extra", port.extra}, {"pxe_enabled", port.pxe_enabled}});
  for (const auto& [uuid, patch] : changes.port_patches())
    patches[uuid] = patch;
  for (const auto& link : changes.links())
    links.push_back({{"address", link.address}, {"uuid", link.uuid}, {"patch", link.patch}});
  for (const auto& [name, wanted] : changes.traits())
    traits[name] = wanted;
  const auto& deleted = changes.deleted_ports();
  return {{"node", changes.node_patch()},
          {"reset_interfaces", changes.resets_interfaces()},
          {"new_ports", std::move(new_ports)},
          {"deleted_ports", json::array(deleted.begin(), deleted.end())},
          {"port_patches", std::move(patches)},
          {"links", std::move(links)},
          {"traits", std::move(traits)}};
}

NodeChanges changes_from_json(const json::value& value) {
  const json::object& from = object(value, "the whole");
  NodeChanges changes;
  read_node(from, changes);
  read_ports(from, changes);
  return changes;
}

}  // namespace inspector
