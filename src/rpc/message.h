#pragma once
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

namespace rpc {

/// nullopt: not JSON, not UTF-8, or nested deeper than any message of ours.
std::optional<boost::json::value> parse(std::string_view text);

/// An answer that says no. `id` is null when the call's was not to be made out.
boost::json::object error_answer(boost::json::value id, int code, int http_status,
                                 std::string_view text);

}  // namespace rpc
