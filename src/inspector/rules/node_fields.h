#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace inspector {

/// A node of Ironic with the names that openstacksdk gives to some of its fields beside Ironic's
/// own: rules were written with those (`node://id`, `node://is_maintenance`). What it gives every
/// node and Ironic does not tell is null.
boost::json::object with_sdk_names(const boost::json::object& node);

/// The JSON pointer that a rule's `path` means: with a slash in front, and with Ironic's own name
/// for the first component.
std::string node_pointer(std::string_view path);

}  // namespace inspector
