#include "inspector/api/call.h"
#include "inspector/api/handlers.h"
#include "inspector/api/json_response.h"
#include "inspector/api/links.h"
#include "inspector/api/node_id.h"
#include "inspector/api/parameters.h"
#include "inspector/error.h"
#include "sql/time.h"

#include <array>
#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

/// UTC in ISO 8601 without a zone; the microseconds only when there are any.
json::value time_text(const std::optional<WallTime>& time, const json::storage_ptr& memory) {
  if (!time) return json::value(nullptr, memory);
  std::string text = sql::to_text(*time);
  std::replace(text.begin(), text.end(), ' ', 'T');
  constexpr std::string_view kNone = ".000000";
  if (text.ends_with(kNone)) text.resize(text.size() - kNone.size());
  return json::value(text, memory);
}

/// In `memory`, which needs not free: a status has some twenty pieces, each of which would be an
/// allocation.
json::object status_of(const Node& node, std::string_view root, const json::storage_ptr& memory) {
  return json::object(
      {{"error", node.error ? json::value(*node.error, memory) : json::value(nullptr)},
       {"finished", node.finished_at.has_value()},
       {"finished_at", time_text(node.finished_at, memory)},
       {"links", self_link(root, "/v1/introspection/" + node.uuid, memory)},
       {"started_at", time_text(node.started_at, memory)},
       {"state", name(node.state)},
       {"uuid", node.uuid}},
      memory);
}

constexpr std::size_t kAStatus = 2048;  ///< bytes; more are allocated

}  // namespace

http::Response list_statuses(const ApiCall& call) {
  NodeStore::Page page;
  page.marker = marker_of(call.query);
  page.limit = limit_of(call.query, call.options.api_max_limit);
  page.states = states_of(call.query);
  const std::optional<std::vector<Node>> nodes = call.parts.nodes.list(page);
  if (!nodes) throw Error(Errc::kNotFound, "Node not found for marker: " + page.marker);

  const std::string root = link_root(call.request, call.options);
  json::monotonic_resource memory(kAStatus);
  json::array statuses(&memory);
  statuses.reserve(nodes->size());
  for (const Node& node : *nodes)
    statuses.push_back(status_of(node, root, &memory));
  return json_response(200, json::object({{"introspection", std::move(statuses)}}, &memory));
}

http::Response show_status(const ApiCall& call) {
  const std::string uuid = node_uuid(call, call.arguments.front());
  const std::optional<Node> node = call.parts.nodes.get(uuid);
  if (!node) throw Error(Errc::kNotFound, "Could not find node " + uuid + " in cache");
  std::array<unsigned char, kAStatus> pieces;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  json::monotonic_resource memory(pieces.data(), pieces.size());
  return json_response(200, status_of(*node, link_root(call.request, call.options), &memory));
}

http::Response start(const ApiCall& call) {
  const std::string node = node_id(call.arguments.front());
  const bool manage_boot = manage_boot_of(call.query);
  if (manage_boot && !call.options.can_manage_boot)
    throw Error(Errc::kBadRequest,
                "Managed boot is requested, but this installation cannot manage boot "
                "((can_manage_boot set to False)");
  call.parts.conductor.introspect(node, manage_boot, call.to_conductor());
  return json_response(202, json::object());
}

http::Response abort(const ApiCall& call) {
  call.parts.conductor.abort(node_id(call.arguments.front()), call.to_conductor());
  return json_response(202, json::object());
}

}  // namespace inspector
