#include "base/log.h"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>

#include "base/log_line.h"

namespace base {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%d %H:%M:%S.%e %P %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","pid":%P,%v})";

class Output {
 public:
  Output() { configure({}); }

  void configure(const LogOptions& options) {
    spdlog::sink_ptr sink;
    if (options.file.empty())
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(options.file);
    auto logger = std::make_shared<spdlog::logger>("", std::move(sink));
    logger->set_level(spdlog::level::trace);  // the level is checked here, before a line is made
    logger->set_pattern(options.json ? kJsonPattern : kTextPattern);
    logger->flush_on(spdlog::level::trace);
    const std::lock_guard lock(mutex_);
    logger_ = std::move(logger);
    json_ = options.json;
    least_ = options.debug ? LogLevel::kDebug : LogLevel::kInfo;
  }

  bool takes(LogLevel level) const noexcept { return level >= least_.load(); }

  void write(LogLevel level, std::string_view component, std::string_view text,
             std::span<const LogField> fields) {
    std::shared_ptr<spdlog::logger> logger;
    bool json = false;
    {
      const std::lock_guard lock(mutex_);
      logger = logger_;
      json = json_;
    }
    const std::string line = json ? json_line(level, component, text, fields)
                                  : text_line(level, component, text, fields);
    logger->log(spdlog::level::info, spdlog::string_view_t(line));
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<spdlog::logger> logger_;
  bool json_ = false;
  std::atomic<LogLevel> least_{LogLevel::kInfo};
};

Output& output() {
  static auto* const it = new Output;  // never destroyed: other destructors log at exit
  return *it;
}

}  // namespace

void log(LogLevel level, std::string_view component, std::string_view text,
         std::initializer_list<LogField> fields) noexcept {
  try {
    if (output().takes(level))
      output().write(level, component, text, {fields.begin(), fields.size()});
  } catch (...) {  // out of memory: the line is lost, the work that it tells of goes on
  }
}

void configure_log(const LogOptions& options) {
  try {
    output().configure(options);
  } catch (const spdlog::spdlog_ex& e) {
    throw std::runtime_error("cannot log to the file '" + options.file + "': " + e.what());
  }
}

}  // namespace base
