#pragma once
#include <cstdint>
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
  std::string file;  ///< empty: stderr
};
void configure_log(const LogOptions& options);  ///< throws std::runtime_error naming the file

}  // namespace base
