#include "base/log_routes.h"

#include <algorithm>

namespace base {
namespace {

constexpr std::string_view kWhole = "ironic_inspector";

bool is_above(std::string_view name, std::string_view component) {
  if (name.empty() || name == kWhole) return true;
  return component.starts_with(name) &&
         (component.size() == name.size() || component[name.size()] == '.');
}

/// The longer a name, the nearer it is.
std::size_t nearness(const LogLogger& logger) {
  if (logger.name.empty()) return 0;
  return logger.name == kWhole ? 1 : 1 + logger.name.size();
}

}  // namespace

LogRoutes::LogRoutes(const LogOptions& options) : loggers_(options.loggers) {
  if (options.handlers.empty()) {
    loggers_ = {{.least = options.debug ? LogLevel::kDebug : LogLevel::kInfo, .handlers = {0}}};
    for (const auto& [name, level] : options.levels)
      loggers_.push_back({.name = name, .least = level});
  }
  std::ranges::stable_sort(loggers_, std::ranges::greater(), nearness);
  for (const LogLogger& logger : loggers_)
    if (logger.least) least_ = std::min(least_, *logger.least);
}

LogLevel LogRoutes::least_of(std::string_view component) const {
  for (const LogLogger& logger : loggers_)
    if (logger.least && is_above(logger.name, component)) return *logger.least;
  return LogLevel::kDebug;
}

std::vector<std::size_t> LogRoutes::handlers_of(std::string_view component) const {
  std::vector<std::size_t> handlers;
  for (const LogLogger& logger : loggers_) {
    if (!is_above(logger.name, component)) continue;
    handlers.insert(handlers.end(), logger.handlers.begin(), logger.handlers.end());
    if (!logger.propagate) break;
  }
  return handlers;
}

}  // namespace base
