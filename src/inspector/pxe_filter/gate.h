#pragma once
#include "inspector/pxe_filter/boot_set.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// The thing that lets a machine's DHCP requests through or not. Used by one thread at a time. All
/// calls throw std::runtime_error with what went wrong; what they were about to open stays closed.
class Gate {
 public:
  virtual ~Gate() = default;
  /// Closed for everybody; what an earlier process left is taken over or removed.
  virtual void prepare() = 0;
  /// Makes the gate follow `set`: does nothing where that is so already. After a failure the next
  /// call starts from what is really there.
  virtual void apply(const BootSet& set) = 0;
  /// Once, after the first apply() or the failure to make it.
  virtual void begin() = 0;
  virtual void end() noexcept = 0;  ///< at the end of the process
};

struct CommandResult {
  int code = 0;        ///< 128 + the signal that ended it
  std::string output;  ///< at most 16 KiB
};

/// Runs a program that reads `input`. Throws std::runtime_error: it cannot be started, or took
/// longer than 30 s and was killed.
CommandResult run_command(const std::vector<std::string>& command, std::string_view input);
using RunCommand = std::function<CommandResult(const std::vector<std::string>&, std::string_view)>;

/// In front of what only root may do: nothing for root, else
/// `sudo -n ironic-inspector-rootwrap CONFIG`.
std::vector<std::string> as_root(const std::string& rootwrap_config);

}  // namespace inspector
