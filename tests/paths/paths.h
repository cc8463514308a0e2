// Where this checkout and its build lie.
#pragma once

#include <string>
#include <string_view>

namespace support {

/// The path of `name`, relative to the top of the checkout: source_path("docs/backends.md").
/// Any thread; does not look whether it exists.
std::string source_path(std::string_view name);

/// The path of `name` in the build's folder for programs: built_path("toozctl"). `../` in front
/// leads to the build's other folders. Any thread; does not look whether it exists.
std::string built_path(std::string_view name);

}  // namespace support
