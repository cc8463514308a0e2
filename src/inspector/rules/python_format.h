#pragma once
#include "inspector/rules/effort.h"

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

namespace inspector {

/// Python's `text.format(data=data)`: `{data[inventory][bmc_address]}`, `{data[macs][0]}`,
/// `{data[cpus]:03d}`, `{data[x]!r}`, `{{`, `}}`. Throws PythonError as Python does (KeyError with
/// the key's repr for one that is missing), and as Effort does.
std::string python_format(std::string_view text, const boost::json::value& data, Effort& effort);

/// The same for every text within `value`, names of objects included; all else stays. Throws as
/// above, and inspector::Error{kBadRequest} with upstream's text for a key that is missing.
boost::json::value format_texts(const boost::json::value& value, const boost::json::value& data,
                                Effort& effort);

}  // namespace inspector
