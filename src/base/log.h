#pragma once
#include <concepts>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace base {

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

/// Where a line comes from: `component` is the source's folder or file ("tooz.lock"); the place in
/// the code is that of the caller. (Not std::source_location, which clang 14 has not.)
struct LogSource {
  std::string_view component;
  const char* file;
  const char* function;
  unsigned line;

  template <std::convertible_to<std::string_view> Text>
  LogSource(const Text& c, const char* at_file = __builtin_FILE(),
            const char* in_function = __builtin_FUNCTION(),
            unsigned at_line = __builtin_LINE()) noexcept
      : component(c), file(at_file), function(in_function), line(at_line) {}
};

inline constexpr std::string_view kExceptionField = "exception";

/// What an unexpected exception says, and those that are nested in it, each with its class. In text
/// it is the line's summary and lines of its own behind it, with logging_exception_prefix.
LogField exception_field(const std::exception& error);

/// Writes one line. Cheap when the level is off. Never throws, never blocks on the network.
/// Thread-safe. No secret goes into text or fields.
void log(LogLevel level, LogSource source, std::string_view text,
         std::initializer_list<LogField> fields = {}) noexcept;

inline void log_debug(LogSource c, std::string_view t,
                      std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kDebug, c, t, f);
}
inline void log_info(LogSource c, std::string_view t,
                     std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kInfo, c, t, f);
}
inline void log_warning(LogSource c, std::string_view t,
                        std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kWarning, c, t, f);
}
inline void log_error(LogSource c, std::string_view t,
                      std::initializer_list<LogField> f = {}) noexcept {
  log(LogLevel::kError, c, t, f);
}

}  // namespace base
