#include "inspector/config/python_logging.h"

#include "base/ini.h"
#include "inspector/config/log_level.h"
#include "inspector/config/python_literal.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace inspector {
namespace {

using base::LogHandler;
using base::LogLogger;
using base::LogOptions;
using Kind = PythonLiteral::Kind;
using Arguments = std::vector<PythonLiteral>;

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

/// Without the module that it is in, when that is Python's or oslo.log's:
/// `logging.handlers.SysLogHandler` is SysLogHandler.
std::string class_of(const std::string& name) {
  constexpr std::array<std::string_view, 6> kModules = {
      "logging.handlers.",    "handlers.", "oslo_log.handlers.", "oslo_log.watchers.",
      "oslo_log.formatters.", "logging."};
  for (const std::string_view module : kModules)
    if (name.starts_with(module)) return name.substr(module.size());
  return name;
}

std::string text_at(const Arguments& arguments, std::size_t at, const std::string& fallback) {
  if (at >= arguments.size()) return fallback;
  if (arguments[at].kind == Kind::kTuple || arguments[at].kind == Kind::kNumber)
    refuse("argument " + std::to_string(at + 1) + " is not a text");
  return arguments[at].text;
}

std::int64_t number_at(const Arguments& arguments, std::size_t at, std::int64_t fallback) {
  if (at >= arguments.size()) return fallback;
  if (arguments[at].kind != Kind::kNumber || arguments[at].number < 0)
    refuse("argument " + std::to_string(at + 1) + " is not a number from 0");
  return arguments[at].number;
}

std::string file_of(const Arguments& arguments) {
  std::string file = text_at(arguments, 0, "");
  if (file.empty()) refuse("names no file");
  return file;
}

/// Of TimedRotatingFileHandler: `when` and `interval`.
void rotate_by_time(std::string when, std::int64_t interval, LogOptions& place) {
  std::ranges::transform(when, when.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> kUnits = {
      {{"S", 1}, {"M", 60}, {"H", 3600}, {"D", 86400}, {"MIDNIGHT", 86400}}};
  place.rotation = LogOptions::Rotation::kInterval;
  place.rotate_at_midnight = when == "MIDNIGHT";
  for (const auto& [unit, seconds] : kUnits)
    if (unit == when)
      place.rotate_every = std::chrono::seconds(seconds * std::max<std::int64_t>(interval, 1));
  if (when.size() == 2 && when[0] == 'W' && when[1] >= '0' && when[1] <= '6')
    place.rotate_weekday = when[1] - '0';
  if (place.rotate_every.count() == 0 && !place.rotate_weekday)
    refuse("Invalid rollover interval specified: " + when);
}

void set_syslog(const Arguments& arguments, std::size_t facility_at, LogOptions& place) {
  place.syslog = "LOG_USER";
  if (facility_at < arguments.size())
    place.syslog = last_part(text_at(arguments, facility_at, "LOG_USER"));
}

void set_destination(const std::string& name, const Arguments& arguments, LogOptions& place) {
  const auto count = [&](std::size_t at) {
    return static_cast<std::uint32_t>(std::min<std::int64_t>(number_at(arguments, at, 0), 1000000));
  };
  if (name == "StreamHandler" || name == "ColorHandler") {
    (text_at(arguments, 0, "sys.stderr") == "sys.stdout" ? place.to_stdout : place.to_stderr) =
        true;
  } else if (name == "FileHandler" || name == "WatchedFileHandler" ||
             name == "FastWatchedFileHandler") {
    place.file = file_of(arguments);
  } else if (name == "RotatingFileHandler") {
    place.file = file_of(arguments);
    place.rotate_bytes = static_cast<std::uint64_t>(number_at(arguments, 2, 0));
    place.rotated_files = count(3);
    if (place.rotate_bytes > 0 && place.rotated_files > 0)
      place.rotation = LogOptions::Rotation::kSize;
  } else if (name == "TimedRotatingFileHandler") {
    place.file = file_of(arguments);
    place.rotated_files = count(3);
    rotate_by_time(text_at(arguments, 1, "h"), number_at(arguments, 2, 1), place);
  } else if (name == "SysLogHandler") {
    if (text_at(arguments, 0, "") != "/dev/log") refuse("writes to this machine's /dev/log only");
    set_syslog(arguments, 1, place);
  } else if (name == "OSSysLogHandler") {
    set_syslog(arguments, 0, place);
  } else if (name == "OSJournalHandler") {
    place.journal = true;
  } else if (name == "NullHandler") {
    place.nowhere = true;
  } else {
    refuse("the class " + name + " cannot be used here");
  }
}

/// A formatter of Python's own has one form for all lines, and adds nothing but the exception.
void set_plain_form(const std::string& format, LogOptions& place) {
  place.format = place.context_format = format;
  place.debug_suffix.clear();
  place.exception_prefix.clear();
  place.sums_up = false;
}

class File {
 public:
  File(const std::string& file, LogOptions& options) : options_(options) { ini_.read_file(file); }

  void read() {
    const LogOptions forms = options_;
    names_ = ini_.list("handlers", "keys", "");
    for (const std::string& name : names_)
      options_.handlers.push_back(handler(name, forms));
    for (const std::string& name : ini_.list("loggers", "keys", ""))
      options_.loggers.push_back(logger(name));
    const bool rooted = std::ranges::any_of(
        options_.loggers, [](const LogLogger& each) { return each.name.empty(); });
    if (!rooted || options_.handlers.empty()) refuse("it has no logger root, or no handler");
  }

 private:
  std::optional<base::LogLevel> level(const std::string& section) const {
    const std::string text = ini_.text(section, "level", "NOTSET");
    if (text == "NOTSET" || text.empty()) return std::nullopt;
    const auto found = log_level_of(text);
    if (!found) refuse("[" + section + "]level: Unknown level: '" + text + "'");
    return found;
  }

  LogHandler handler(const std::string& name, const LogOptions& forms) const {
    const std::string section = "handler_" + name;
    const std::string type = ini_.text(section, "class", "");
    try {
      LogHandler made;
      made.place = place(ini_.text(section, "formatter", ""), forms);
      made.least = level(section).value_or(base::LogLevel::kDebug);
      if (!ini_.text(section, "kwargs", "").empty()) refuse("kwargs are not read, args are");
      set_destination(class_of(type), parse_python_arguments(ini_.text(section, "args", "()")),
                      made.place);
      return made;
    } catch (const base::ConfigError&) {
      throw;
    } catch (const std::runtime_error& error) {
      refuse("[" + section + "] " + error.what());
    }
  }

  /// Without a destination yet.
  LogOptions place(const std::string& formatter, const LogOptions& forms) const {
    LogOptions made;
    made.identifier = forms.identifier;
    made.date_format.clear();
    if (formatter.empty()) {
      set_plain_form("%(message)s", made);
      return made;
    }
    const std::string section = "formatter_" + formatter;
    const std::string type = class_of(ini_.text(section, "class", "logging.Formatter"));
    made.date_format = ini_.text(section, "datefmt", "");
    if (type == "Formatter") {
      set_plain_form(ini_.text(section, "format", "%(message)s"), made);
    } else if (type == "ContextFormatter") {
      made.format = forms.format;
      made.context_format = forms.context_format;
      made.debug_suffix = forms.debug_suffix;
      made.exception_prefix = forms.exception_prefix;
      made.user_identity_format = forms.user_identity_format;
      made.instance_format = forms.instance_format;
      made.instance_uuid_format = forms.instance_uuid_format;
    } else if (type == "JSONFormatter") {
      made.json = true;
    } else {
      refuse("[" + section + "] the class " + type + " cannot be used here");
    }
    return made;
  }

  LogLogger logger(const std::string& name) const {
    const std::string section = "logger_" + name;
    LogLogger made;
    if (name != "root") made.name = ini_.text(section, "qualname", name);
    made.least = level(section);
    made.propagate = ini_.boolean(section, "propagate", true);
    for (const std::string& each : ini_.list(section, "handlers", "")) {
      const auto found = std::ranges::find(names_, each);
      if (found == names_.end()) refuse("[" + section + "] names the handler " + each);
      made.handlers.push_back(static_cast<std::size_t>(found - names_.begin()));
    }
    return made;
  }

  base::Ini ini_;
  LogOptions& options_;
  std::vector<std::string> names_;  ///< of handlers
};

}  // namespace

void read_python_logging(const std::string& file, LogOptions& options) {
  try {
    File(file, options).read();
  } catch (const std::runtime_error& error) {
    throw base::ConfigError("Error loading logging config " + file + ": " + error.what());
  }
}

}  // namespace inspector
