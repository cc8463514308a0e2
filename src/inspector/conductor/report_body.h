#pragma once
#include <boost/json.hpp>

#include <string_view>

namespace inspector {

/// A report as the journal keeps it, which was an object when it was posted. As deep as the API
/// takes one. Throws std::runtime_error when it is none.
boost::json::object parse_kept_report(std::string_view body);

}  // namespace inspector
