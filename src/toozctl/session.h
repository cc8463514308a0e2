#pragma once
#include <csignal>
#include <mutex>

#include "base/retry.h"
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
  void request_stop() { source_.request_stop(); }  ///< as a signal does

 private:
  std::stop_source source_;
  Signals signals_;
};

/// What a command that goes on for long does when the backend is away: says so once, waits a
/// little longer each time, and begins afresh when it answers again. For one thread.
class Outage {
 public:
  explicit Outage(base::Env& env) : env_(env), backoff_(env, kFirst, kLongest) {}
  /// Blocks for at most a few seconds, or until `stop` is requested.
  void sit_out(const std::exception& error, std::stop_token stop);
  void over();

 private:
  static constexpr auto kFirst = std::chrono::milliseconds(100);
  static constexpr auto kLongest = std::chrono::seconds(2);
  base::Env& env_;
  base::Backoff backoff_;
  bool told_ = false;
};

/// Writes a whole line to standard output at once, from any thread. False: nobody reads it.
bool print_line(const std::string& text);

}  // namespace toozctl
