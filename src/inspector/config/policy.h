#pragma once
#include <string>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

struct CommandLine;
struct SearchPaths;

/// [oslo_policy]
struct PolicyOptions {
  /// Where the file may be: the first that is there counts. None there: the defaults hold.
  std::vector<std::string> files;
  std::vector<std::string> dirs;  ///< each with any number of files, read after `files`
  bool enforce_new_defaults = true;
  std::string default_rule = "default";  ///< for what has no rule
};

/// Reads; throws base::ConfigError. Whether the files are there is looked at by who uses them.
PolicyOptions read_policy(const base::Ini& ini, const CommandLine& line, const SearchPaths& paths);

}  // namespace inspector
