#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/sinks/systemd_sink.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "base/log_file.h"
#include "base/log_json.h"
#include "base/log_options.h"
#include "base/log_routes.h"
#include "base/log_text.h"

namespace base {
namespace {

int facility(const std::string& name) {
  constexpr std::array<std::pair<std::string_view, int>, 20> kFacilities = {
      {{"KERN", LOG_KERN},     {"USER", LOG_USER},         {"MAIL", LOG_MAIL},
       {"DAEMON", LOG_DAEMON}, {"AUTH", LOG_AUTH},         {"SYSLOG", LOG_SYSLOG},
       {"LPR", LOG_LPR},       {"NEWS", LOG_NEWS},         {"UUCP", LOG_UUCP},
       {"CRON", LOG_CRON},     {"AUTHPRIV", LOG_AUTHPRIV}, {"FTP", LOG_FTP},
       {"LOCAL0", LOG_LOCAL0}, {"LOCAL1", LOG_LOCAL1},     {"LOCAL2", LOG_LOCAL2},
       {"LOCAL3", LOG_LOCAL3}, {"LOCAL4", LOG_LOCAL4},     {"LOCAL5", LOG_LOCAL5},
       {"LOCAL6", LOG_LOCAL6}, {"LOCAL7", LOG_LOCAL7}}};
  std::string upper = name;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper.starts_with("LOG_")) upper.erase(0, 4);
  for (const auto& [known, number] : kFacilities)
    if (known == upper) return number;
  throw std::runtime_error("syslog_log_facility: '" + name + "' is not a syslog facility");
}

spdlog::level::level_enum native(LogLevel level) {
  return static_cast<spdlog::level::level_enum>(static_cast<int>(level) + SPDLOG_LEVEL_DEBUG);
}

std::vector<spdlog::sink_ptr> sinks_of(const LogOptions& o) {
  std::vector<spdlog::sink_ptr> sinks;
  if (!o.file.empty()) sinks.push_back(log_file_sink(o));
  if (o.syslog)
    sinks.push_back(std::make_shared<spdlog::sinks::syslog_sink_mt>(o.identifier, LOG_PID,
                                                                    facility(*o.syslog), true));
  if (o.journal) sinks.push_back(std::make_shared<spdlog::sinks::systemd_sink_mt>());
  if (o.to_stdout) sinks.push_back(std::make_shared<spdlog::sinks::stdout_sink_mt>());
  if (o.to_stderr || (sinks.empty() && !o.nowhere))
    sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return sinks;
}

/// Where lines of one form go.
class Place {
 public:
  explicit Place(const LogOptions& o, LogLevel least = LogLevel::kDebug)
      : text_(o), json_(o.json), date_format_(o.date_format), least_(least) {
    const auto sinks = sinks_of(o);
    logger_ = std::make_shared<spdlog::logger>(o.identifier, sinks.begin(), sinks.end());
    logger_->set_level(spdlog::level::trace);  // the level is checked here, before a line is made
    logger_->set_pattern("%v");
    logger_->flush_on(spdlog::level::trace);
  }

  void write(const LogRecord& record) const {
    if (record.level < least_) return;
    const std::string lines = json_ ? json_line(record, date_format_) : text_.lines(record);
    const std::string path = path_of(record);
    const spdlog::source_loc where(path.c_str(), static_cast<int>(record.source.line),
                                   record.source.function);
    logger_->log(where, native(record.level), spdlog::string_view_t(lines));
  }

 private:
  LogText text_;
  bool json_;
  std::string date_format_;
  LogLevel least_;
  std::shared_ptr<spdlog::logger> logger_;
};

/// What one call of configure_log() has made.
struct Destinations {
  explicit Destinations(const LogOptions& o) : options(o), routes(o) {
    if (o.handlers.empty()) places.emplace_back(o);
    for (const LogHandler& handler : o.handlers)
      places.emplace_back(handler.place, handler.least);
  }

  void write(const LogRecord& record) const {
    for (const std::size_t place : routes.handlers_of(record.source.component))
      places.at(place).write(record);
  }

  LogOptions options;
  LogRoutes routes;
  std::vector<Place> places;
};

/// Counts the lines of the interval that runs.
class Limit {
 public:
  enum class Verdict { kTake, kLastOne, kDrop };
  Verdict look(const LogOptions& options, LogLevel level) {
    if (options.limit_interval.count() == 0 || options.limit_burst == 0 ||
        level >= options.limit_except)
      return Verdict::kTake;
    const auto now = std::chrono::steady_clock::now();
    if (now - begun_ >= options.limit_interval) {
      begun_ = now;
      count_ = 0;
    }
    ++count_;
    if (count_ < options.limit_burst) return Verdict::kTake;
    return count_ == options.limit_burst ? Verdict::kLastOne : Verdict::kDrop;
  }

 private:
  std::chrono::steady_clock::time_point begun_;
  std::uint32_t count_ = 0;
};

class Output {
 public:
  Output() { configure({}); }

  void configure(const LogOptions& options) {
    auto made = std::make_shared<const Destinations>(options);
    const std::lock_guard lock(mutex_);
    destinations_ = std::move(made);
    least_ = destinations_->routes.least();
  }

  bool takes(LogLevel level) const noexcept { return level >= least_.load(); }

  void write(const LogRecord& record) {
    std::shared_ptr<const Destinations> destinations;
    Limit::Verdict verdict{};
    {
      const std::lock_guard lock(mutex_);
      destinations = destinations_;
      if (record.level < destinations->routes.least_of(record.source.component)) return;
      verdict = limit_.look(destinations->options, record.level);
    }
    if (verdict == Limit::Verdict::kDrop) return;
    destinations->write(record);
    if (verdict == Limit::Verdict::kLastOne)
      destinations->write(
          {.level = LogLevel::kError,
           .source = "base.log",
           .text = "More lines than the rate limit allows; the next ones are left out",
           .time = record.time});
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Destinations> destinations_;
  Limit limit_;
  std::atomic<LogLevel> least_{LogLevel::kInfo};
};

Output& output() {
  static auto* const it = new Output;  // never destroyed: other destructors log at exit
  return *it;
}

}  // namespace

void log(LogLevel level, LogSource source, std::string_view text,
         std::initializer_list<LogField> fields) noexcept {
  try {
    if (!output().takes(level)) return;
    output().write({.level = level,
                    .source = source,
                    .text = text,
                    .fields = {fields.begin(), fields.size()},
                    .time = std::chrono::system_clock::now(),
                    .context = current_log_context(),
                    .subject = current_log_subject()});
  } catch (...) {  // out of memory: the line is lost, the work that it tells of goes on
  }
}

void configure_log(const LogOptions& options) { output().configure(options); }

}  // namespace base
