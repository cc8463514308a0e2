#include "inspector/processing/apply.h"

#include "base/log.h"
#include "inspector/ironic/answers.h"
#include "inspector/node/json_patch.h"
#include "inspector/processing/fields.h"
#include "inspector/processing/unexpected.h"

#include <map>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kComponent = "processing.apply";
constexpr int kNoAnswer = 0, kBadRequest = 400, kConflict = 409;

/// What goes to Ironic for one node.
class Sender {
 public:
  Sender(std::string_view uuid, ironic::Client& client, const ironic::Call& call)
      : uuid_(uuid), client_(client), call_(call) {}

  void send(const NodeChanges& changes) {
    if (const auto patch = changes.node_patch(); !patch.empty() || changes.resets_interfaces())
      patch_node(patch, changes.resets_interfaces());
    for (const auto& port : changes.new_ports())
      create_port(port);
    for (const auto& port : changes.deleted_ports())
      client_.delete_port(port, call_);
    for (const auto& [port, patch] : changes.port_patches())
      client_.patch_port(port, patch, call_);
    for (const auto& link : changes.links())
      send_link(link);
    for (const auto& [trait, wanted] : changes.traits()) {
      if (wanted)
        client_.add_trait(uuid_, trait, call_);
      else
        client_.remove_trait(uuid_, trait, call_);
    }
  }

 private:
  // Ironic refuses the removal of what is gone: when the same set is sent a second time, and when
  // the answer to the first was lost.
  void patch_node(const json::array& patch, bool resets_interfaces) {
    try {
      client_.patch_node(uuid_, patch, resets_interfaces, call_);
    } catch (const ironic::Error& e) {
      if (e.status != kBadRequest && e.status != kNoAnswer) throw;
      const json::array left = without_done_removals(patch);
      if (left.size() == patch.size()) throw;
      if (!left.empty() || resets_interfaces)
        client_.patch_node(uuid_, left, resets_interfaces, call_);
    }
  }

  json::array without_done_removals(const json::array& patch) {
    json::array left;
    json::object node;
    for (const auto& operation : patch) {
      const json::object& fields = operation.get_object();
      const bool removes = text_or_empty(fields, "op") == "remove";
      if (removes && node.empty()) {
        node = client_.get_node(uuid_, call_);
        apply_patch(node, left);
      }
      if (!removes || has_path(node, text_or_empty(fields, "path"))) left.push_back(operation);
      if (!node.empty()) apply_patch(node, {operation});
    }
    return left;
  }

  // A conflict also means that Ironic holds the node's lock; so look whether the address is there.
  void create_port(const NodeChanges::NewPort& port) {
    const json::object body{{"node_uuid", uuid_},
                            {"address", std::string_view(port.address)},
                            {"extra", port.extra},
                            {"pxe_enabled", port.pxe_enabled}};
    try {
      made_[port.address] = text_or_empty(client_.create_port(body, call_), "uuid");
    } catch (const ironic::Error& e) {
      if (e.status != kConflict || client_.ports_by_mac(port.address, call_).empty()) throw;
      base::log_warning(kComponent, "Port already exists, skipping",
                        {{"node", uuid_}, {"address", port.address}});
    }
  }

  // Of the node only: an address that another node's port has is not ours to cable. Empty: none.
  std::string port_with(const std::string& address) {
    if (const auto made = made_.find(address); made != made_.end()) return made->second;
    for (const auto& port : client_.ports_by_mac(address, call_))
      if (text_or_empty(port, "node_uuid") == uuid_)
        return std::string(text_or_empty(port, "uuid"));
    return {};
  }

  void send_link(const NodeChanges::Link& link) {
    const std::string port = link.uuid.empty() ? port_with(link.address) : link.uuid;
    if (!port.empty()) patch_link(port, link.patch);
  }

  // The fields have nothing to do with each other, but for one refused one all are lost: each is
  // then tried by itself.
  void patch_link(const std::string& port, const json::array& patch) {
    try {
      client_.patch_port(port, patch, call_);
    } catch (const ironic::Error& e) {
      if (e.status != kBadRequest) throw;
      const auto fields = by_field(patch);
      if (fields.size() > 1)
        for (const auto& [field, part] : fields)
          patch_link(port, part);
      else
        base::log_warning(kComponent, "Failed to update port " + port + ": " + e.what(),
                          {{"node", uuid_}});
    }
  }

  static std::map<std::string, json::array> by_field(const json::array& patch) {
    std::map<std::string, json::array> fields;
    for (const auto& operation : patch) {
      const auto path = text_or_empty(operation.get_object(), "path");
      fields[std::string(path.substr(0, path.find('/', 1)))].push_back(operation);
    }
    return fields;
  }

  std::string_view uuid_;
  ironic::Client& client_;
  const ironic::Call& call_;
  std::map<std::string, std::string> made_;  ///< address → uuid
};

}  // namespace

void apply(const NodeChanges& changes, std::string_view uuid, ironic::Client& client,
           const ironic::Call& call) {
  try {
    Sender(uuid, client, call).send(changes);
  } catch (const ironic::Error& e) {
    if (ironic::is_away(e)) throw;
    throw unexpected(e);
  }
}

}  // namespace inspector
