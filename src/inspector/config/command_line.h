#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// What a program is called and which parts of the common command line it has.
struct Program {
  std::string_view name;
  std::string_view summary;   ///< one line of --help
  bool listens = false;       ///< has --port and --host, and `--` before the other options
  bool moves_data = false;    ///< has --from and --to
  std::string_view commands;  ///< shown in --help; empty: arguments are refused
};

/// The command line that all programs share: oslo.config's and oslo.log's options.
struct CommandLine {
  std::vector<std::string> config_files;  ///< in the order given
  std::vector<std::string> config_dirs;
  std::optional<bool> debug;  ///< given here, it beats the files; so do the next ones
  std::optional<bool> use_json;
  std::optional<std::string> log_file;
  std::optional<std::string> log_dir;
  std::optional<bool> watch_log_file;
  std::optional<bool> use_syslog;
  std::optional<bool> use_journal;
  std::optional<std::string> syslog_facility;
  std::optional<std::string> date_format;
  std::optional<std::string> log_config;  ///< a file of Python's logging module
  std::optional<std::uint16_t> port;
  std::optional<std::string> host;
  std::optional<std::string> from;  ///< of a program that moves data, as the next
  std::optional<std::string> to;
  bool help = false;
  bool version = false;
  std::vector<std::string> command;  ///< the first argument that is no option, and all after it
};

/// what() says what is wrong with which argument.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `arguments` without the program's own name. Throws UsageError.
CommandLine parse_command_line(const Program& program, std::span<const char* const> arguments);

std::string help_text(const Program& program);

/// The frame of every main(): answers --help and --version, runs `body`, and turns what goes wrong
/// into one line on stderr. Returns the exit code: that of `body`, 1 for an exception, 2 for a
/// UsageError.
int run_program(const Program& program, int argc, const char* const* argv,
                const std::function<int(const CommandLine&)>& body);

}  // namespace inspector
