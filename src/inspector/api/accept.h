#pragma once
#include <span>
#include <string_view>

namespace inspector {

/// Which of `offers` (at least one, the server's favourite first) an Accept header of RFC 9110 asks
/// for: the one with the highest quality, the earliest of several. The first too when the header
/// wants none of them or cannot be read.
std::string_view accepted_type(std::string_view accept, std::span<const std::string_view> offers);

}  // namespace inspector
