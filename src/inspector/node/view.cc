#include "inspector/node/view.h"

#include "inspector/node/json_patch.h"

#include <algorithm>
#include <cctype>

namespace inspector {

namespace json = boost::json;

namespace {

// `key` of a port as Ironic shows it; empty when it is none.
std::string_view text_of(const json::object& port, std::string_view key) {
  const auto* value = port.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

bool is_port_of(const json::object& port, const NodeChanges::Link& link) {
  const auto uuid = text_of(port, "uuid");
  return uuid == link.uuid && (!uuid.empty() || text_of(port, "address") == link.address);
}

}  // namespace

NodeView::NodeView(std::string uuid, ironic::Client& client, ironic::Call call,
                   const NodeChanges& changes, std::optional<json::object> node)
    : uuid_(std::move(uuid)),
      client_(client),
      call_(std::move(call)),
      changes_(changes),
      fetched_(std::move(node)) {}

const json::object& NodeView::node() const {
  if (!fetched_) fetched_ = client_.get_node(uuid_, call_);
  if (!patched_ || patched_at_ != changes_.version()) {
    patched_ = fetched_;
    apply_patch(*patched_, changes_.node_patch());
    patched_at_ = changes_.version();
  }
  return *patched_;
}

const json::value* NodeView::property(std::string_view name) const {
  const auto* properties = node().if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return nullptr;
  const auto* value = properties->get_object().if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

const std::vector<json::object>& NodeView::ports() const {
  if (!ports_) ports_ = client_.ports_of(uuid_, call_);
  if (!patched_ports_ || ports_patched_at_ != changes_.version()) patch_ports();
  return *patched_ports_;
}

void NodeView::patch_ports() const {
  patched_ports_.emplace();
  for (json::object port : *ports_) {
    const std::string uuid(text_of(port, "uuid"));
    if (std::ranges::find(changes_.deleted_ports(), uuid) != changes_.deleted_ports().end())
      continue;
    if (const auto patch = changes_.port_patches().find(uuid);
        patch != changes_.port_patches().end())
      apply_patch(port, patch->second);
    patched_ports_->push_back(std::move(port));
  }
  for (const auto& port : changes_.new_ports())
    patched_ports_->push_back(
        {{"address", port.address}, {"extra", port.extra}, {"pxe_enabled", port.pxe_enabled}});
  for (const auto& link : changes_.links())
    for (auto& port : *patched_ports_)
      if (is_port_of(port, link)) apply_patch(port, link.patch);
  ports_patched_at_ = changes_.version();
}

bool NodeView::active_or_rescue() const {
  const auto* value = node().if_contains("provision_state");
  if (value == nullptr || !value->is_string()) return false;
  std::string state(value->get_string());
  std::ranges::transform(state, state.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return state == "active" || state == "rescue";
}

}  // namespace inspector
