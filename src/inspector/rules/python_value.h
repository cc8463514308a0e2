#pragma once
#include <boost/json/fwd.hpp>
#include <compare>
#include <string_view>

namespace inspector {

/// `a == b` as Python has it: numbers by value whatever their type, true is 1.
bool python_equal(const boost::json::value& a, const boost::json::value& b);

/// `a < b` and the like; `op` is for the text only. unordered: a NaN. Throws PythonError
/// (TypeError) for what Python does not order.
std::partial_ordering python_order(const boost::json::value& a, const boost::json::value& b,
                                   std::string_view op);

/// `int(value)`. Throws PythonError as Python does. One beyond 64 bits is a double.
boost::json::value python_int(const boost::json::value& value);

/// `float(value)`. Throws PythonError as Python does.
double python_float(const boost::json::value& value);

}  // namespace inspector
