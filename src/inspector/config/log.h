#pragma once
#include "base/log_options.h"

#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

struct CommandLine;

/// Begins to log so. Throws base::ConfigError with the option that cannot be used.
void begin_log(const base::LogOptions& options);

/// Where the log goes and how it looks: the command line first, then the options of oslo.log in
/// [DEFAULT]. A log_dir without a log_file means `<program>.log` in it. Throws base::ConfigError.
base::LogOptions read_log(const base::Ini& ini, const CommandLine& line, std::string_view program);

}  // namespace inspector
