#pragma once
#include <boost/json/fwd.hpp>
#include <optional>
#include <string_view>

namespace inspector {

/// `value.name` in a format, as Python's values have it: the parts of a number, and as text
/// `__class__` and the methods, whose address is not that of anything. nullopt: there is none.
std::optional<boost::json::value> format_attribute(const boost::json::value& value,
                                                   std::string_view name);

}  // namespace inspector
