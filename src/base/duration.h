#pragma once
#include <optional>
#include <string_view>

#include "base/env.h"

namespace base {

/// `5`, `0.5`, `500ms`, `5s`, `2m`: seconds unless a unit follows. nullopt: anything else, what is
/// below a millisecond (but for 0), and what is longer than a year.
std::optional<Env::Duration> parse_duration(std::string_view text);

}  // namespace base
