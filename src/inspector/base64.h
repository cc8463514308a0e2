#pragma once
#include <string>
#include <string_view>

namespace inspector {

/// With the usual alphabet, padded, on one line.
std::string base64(std::string_view bytes);

}  // namespace inspector
