#pragma once
#include <string>
#include <string_view>

namespace inspector {

struct ApiCall;

/// The node that a path names: its UUID in the usual form, or a name that a node in Ironic can
/// have. Throws Error: kNotFound for a name that none can have, kBadRequest for one that is too
/// long.
std::string node_id(std::string_view segment);

/// The UUID of the node that a path names; a name is looked up in Ironic. Throws Error as
/// node_id(), kNotFound when Ironic does not know it, kUnavailable when Ironic does not answer.
std::string node_uuid(const ApiCall& call, std::string_view segment);

}  // namespace inspector
