#pragma once
#include <boost/json/fwd.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

namespace inspector {

/// Throws std::invalid_argument (`missing required parameter(s): a, b; unexpected parameter(s):
/// c`). A parameter that is null counts as absent.
void check_parameters(const boost::json::object& params,
                      std::initializer_list<std::string_view> required,
                      std::initializer_list<std::string_view> optional = {});

/// Throws std::invalid_argument when it is absent or no text.
std::string text_parameter(const boost::json::object& params, std::string_view name);

}  // namespace inspector
