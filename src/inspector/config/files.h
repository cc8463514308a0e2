#pragma once
#include "base/ini.h"

#include <string>
#include <string_view>
#include <vector>

namespace inspector {

struct CommandLine;

/// Where configuration is looked for when the command line names none.
struct SearchPaths {
  std::string home;  ///< empty: there is none
  std::string etc = "/etc";
};
SearchPaths default_search_paths();

/// Reads the files and directories that `line` names. Without --config-file those found by default:
/// `ironic-inspector.conf` and `<program>.conf`, each in the first of ~/.ironic-inspector, ~,
/// /etc/ironic-inspector and /etc that has it; without --config-dir likewise the directories
/// `ironic-inspector.conf.d` and `<program>.conf.d`. None found is an empty configuration. Throws
/// base::ConfigError: a named file or directory that cannot be read, or a line that is none.
base::Ini read_config(const CommandLine& line, std::string_view program, const SearchPaths& paths);

/// Where oslo.config would find a file of that name, in order: beside the configuration files and
/// in the configuration directories that `line` names, in the user's folders, in /etc. An absolute
/// name is itself.
std::vector<std::string> places_of(const std::string& name, const CommandLine& line,
                                   const SearchPaths& paths);

}  // namespace inspector
