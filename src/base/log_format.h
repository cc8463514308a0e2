#pragma once
#include "base/log_line.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// What is made of a record once and stands in several places of its line.
struct LogParts {
  std::string message, instance, user_identity, error_summary;
};

/// A text as Python's `%` forms it: `%(name)s` with optional width, `%%` for a percent sign.
class LogFormat {
 public:
  /// Throws std::runtime_error naming what is malformed. `date_format` is strftime's, for asctime.
  LogFormat(std::string_view format, std::string_view date_format);

  /// Fields are those of Python's LogRecord (asctime, msecs, process, levelname, levelno, name,
  /// message, funcName, pathname, filename, module, lineno, thread, threadName, processName,
  /// created, relativeCreated), oslo.log's (instance, user_identity, error_summary, isotime), and
  /// the values of the request's context. What is known of neither is empty; a value that the
  /// context could have, and has not, is `None`.
  void append(std::string& line, const LogRecord& record, const LogParts& parts) const;

  /// For forms of something else: each name is what `value_of` says.
  std::string filled(const std::function<std::string(std::string_view)>& value_of) const;

  bool names(std::string_view field) const;

 private:
  enum class Field : std::uint8_t {
    kText,
    kContext,
    kTime,
    kIsoTime,
    kCreated,
    kRelative,
    kMilliseconds,
    kProcess,
    kProcessName,
    kThread,
    kThreadName,
    kLevel,
    kLevelNumber,
    kName,
    kMessage,
    kInstance,
    kUserIdentity,
    kErrorSummary,
    kFunction,
    kPath,
    kFile,
    kModule,
    kLine
  };
  struct Piece {
    Field field = Field::kText;
    std::string text;  ///< kText: itself, otherwise the field's name
    int width = 0;     ///< negative: left-aligned
    bool zeros = false;
  };
  static Piece parse_field(std::string_view name, std::string_view spec);
  static std::optional<std::string_view> known_value(const Piece& piece, const LogRecord& record,
                                                     const LogParts& parts);
  std::string value(const Piece& piece, const LogRecord& record) const;
  std::string time_value(Field field, const LogRecord& record) const;

  std::vector<Piece> pieces_;
  std::string date_format_;
};

/// The local time by strftime's format.
std::string local_time(std::chrono::system_clock::time_point time, const std::string& format);

/// Its asctime: by `format`, or when that is empty as Python's: `2003-01-23 00:29:50,411`.
std::string asctime_of(std::chrono::system_clock::time_point time, const std::string& format);

/// The milliseconds of its second.
int milliseconds_of(std::chrono::system_clock::time_point time);

}  // namespace base
