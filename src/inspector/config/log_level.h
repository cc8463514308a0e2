#pragma once
#include "base/log.h"

#include <optional>
#include <string>

namespace inspector {

/// A level by Python's name or number, any case; nullopt: there is none of that name.
std::optional<base::LogLevel> log_level_of(const std::string& text);

}  // namespace inspector
