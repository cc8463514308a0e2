#pragma once
#include "base/env.h"

#include <sys/types.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace support {

/// A program that a test started; its destructor kills it (SIGKILL) and waits. Standard output and
/// error go to one file unless each has its own. For one thread.
class Process {
 public:
  struct Command {
    std::vector<std::string> arguments;  ///< the program, by path or by PATH, comes first
    std::map<std::string, std::string> environment;  ///< added to our own
    std::filesystem::path output;                    ///< empty: thrown away; else appended to
    std::filesystem::path folder;                    ///< empty: ours
    std::filesystem::path errors;  ///< standard error's own file; empty: with the output
  };

  /// Throws std::runtime_error when the program cannot be started.
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const noexcept { return pid_; }
  bool running();
  void signal(int number);  ///< nothing happens to one that has ended
  void freeze();            ///< SIGSTOP, and waits until all its threads stand still
  void thaw();              ///< SIGCONT

  /// The exit code, or 128 + the signal that ended it; nullopt: it still runs after `timeout`.
  std::optional<int> wait(base::Env::Duration timeout);
  /// SIGTERM, then SIGKILL after `grace`. Returns what wait() would.
  int stop(base::Env::Duration grace = std::chrono::seconds(10));

  /// All it has written so far.
  std::string output() const;
  /// False: `text` is not in the output after `timeout`, or the program ended without writing it.
  bool wait_for_output(std::string_view text, base::Env::Duration timeout);

 private:
  std::filesystem::path output_;
  pid_t pid_ = -1;
  std::optional<int> exit_;
};

/// Runs a program to its end. Throws std::runtime_error with its output if it fails or takes longer
/// than a minute.
std::string run(const std::vector<std::string>& arguments,
                const std::map<std::string, std::string>& environment = {});

/// Asks `ready` again and again; false after `timeout`.
bool eventually(const std::function<bool()>& ready,
                base::Env::Duration timeout = std::chrono::seconds(20));

/// A folder of its own under the system's temporary one; removed with all in it.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace support
