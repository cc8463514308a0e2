#pragma once
#include "base/log.h"

#include <chrono>
#include <string>
#include <vector>

namespace base {

/// The form of a text line, as Python's logging writes it: `%(field)s` with optional width, `%%`
/// for a percent sign. Fields: asctime, msecs, process, levelname, levelno, name, message; those of
/// Python's that have no counterpart here (instance, request_id, funcName, thread, …) are empty.
class LogFormat {
 public:
  /// Throws std::runtime_error naming what is malformed.
  LogFormat(std::string_view format, std::string_view date_format);

  std::string line(LogLevel level, std::string_view component, std::string_view message,
                   std::chrono::system_clock::time_point time) const;

 private:
  enum class Field { kText, kTime, kMilliseconds, kProcess, kLevel, kLevelNumber, kName, kMessage };
  struct Piece {
    Field field = Field::kText;
    std::string text;  ///< kText: itself
    int width = 0;     ///< negative: left-aligned
    bool zeros = false;
  };
  Piece parse_field(std::string_view name, std::string_view spec) const;

  std::vector<Piece> pieces_;
  std::string date_format_;
};

}  // namespace base
