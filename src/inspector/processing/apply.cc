#include "inspector/processing/apply.h"

#include "base/log.h"
#include "inspector/processing/unexpected.h"

namespace inspector {
namespace {

namespace json = boost::json;

constexpr int kConflict = 409;

// A conflict also means that Ironic holds the node's lock; so look whether the address is there.
void create_port(const NodeChanges::NewPort& port, std::string_view uuid, ironic::Client& client,
                 const ironic::Call& call) {
  const json::object body{{"node_uuid", uuid},
                          {"address", std::string_view(port.address)},
                          {"extra", port.extra},
                          {"pxe_enabled", port.pxe_enabled}};
  try {
    client.create_port(body, call);
  } catch (const ironic::Error& e) {
    if (e.status != kConflict || client.ports_by_mac(port.address, call).empty()) throw;
    base::log_warning("processing.apply", "Port already exists, skipping",
                      {{"node", uuid}, {"address", port.address}});
  }
}

void send(const NodeChanges& changes, std::string_view uuid, ironic::Client& client,
          const ironic::Call& call) {
  if (const auto patch = changes.node_patch(); !patch.empty() || changes.resets_interfaces())
    client.patch_node(uuid, patch, changes.resets_interfaces(), call);
  for (const auto& port : changes.new_ports())
    create_port(port, uuid, client, call);
  for (const auto& port : changes.deleted_ports())
    client.delete_port(port, call);
  for (const auto& [port, patch] : changes.port_patches())
    client.patch_port(port, patch, call);
  for (const auto& [trait, wanted] : changes.traits()) {
    if (wanted)
      client.add_trait(uuid, trait, call);
    else
      client.remove_trait(uuid, trait, call);
  }
}

}  // namespace

void apply(const NodeChanges& changes, std::string_view uuid, ironic::Client& client,
           const ironic::Call& call) {
  try {
    send(changes, uuid, client, call);
  } catch (const ironic::Error& e) {
    throw unexpected(e);
  }
}

}  // namespace inspector
