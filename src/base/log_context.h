#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace base {

/// For whom a thread works: the values of oslo.context by their names there (request_id,
/// global_request_id, user, project, …). A line of the log that is written meanwhile is one of this
/// request. No secret among them.
class LogContext {
 public:
  void set(std::string_view name, std::string_view value);

  /// Empty: there is none.
  std::string_view find(std::string_view name) const noexcept;

  const std::vector<std::pair<std::string, std::string>>& values() const noexcept {
    return values_;
  }

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

/// What a thread works on: the node as far as it is known. Lines begin with it.
struct LogSubject {
  std::string uuid, state, mac, bmc;
};

/// The calling thread's; nullptr: it works for no request, and on no node.
std::shared_ptr<const LogContext> current_log_context() noexcept;
std::shared_ptr<const LogSubject> current_log_subject() noexcept;

/// Makes `context` that of the calling thread, as long as it lives; then it is what it was before.
class LogContextScope {
 public:
  explicit LogContextScope(std::shared_ptr<const LogContext> context) noexcept;
  ~LogContextScope();
  LogContextScope(const LogContextScope&) = delete;
  LogContextScope& operator=(const LogContextScope&) = delete;

 private:
  std::shared_ptr<const LogContext> before_;
};

/// The same for what it works on.
class LogSubjectScope {
 public:
  explicit LogSubjectScope(std::shared_ptr<const LogSubject> subject) noexcept;
  ~LogSubjectScope();
  LogSubjectScope(const LogSubjectScope&) = delete;
  LogSubjectScope& operator=(const LogSubjectScope&) = delete;

 private:
  std::shared_ptr<const LogSubject> before_;
};

}  // namespace base
