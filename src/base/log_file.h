#pragma once
#include "base/log_options.h"

#include <memory>

namespace spdlog::sinks {
class sink;
}

namespace base {

/// A sink for options.file: made again when somebody has moved it away, and rotated as asked, with
/// the names of Python's logging handlers (`name.1`, or `name.2026-11-22_17`). Throws
/// std::runtime_error naming the file.
std::shared_ptr<spdlog::sinks::sink> log_file_sink(const LogOptions& options);

}  // namespace base
