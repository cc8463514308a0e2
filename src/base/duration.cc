#include "base/duration.h"

#include <charconv>

namespace base {

std::optional<Env::Duration> parse_duration(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, ec] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
  double seconds = -1;
  if (unit.empty() || unit == "s") seconds = number;
  if (unit == "ms") seconds = number / 1000;
  if (unit == "m") seconds = number * 60;
  constexpr double kMost = 86400.0 * 365;
  const bool fits = seconds == 0 || (seconds >= 0.001 && seconds <= kMost);
  if (ec != std::errc{} || !fits) return std::nullopt;
  return std::chrono::duration_cast<Env::Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace base
