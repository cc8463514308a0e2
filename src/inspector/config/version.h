#pragma once
#include <string_view>

namespace inspector {

/// The project's version, as in the top CMakeLists.txt.
inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace inspector
