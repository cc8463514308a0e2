#pragma once
#include "inspector/rules/effort.h"

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace inspector {

/// Python's `format(value, spec)` for texts, numbers and booleans: `[[fill]align][sign][#][0]
/// [width][grouping][.precision][type]`; without `spec` what str() makes of any value. Throws
/// PythonError as Python does, and as Effort does before anything long is made.
std::string format_value(const boost::json::value& value, std::string_view spec, Effort& effort);

}  // namespace inspector
