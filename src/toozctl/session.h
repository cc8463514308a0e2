#pragma once
#include <csignal>
#include <mutex>

#include "tooz/coordinator.h"
#include "toozctl/command_line.h"
#include "toozctl/signals.h"

namespace toozctl {

/// The coordinator that a command line asks for. Throws tooz::Error{kBadUrl}.
tooz::Coordinator connect(base::Env& env, const CommandLine& line);

/// `<host>-<pid>`, or what --member says.
std::string member_id(const CommandLine& line);

/// A stop token that is requested by SIGINT, SIGTERM or SIGHUP while this lives.
class UntilSignal {
 public:
  explicit UntilSignal(base::Env& env)
      : signals_(env, [this](int signal) {
          if (signal != SIGCHLD) source_.request_stop();
        }) {}
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  Signals signals_;
};

/// Writes whole lines to standard output at once, from any thread.
void print_line(const std::string& text);

}  // namespace toozctl
