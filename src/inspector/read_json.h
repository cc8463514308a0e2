#pragma once
#include <boost/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// How deep what was kept may be: as deep as the API takes it, with room for what stands around it.
inline constexpr std::size_t kDeepestKept = 256;

/// `text` as strict JSON where it has what Python's json module reads and writes and JSON does not
/// know: a byte order mark is left out, NaN and the infinities become null, each half of a
/// surrogate pair that stands alone (Python's sign for a byte that is not UTF-8) becomes U+FFFD.
/// nullopt: it has nothing of that kind.
std::optional<std::string> strict_json(std::string_view text);

/// What a database, the journal or Ironic has of ours or of Python's. Sets `error` for what is not
/// JSON even so, or deeper than kDeepestKept.
boost::json::value read_json(std::string_view text, boost::json::error_code& error);

}  // namespace inspector
