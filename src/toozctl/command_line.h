#pragma once
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"

namespace toozctl {

/// The command line cannot be understood; what() says why.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CommandLine {
  std::string backend;  ///< URL; from --backend, else from TOOZ_BACKEND in the environment
  std::string member;   ///< empty: <host>-<pid>
  base::Env::Duration lease = std::chrono::seconds(10);
  bool debug = false;
  bool help = false;
  std::string command;
  std::vector<std::string> arguments;                       ///< what stands behind the command
  std::map<std::string, std::string, std::less<>> options;  ///< without dashes; flags have no value
  std::vector<std::string> program;                         ///< behind `--`

  bool has(std::string_view option) const { return options.contains(option); }
  /// UsageError for a value that is no time.
  base::Env::Duration duration(std::string_view option, base::Env::Duration fallback) const;
};

CommandLine parse_command_line(const std::vector<std::string>& words);
std::string usage();

}  // namespace toozctl
