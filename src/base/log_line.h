#pragma once
#include "base/log.h"

#include <span>
#include <string>

namespace base {

const char* level_name(LogLevel level) noexcept;  ///< as Python's: DEBUG … CRITICAL

/// `text field=value ...`, on one line whatever the text holds: control characters are written as
/// `\n` or `\x1b`, and a value with a space, a quote or nothing in it is quoted.
std::string message_text(std::string_view text, std::span<const LogField> fields);

/// The inside of a JSON object: `"level":...,"component":...,"message":...[,"fields":{...}]`.
/// Always valid JSON: bytes that are not UTF-8 become U+FFFD.
std::string json_line(LogLevel level, std::string_view component, std::string_view text,
                      std::span<const LogField> fields);

}  // namespace base
