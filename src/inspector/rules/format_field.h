#pragma once
#include <boost/json/fwd.hpp>
#include <string_view>

namespace inspector {

/// What the name of a format field stands for: `data`, `data[macs][0]`. Throws PythonError as
/// Python does. The answer stands in `data`, or in `made` when it is part of a text or an
/// attribute.
const boost::json::value* find_format_field(std::string_view name, const boost::json::value& data,
                                            boost::json::value& made);

}  // namespace inspector
