#pragma once
#include "inspector/parsed_report.h"

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace inspector {

/// Deeper reports are refused: everything that walks one may recurse.
inline constexpr int kMaxDepth = 64;

/// What a report may take in memory when it is taken apart: `[0,0,…]` takes eight times its length.
inline constexpr std::size_t kMaxParsedBytes = 256UL * 1024 * 1024;

/// The JSON object that a request's body must be, whatever its Content-Type says. Throws
/// Error{kBadRequest} that says what it is instead; for a body that is no JSON at all with
/// `got <not_json>` when that is given, else with where and why.
boost::json::object parse_object(std::string_view body, std::string_view not_json = "",
                                 std::size_t max_memory = kMaxParsedBytes);

/// The same, of a report. It stays in the memory that it was parsed into.
ParsedReport parse_report(std::string_view body, std::size_t max_memory = kMaxParsedBytes);

}  // namespace inspector
