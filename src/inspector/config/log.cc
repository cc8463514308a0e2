#include "inspector/config/log.h"

#include "base/ini.h"
#include "inspector/config/command_line.h"
#include "inspector/config/log_level.h"
#include "inspector/config/python_logging.h"
#include "inspector/config/renamed.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <filesystem>

namespace inspector {
namespace {

using base::LogLevel;
using base::LogOptions;

constexpr std::string_view kSection = "DEFAULT";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// oslo.config compares these without regard to case.
std::string choice(const base::Ini& ini, std::string_view option, std::string_view fallback,
                   std::span<const std::string_view> accepted) {
  std::string value = lower(ini.text(kSection, option, fallback));
  if (std::find(accepted.begin(), accepted.end(), value) != accepted.end()) return value;
  return ini.choice(kSection, option, fallback, accepted);  // throws, and says what is accepted
}

/// Python's numbers: 10 is DEBUG, 20 INFO, … 50 CRITICAL; what lies between counts as the next.
std::optional<LogLevel> level_of_number(const std::string& text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  constexpr int kStep = 10, kCritical = 5;
  return static_cast<LogLevel>(std::clamp((number + kStep - 1) / kStep, 1, kCritical) - 1);
}

void read_file(const base::Ini& ini, const CommandLine& line, std::string_view program,
               LogOptions& options) {
  const std::string file_set =
      renamed_text(ini, {{"DEFAULT", "log_file"}, {"DEFAULT", "logfile"}}, "");
  const std::string dir_set =
      renamed_text(ini, {{"DEFAULT", "log_dir"}, {"DEFAULT", "logdir"}}, "");
  std::string file = line.log_file.value_or(file_set);
  const std::string dir = line.log_dir.value_or(dir_set);
  if (file.empty() && !dir.empty()) file = std::string(program) + ".log";
  if (!file.empty()) options.file = (std::filesystem::path(dir) / file).string();
}

void read_rotation(const base::Ini& ini, const CommandLine& line, LogOptions& options) {
  constexpr std::array<std::string_view, 3> kTypes = {"none", "interval", "size"};
  constexpr std::array<std::string_view, 6> kUnits = {"seconds", "minutes", "hours",
                                                      "days",    "weekday", "midnight"};
  const std::string type = choice(ini, "log_rotation_type", "none", kTypes);
  const auto interval = ini.integer(kSection, "log_rotate_interval", 1, 0, 1'000'000);
  const std::string unit = choice(ini, "log_rotate_interval_type", "days", kUnits);
  options.rotated_files =
      static_cast<std::uint32_t>(ini.integer(kSection, "max_logfile_count", 30, 0, 1'000'000));
  options.rotate_bytes =
      static_cast<std::uint64_t>(ini.integer(kSection, "max_logfile_size_mb", 200, 0, 1'000'000))
      << 20U;
  // A file that is moved away is made again in any case; who asks for it does not want rotation.
  if (line.watch_log_file.value_or(ini.boolean(kSection, "watch_log_file", false))) return;
  if (type == "size") options.rotation = LogOptions::Rotation::kSize;
  if (type != "interval") return;
  options.rotation = LogOptions::Rotation::kInterval;
  if (unit == "weekday") {
    constexpr std::int64_t kSunday = 6;
    if (interval > kSunday)
      throw ini.error(kSection, "log_rotate_interval",
                      "accepted with weekday: 0 (Monday) to 6 (Sunday)");
    options.rotate_weekday = static_cast<int>(interval);
  }
  options.rotate_at_midnight = unit == "midnight";
  constexpr std::array<std::pair<std::string_view, int>, 5> kSeconds = {
      {{"seconds", 1}, {"minutes", 60}, {"hours", 3600}, {"days", 86400}, {"midnight", 86400}}};
  for (const auto& [name, seconds] : kSeconds)
    if (name == unit)
      options.rotate_every = std::chrono::seconds(seconds * std::max<std::int64_t>(interval, 1));
}

void read_formats(const base::Ini& ini, LogOptions& options) {
  const auto read = [&](std::string_view option, std::string& format) {
    format = ini.text(kSection, option, format);
  };
  read("logging_default_format_string", options.format);
  read("logging_context_format_string", options.context_format);
  read("logging_debug_format_suffix", options.debug_suffix);
  read("logging_exception_prefix", options.exception_prefix);
  read("logging_user_identity_format", options.user_identity_format);
  options.instance_format = ini.text(kSection, "instance_format");
  options.instance_uuid_format = ini.text(kSection, "instance_uuid_format");
}

void read_levels(const base::Ini& ini, LogOptions& options) {
  for (const std::string& pair : ini.list(kSection, "default_log_levels", "")) {
    const std::size_t equals = pair.find('=');
    const auto level =
        equals == std::string::npos ? std::nullopt : log_level_of(pair.substr(equals + 1));
    if (!level)
      throw ini.error(kSection, "default_log_levels",
                      "'" + pair + "' is not of the form name=LEVEL");
    options.levels.emplace_back(pair.substr(0, equals), *level);
  }
}

/// SQLAlchemy's statements, from 50 on; without being asked for, not with `debug` either.
void read_sql_level(const base::Ini& ini, LogOptions& options) {
  constexpr std::int64_t kStatements = 50, kMost = 100;
  const auto usual = ini.integer(kSection, "sql_connection_debug", 0, 0, kMost);
  const bool shown = ini.integer("database", "connection_debug", usual, 0, kMost) >= kStatements;
  options.levels.emplace_back("sql.engine", shown ? LogLevel::kDebug : LogLevel::kWarning);
}

void read_limit(const base::Ini& ini, LogOptions& options) {
  options.limit_interval =
      std::chrono::seconds(ini.integer(kSection, "rate_limit_interval", 0, 0, 86'400));
  options.limit_burst =
      static_cast<std::uint32_t>(ini.integer(kSection, "rate_limit_burst", 0, 0, 1'000'000'000));
  const std::string except = ini.text(kSection, "rate_limit_except_level", "CRITICAL");
  if (except.empty()) return;
  const auto level = log_level_of(except);
  if (!level)
    throw ini.error(kSection, "rate_limit_except_level",
                    "accepted: CRITICAL, ERROR, WARNING, INFO, DEBUG or nothing");
  options.limit_except = *level;
}

}  // namespace

std::optional<LogLevel> log_level_of(const std::string& text) {
  constexpr std::array<std::pair<std::string_view, LogLevel>, 7> kLevels = {
      {{"debug", LogLevel::kDebug},
       {"info", LogLevel::kInfo},
       {"warn", LogLevel::kWarning},
       {"warning", LogLevel::kWarning},
       {"error", LogLevel::kError},
       {"critical", LogLevel::kCritical},
       {"fatal", LogLevel::kCritical}}};
  const std::string name = lower(text);
  for (const auto& [known, level] : kLevels)
    if (known == name) return level;
  return level_of_number(text);
}

void begin_log(const LogOptions& options) {
  try {
    base::configure_log(options);
  } catch (const std::runtime_error& error) {
    throw base::ConfigError("[DEFAULT]" + std::string(error.what()));
  }
}

LogOptions read_log(const base::Ini& ini, const CommandLine& line, std::string_view program) {
  LogOptions options;
  options.debug = line.debug.value_or(ini.boolean(kSection, "debug", false));
  options.json = line.use_json.value_or(ini.boolean(kSection, "use_json", false));
  options.identifier = program;
  read_file(ini, line, program, options);
  read_rotation(ini, line, options);
  const std::string facility = ini.text(kSection, "syslog_log_facility", "LOG_USER");
  if (line.use_syslog.value_or(ini.boolean(kSection, "use_syslog", false)))
    options.syslog = line.syslog_facility.value_or(facility);
  options.journal = line.use_journal.value_or(ini.boolean(kSection, "use_journal", false));
  options.to_stderr = ini.boolean(kSection, "use_stderr", false);
  read_formats(ini, options);
  options.date_format =
      line.date_format.value_or(ini.text(kSection, "log_date_format", base::kLogDateFormat));
  read_levels(ini, options);
  read_sql_level(ini, options);
  read_limit(ini, options);
  if (ini.boolean(kSection, "use_eventlog", false))
    throw ini.error(kSection, "use_eventlog",
                    "Windows Event Log is not available on this platform.");
  const std::string file = line.log_config.value_or(
      renamed_text(ini, {{"DEFAULT", "log_config_append"}, {"DEFAULT", "log_config"}}, ""));
  if (!file.empty()) read_python_logging(file, options);
  return options;
}

}  // namespace inspector
