#pragma once
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// One line of a filter file of oslo.rootwrap: `name: CommandFilter, iptables, root`.
struct RootwrapFilter {
  enum class Kind {
    kCommand,  ///< the program, with any arguments
    kRegExp,   ///< a pattern for the program's name and each argument, all of it
    kPath,     ///< an argument is `pass` (anything), a folder it must lie in, or itself
  };
  std::string name;
  Kind kind = Kind::kCommand;
  std::string program;  ///< a name, looked for in exec_dirs, or a path
  std::string run_as;
  std::vector<std::string> arguments;
};

struct RootwrapConfig {
  std::vector<RootwrapFilter> filters;
  std::vector<std::string> exec_dirs;
  std::vector<std::string>
      notes;  ///< filters of kinds that are not known here; they permit nothing
  bool use_syslog = false;
};

/// Reads a configuration of oslo.rootwrap and the filters in its `filters_path`. Without
/// `exec_dirs`, those of `path` (a list with `:`) count. Throws base::ConfigError.
RootwrapConfig read_rootwrap(const std::filesystem::path& file, std::string_view path);

/// A filter permits the command, and its program is nowhere.
struct ProgramNotFound : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What is to be executed for `command`, its program as a path; nullopt: no filter permits it.
/// Throws ProgramNotFound. Who may run iptables or ip6tables with any arguments may run its
/// `-restore` too, which can do no more: upstream's filters do not name that.
std::optional<std::vector<std::string>> permitted(const RootwrapConfig& config,
                                                  const std::vector<std::string>& command);

}  // namespace inspector
