#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// `text` compressed (zlib) and in base64, cut into parts that the text column of every database
/// takes. At least one part.
std::vector<std::string> pack(std::string_view text);

/// Throws std::runtime_error when the parts, in order, are not what pack() made.
std::string unpack(const std::vector<std::string>& parts);

}  // namespace inspector
