#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspector {

class NodeChanges;
class NodeView;

/// Capability and its value, in the order in which new ones are written.
using Capabilities = std::vector<std::pair<std::string, std::string>>;

/// Ironic's text of capabilities (`boot_mode:uefi,cpu_vt:true`) with those of `update` in it: a
/// known one keeps its place, new ones stand at the end. An entry without a colon is kept as it is.
std::string merge_capabilities(std::string_view existing, const Capabilities& update);

/// Collects the change of `/properties/capabilities` that sets those of `update`; none if that is
/// empty.
void update_capabilities(const NodeView& node, NodeChanges& changes, const Capabilities& update);

/// Collects the change that removes it; none when the node does not have it.
void remove_capability(const NodeView& node, NodeChanges& changes, std::string_view name);

}  // namespace inspector
