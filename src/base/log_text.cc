#include "base/log_text.h"

#include <algorithm>
#include <stdexcept>

namespace base {
namespace {

LogFormat format_of(const char* option, const std::string& format, const LogOptions& options) {
  try {
    return {format, options.date_format};
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(std::string(option) + ": " + e.what());
  }
}

std::optional<LogFormat> optional_format(const char* option,
                                         const std::optional<std::string>& format,
                                         const LogOptions& options) {
  if (!format) return std::nullopt;
  return format_of(option, *format, options);
}

}  // namespace

LogText::LogText(const LogOptions& o)
    : sums_up_(o.sums_up),
      plain_(format_of("logging_default_format_string", o.format, o)),
      of_request_(format_of("logging_context_format_string", o.context_format, o)),
      debug_suffix_(format_of("logging_debug_format_suffix",
                              o.debug_suffix.empty() ? "" : " " + o.debug_suffix, o)),
      exception_prefix_(format_of("logging_exception_prefix", o.exception_prefix, o)),
      identity_(format_of("logging_user_identity_format", o.user_identity_format, o)),
      instance_(optional_format("instance_format", o.instance_format, o)),
      instance_uuid_(optional_format("instance_uuid_format", o.instance_uuid_format, o)) {}

std::string LogText::instance(const LogRecord& record) const {
  if (!instance_ && !instance_uuid_) return {};
  const LogSubject subject = subject_of(record);
  if (subject.uuid.empty()) return {};
  const bool more = !subject.state.empty() || !subject.mac.empty() || !subject.bmc.empty();
  const auto& format = more ? instance_ : instance_uuid_;
  if (!format) return {};
  return format->filled([&](std::string_view name) -> std::string {
    if (name == "uuid") return subject.uuid;
    if (name == "state") return subject.state;
    if (name == "mac") return escaped(subject.mac);
    return name == "bmc" ? escaped(subject.bmc) : std::string();
  });
}

std::string LogText::user_identity(const LogContext* context) const {
  if (!context) return {};
  return identity_.filled([&](std::string_view name) {
    const std::string_view found = context->find(name);
    return found.empty() ? std::string("-") : std::string(found);
  });
}

std::string LogText::lines(const LogRecord& record) const {
  LogParts parts{message_text(record), instance(record), user_identity(record.context.get()),
                 escaped(error_summary(record))};
  const bool of_request = record.context && !record.context->find("request_id").empty();
  const LogFormat& format = of_request ? of_request_ : plain_;
  const bool named = format.names("error_summary");
  if (named && parts.error_summary.empty()) parts.error_summary.push_back('-');
  std::string out;
  format.append(out, record, parts);
  if (sums_up_ && !named && !parts.error_summary.empty())
    out.append(": ").append(parts.error_summary);
  if (record.level == LogLevel::kDebug) debug_suffix_.append(out, record, parts);
  std::string_view rest = exception_lines(record);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += '\n';
    exception_prefix_.append(out, record, parts);
    out += escaped(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace base
