#include "inspector/service/watchdog.h"

#include "inspector/service/process.h"

#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace inspector {
namespace {

/// 0: not set, or no number.
std::int64_t number(const char* name) {
  const char* value = std::getenv(name);
  std::int64_t parsed = 0;
  if (value == nullptr) return 0;
  const std::string_view text = value;
  std::from_chars(text.data(), text.data() + text.size(), parsed);
  return parsed;
}

}  // namespace

Watchdog::Watchdog(base::Env& env) {
  const std::int64_t period = number("WATCHDOG_USEC");
  const std::int64_t process = number("WATCHDOG_PID");
  if (period <= 0 || (process != 0 && process != getpid())) return;
  const auto pause = std::chrono::microseconds(period) / 3;
  thread_ = env.spawn("watchdog", [&env, pause](const std::stop_token& stop) {
    do {
      notify_systemd("WATCHDOG=1");
    } while (env.sleep_for(pause, stop));
  });
}

}  // namespace inspector
