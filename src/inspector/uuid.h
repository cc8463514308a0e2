#pragma once
#include <string_view>

namespace inspector {

/// Whether a node is named by its UUID (as oslo's is_uuid_like has it): 32 hexadecimal digits,
/// hyphens anywhere, `urn:`, `uuid:` and braces around them allowed, any case.
bool is_uuid_like(std::string_view text);

}  // namespace inspector
