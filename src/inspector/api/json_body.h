#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace inspector {

/// Deeper reports are refused: everything that walks one may recurse.
inline constexpr int kMaxDepth = 64;

/// The JSON object that a request's body must be, whatever its Content-Type says. Throws
/// Error{kBadRequest} that says what it is instead; for a body that is no JSON at all with
/// `got <not_json>` when that is given, else with where and why.
boost::json::object parse_object(std::string_view body, std::string_view not_json = "");

}  // namespace inspector
