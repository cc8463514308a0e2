#pragma once
#include "base/env.h"

#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// Whether a node is named by its UUID (as oslo's is_uuid_like has it): 32 hexadecimal digits,
/// hyphens anywhere, `urn:`, `uuid:` and braces around them allowed, any case.
bool is_uuid_like(std::string_view text);

/// The UUID that `text` is, as databases hold it: lower case, hyphens in the usual places. nullopt:
/// it is none.
std::optional<std::string> canonical_uuid(std::string_view text);

/// A new one, by chance (version 4).
std::string random_uuid(base::Env& env);

}  // namespace inspector
