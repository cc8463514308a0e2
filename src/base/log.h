#pragma once
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {

inline constexpr std::string_view kLogFormat =
    "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s";
inline constexpr std::string_view kLogDateFormat = "%Y-%m-%d %H:%M:%S";

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError, kCritical };

/// One named value of a log line: `{"node", uuid}`. Numbers and booleans are written as such in
/// JSON.
struct LogField {
  std::string_view name;
  std::string value;
  bool quoted = true;  ///< false: `value` is a number or a boolean

  LogField(std::string_view n, std::string_view v) : name(n), value(v) {}
  LogField(std::string_view n, const std::string& v) : name(n), value(v) {}
  LogField(std::string_view n, const char* v) : name(n), value(v) {}
  template <class T>
  requires std::is_arithmetic_v<T> LogField(std::string_view n, T v) : name(n), quoted(false) {
    if constexpr (std::is_same_v<T, bool>)
      value = v ? "true" : "false";
    else
      value = std::to_string(v);
  }
};

/// Writes one line. `component` is the source's folder or file ("tooz.lock"). Cheap when the level
/// is off. Never throws, never blocks on the network. Thread-safe. No secret goes into text or
/// fields.
void log(LogLevel level, std::string_view component, std::string_view text,
         std::initializer_list<LogField> fields = {}) noexcept;

inline void log_debug(std::string_view c, std::string_view t,
                      std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kDebug, c, t, f);
}
inline void log_info(std::string_view c, std::string_view t,
                     std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kInfo, c, t, f);
}
inline void log_warning(std::string_view c, std::string_view t,
                        std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kWarning, c, t, f);
}
inline void log_error(std::string_view c, std::string_view t,
                      std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kError, c, t, f);
}

/// Where lines go and how they look; oslo.log's options of the same names. The default, before any
/// call, is text on stderr from level info on.
struct LogOptions {
  bool debug = false;
  bool json = false;

  /// Empty: none. A file that somebody has moved away or removed is made again.
  std::string file;
  enum class Rotation : std::uint8_t { kNone, kSize, kInterval } rotation = Rotation::kNone;
  std::uint64_t rotate_bytes = 0;       ///< kSize: no file grows beyond it
  std::chrono::seconds rotate_every{};  ///< kInterval; old files get the time of their first line
  bool rotate_at_midnight = false;      ///< kInterval: of the local day, whatever `rotate_every` is
  std::uint32_t rotated_files = 30;     ///< that many old ones are kept

  std::optional<std::string> syslog;  ///< the facility, as LOG_USER or daemon
  bool journal = false;               ///< systemd's
  bool to_stderr = false;  ///< also where there is another place; alone, it needs no asking
  std::string identifier;  ///< the program's name in syslog and journal

  /// Python's form: %(asctime)s %(msecs)03d %(process)d %(levelname)s %(name)s %(message)s … (see
  /// log_format.h); date_format is strftime's. Not used for JSON, syslog and journal have their
  /// own.
  std::string format = std::string(kLogFormat);
  std::string date_format = std::string(kLogDateFormat);

  /// A component that begins with the name, whole words: nothing below that level of it.
  std::vector<std::pair<std::string, LogLevel>> levels;

  /// Of lines below `limit_except`, at most `limit_burst` within `limit_interval`; 0: no limit.
  std::chrono::seconds limit_interval{};
  std::uint32_t limit_burst = 0;
  LogLevel limit_except = LogLevel::kCritical;
};

/// Throws std::runtime_error naming the file, or the part of the format or the facility that is
/// wrong; the log then stays as it was. Call it again to change it.
void configure_log(const LogOptions& options);

}  // namespace base
