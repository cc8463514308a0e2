#pragma once
#include <optional>
#include <string_view>

namespace tooz::file {

/// The name of the file system that statfs(2) calls `type`, if its files may be changed by other
/// machines: there flock and inotify do not reach, or only sometimes. nullopt: it is local.
std::optional<std::string_view> shared_file_system(unsigned long type) noexcept;

}  // namespace tooz::file
