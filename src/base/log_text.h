#pragma once
#include "base/log_format.h"
#include "base/log_options.h"

#include <optional>
#include <string>

namespace base {

/// Lines of text, formed as oslo.log's ContextFormatter does: one form for the lines of a request,
/// one for the others; the suffix behind lines at debug; the exception's summary behind the text,
/// and its lines below.
class LogText {
 public:
  /// Throws std::runtime_error naming the form that is malformed.
  explicit LogText(const LogOptions& options);

  /// Without a newline at the end. More than one line only for an exception.
  std::string lines(const LogRecord& record) const;

 private:
  std::string instance(const LogRecord& record) const;
  std::string user_identity(const LogContext* context) const;

  bool sums_up_;
  LogFormat plain_;
  LogFormat of_request_;
  LogFormat debug_suffix_;
  LogFormat exception_prefix_;
  LogFormat identity_;
  std::optional<LogFormat> instance_;
  std::optional<LogFormat> instance_uuid_;
};

}  // namespace base
