#pragma once
#include "base/log.h"
#include "base/log_context.h"

#include <chrono>
#include <memory>
#include <span>
#include <string>

namespace base {

/// All that is known of a line.
struct LogRecord {
  LogLevel level = LogLevel::kInfo;
  LogSource source{""};
  std::string_view text;
  std::span<const LogField> fields;
  std::chrono::system_clock::time_point time;
  std::shared_ptr<const LogContext> context;  ///< may be none, as the next
  std::shared_ptr<const LogSubject> subject;
};

const char* level_name(LogLevel level) noexcept;  ///< as Python's: DEBUG … CRITICAL
int level_number(LogLevel level) noexcept;        ///< as Python's: 10 … 50
std::string path_of(const LogRecord& record);     ///< in the tree: src/base/log.cc

/// The node that the line is about: what the field `node` (and `state`) says, with what the thread
/// works on when that is the same node.
LogSubject subject_of(const LogRecord& record);

/// `[node: UUID state STATE MAC MAC BMC ADDRESS] text field=value ...`, on one line whatever the
/// text holds: control characters are written as `\n` or `\x1b`, and a value with a space, a quote
/// or nothing in it is quoted. What is not known of the node is left out; a line about none has
/// no brackets. The exception is not in it.
std::string message_text(const LogRecord& record);

/// The exception's lines, the first of which is its summary; empty: there is none.
std::string_view exception_lines(const LogRecord& record);

/// `text` with control characters as message_text() writes them.
std::string escaped(std::string_view text);

/// A JSON string. Always valid: bytes that are not UTF-8 become U+FFFD.
void append_json(std::string& out, std::string_view text);

/// What an unexpected one logs in its place: the first line, from level warning on.
std::string error_summary(const LogRecord& record);

}  // namespace base
