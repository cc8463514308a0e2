#include "inspector/node/view.h"

#include "inspector/node/json_patch.h"

#include <algorithm>
#include <cctype>

namespace inspector {

namespace json = boost::json;

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
  return *ports_;
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
