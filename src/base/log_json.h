#pragma once
#include "base/log_line.h"

#include <string>

namespace base {

/// The line as a JSON object with the members of oslo.log's JSONFormatter; the fields are its
/// `extra`. `asctime` is written by strftime's `date_format`. Always valid JSON: bytes that are not
/// UTF-8 become U+FFFD.
std::string json_line(const LogRecord& record, const std::string& date_format);

}  // namespace base
