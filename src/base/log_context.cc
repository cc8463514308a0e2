#include "base/log_context.h"

namespace base {
namespace {

thread_local std::shared_ptr<const LogContext> context_here;
thread_local std::shared_ptr<const LogSubject> subject_here;

}  // namespace

void LogContext::set(std::string_view name, std::string_view value) {
  for (auto& [known, kept] : values_) {
    if (known != name) continue;
    kept = value;
    return;
  }
  values_.emplace_back(name, value);
}

std::string_view LogContext::find(std::string_view name) const noexcept {
  for (const auto& [known, value] : values_)
    if (known == name) return value;
  return {};
}

std::shared_ptr<const LogContext> current_log_context() noexcept { return context_here; }
std::shared_ptr<const LogSubject> current_log_subject() noexcept { return subject_here; }

LogContextScope::LogContextScope(std::shared_ptr<const LogContext> context) noexcept
    : before_(std::exchange(context_here, std::move(context))) {}
LogContextScope::~LogContextScope() { context_here = std::move(before_); }

LogSubjectScope::LogSubjectScope(std::shared_ptr<const LogSubject> subject) noexcept
    : before_(std::exchange(subject_here, std::move(subject))) {}
LogSubjectScope::~LogSubjectScope() { subject_here = std::move(before_); }

}  // namespace base
