#pragma once
#include "base/log.h"

#include <string_view>

namespace base {
class Ini;
}

namespace inspector {

struct CommandLine;

/// Where the log goes: the command line first, then [DEFAULT] debug, use_json, log_file, log_dir.
/// A log_dir without a log_file means `<program>.log` in it.
base::LogOptions read_log(const base::Ini& ini, const CommandLine& line, std::string_view program);

}  // namespace inspector
