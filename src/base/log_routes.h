#pragma once
#include "base/log_options.h"

#include <string_view>
#include <vector>

namespace base {

/// Which lines go where: loggers as Python has them, above each component those whose name it
/// begins with, whole words; above them `ironic_inspector`; above all the root.
class LogRoutes {
 public:
  explicit LogRoutes(const LogOptions& options);

  /// The level from which a component's lines are written: of the nearest logger that has one.
  LogLevel least_of(std::string_view component) const;
  /// The handlers of its loggers, up to the first that does not propagate; 0 when there are none
  /// but the options themselves.
  std::vector<std::size_t> handlers_of(std::string_view component) const;
  /// Below it no line is written.
  LogLevel least() const noexcept { return least_; }

 private:
  std::vector<LogLogger> loggers_;  ///< the nearest first, the root last
  LogLevel least_ = LogLevel::kCritical;
};

}  // namespace base
