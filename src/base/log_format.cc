#include "base/log_format.h"

#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <stdexcept>

namespace base {
namespace {

using Clock = std::chrono::system_clock;

const Clock::time_point kBegun = Clock::now();

[[noreturn]] void refuse(std::string_view format, std::string_view why) {
  throw std::runtime_error("the log format '" + std::string(format) + "' " + std::string(why));
}

void append_padded(std::string& line, std::string_view text, int width, bool zeros) {
  if (width == 0) {
    line += text;
    return;
  }
  const std::size_t wanted = static_cast<std::size_t>(std::abs(width));
  const std::string padding(wanted > text.size() ? wanted - text.size() : 0, zeros ? '0' : ' ');
  if (width < 0) {
    line += text;
    line.append(padding.size(), ' ');
  } else {
    line += padding;
    line += text;
  }
}

std::int64_t microseconds_of(Clock::time_point time) {
  return std::chrono::floor<std::chrono::microseconds>(time.time_since_epoch()).count();
}

/// As datetime.isoformat() writes it, always with microseconds.
std::string iso_time(Clock::time_point time) {
  constexpr std::int64_t kSecond = 1'000'000;
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), "%06d",
                static_cast<int>(microseconds_of(time) % kSecond));
  std::string zone = local_time(time, "%z");  // +0100
  if (zone.size() == 5) zone.insert(3, ":");
  return local_time(time, "%Y-%m-%dT%H:%M:%S.") + fraction.data() + zone;
}

std::string thread_name() {
  std::array<char, 32> name{};
  pthread_getname_np(pthread_self(), name.data(), name.size());
  return name.data();
}

/// What oslo.context's get_logging_values() always has.
bool is_context_value(std::string_view name) {
  constexpr std::array<std::string_view, 21> kNames = {"user",           "user_name",
                                                       "project",        "project_id",
                                                       "project_name",   "domain",
                                                       "domain_name",    "system_scope",
                                                       "user_domain",    "user_domain_name",
                                                       "project_domain", "project_domain_name",
                                                       "request_id",     "global_request_id",
                                                       "resource_uuid",  "roles",
                                                       "is_admin",       "is_admin_project",
                                                       "read_only",      "show_deleted",
                                                       "auth_token"};
  for (const std::string_view known : kNames)
    if (known == name) return true;
  return false;
}

std::string_view context_value(const LogContext* context, std::string_view name) {
  if (!context) return {};
  const std::string_view found = context->find(name);
  if (found.empty() && is_context_value(name)) return "None";
  return found;
}

/// Asked of the kernel once; the child of a fork() asks anew.
pid_t process_id() {
  static std::atomic<pid_t> known = 0;
  static const int watched = pthread_atfork(nullptr, nullptr, [] { known = 0; });
  if (watched != 0) return getpid();
  if (known == 0) known = getpid();
  return known;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

std::string local_time(Clock::time_point time, const std::string& format) {
  // Most lines are of the same second as the last one.
  thread_local struct {
    std::optional<std::time_t> seconds;
    std::string format, text;
  } last;
  const std::time_t seconds = Clock::to_time_t(time);
  if (last.seconds == seconds && last.format == format) return last.text;
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 200> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), format.c_str(), &parts);
  last = {seconds, format, std::string(text.data(), size)};
  return last.text;
}

int milliseconds_of(Clock::time_point time) {
  constexpr std::int64_t kSecond = 1'000'000, kMillisecond = 1'000;
  return static_cast<int>(microseconds_of(time) % kSecond / kMillisecond);
}

std::string asctime_of(Clock::time_point time, const std::string& format) {
  if (!format.empty()) return local_time(time, format);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ",%03d", milliseconds_of(time));
  return local_time(time, "%Y-%m-%d %H:%M:%S") + fraction.data();
}

LogFormat::LogFormat(std::string_view format, std::string_view date_format)
    : date_format_(date_format) {
  std::string text;
  const auto end_text = [&] {
    if (!text.empty()) pieces_.push_back({.text = std::move(text)});
    text.clear();
  };
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    if (format.substr(i + 1).starts_with('%')) {
      text += '%';
      ++i;
      continue;
    }
    const std::size_t close = format.find(')', i);
    if (!format.substr(i + 1).starts_with('(') || close == std::string_view::npos)
      refuse(format, "has a % that is followed by neither (name) nor %");
    const std::size_t kind = format.find_first_of("sdrif", close);
    if (kind == std::string_view::npos) refuse(format, "has a field without s or d behind it");
    end_text();
    pieces_.push_back(parse_field(format.substr(i + 2, close - i - 2),
                                  format.substr(close + 1, kind - close - 1)));
    i = kind;
  }
  end_text();
}

LogFormat::Piece LogFormat::parse_field(std::string_view name, std::string_view spec) {
  constexpr std::array<std::pair<std::string_view, Field>, 21> kFields = {
      {{"asctime", Field::kTime},
       {"isotime", Field::kIsoTime},
       {"created", Field::kCreated},
       {"relativeCreated", Field::kRelative},
       {"msecs", Field::kMilliseconds},
       {"process", Field::kProcess},
       {"processName", Field::kProcessName},
       {"thread", Field::kThread},
       {"threadName", Field::kThreadName},
       {"levelname", Field::kLevel},
       {"levelno", Field::kLevelNumber},
       {"name", Field::kName},
       {"message", Field::kMessage},
       {"instance", Field::kInstance},
       {"user_identity", Field::kUserIdentity},
       {"error_summary", Field::kErrorSummary},
       {"funcName", Field::kFunction},
       {"pathname", Field::kPath},
       {"filename", Field::kFile},
       {"module", Field::kModule},
       {"lineno", Field::kLine}}};
  Piece piece{.field = Field::kContext, .text = std::string(name)};
  const bool left = spec.starts_with('-');
  if (left) spec.remove_prefix(1);
  piece.zeros = spec.starts_with('0');
  const std::string_view digits = spec.substr(0, spec.find('.'));
  if (!digits.empty()) {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), piece.width);
    if (error != std::errc() || end != digits.data() + digits.size() || piece.width > 200)
      throw std::runtime_error("the log format has a width of '" + std::string(digits) + "'");
  }
  if (left) piece.width = -piece.width;
  for (const auto& [known, field] : kFields)
    if (known == name) piece.field = field;
  return piece;
}

bool LogFormat::names(std::string_view field) const {
  for (const Piece& piece : pieces_)
    if (piece.field != Field::kText && piece.text == field) return true;
  return false;
}

std::string LogFormat::time_value(Field field, const LogRecord& record) const {
  constexpr double kMicro = 1e-6, kMilli = 1e-3;
  switch (field) {
    case Field::kTime:
      return asctime_of(record.time, date_format_);
    case Field::kIsoTime:
      return iso_time(record.time);
    case Field::kCreated:
      return std::to_string(static_cast<double>(microseconds_of(record.time)) * kMicro);
    case Field::kRelative:
      return std::to_string(
          static_cast<double>(microseconds_of(record.time) - microseconds_of(kBegun)) * kMilli);
    default:
      return std::to_string(milliseconds_of(record.time));
  }
}

std::string LogFormat::value(const Piece& piece, const LogRecord& record) const {
  switch (piece.field) {
    case Field::kTime:
    case Field::kIsoTime:
    case Field::kCreated:
    case Field::kRelative:
    case Field::kMilliseconds:
      return time_value(piece.field, record);
    case Field::kProcess:
      return std::to_string(process_id());
    case Field::kProcessName:
      return "MainProcess";
    case Field::kThread:
      return std::to_string(pthread_self());
    case Field::kThreadName:
      return thread_name();
    case Field::kLevelNumber:
      return std::to_string(level_number(record.level));
    case Field::kFunction:
      return record.source.function;
    case Field::kPath:
      return path_of(record);
    case Field::kFile:
      return file_name(path_of(record));
    case Field::kModule: {
      const std::string file = file_name(path_of(record));
      return file.substr(0, file.rfind('.'));
    }
    default:  // kLine
      break;
  }
  return std::to_string(record.source.line);
}

/// What is there as a text already; nullopt: value() has to make it.
std::optional<std::string_view> LogFormat::known_value(const Piece& piece, const LogRecord& record,
                                                       const LogParts& parts) {
  switch (piece.field) {
    case Field::kText:
      return piece.text;
    case Field::kContext:
      return context_value(record.context.get(), piece.text);
    case Field::kLevel:
      return level_name(record.level);
    case Field::kName:
      return record.source.component;
    case Field::kMessage:
      return parts.message;
    case Field::kInstance:
      return parts.instance;
    case Field::kUserIdentity:
      return parts.user_identity;
    case Field::kErrorSummary:
      return parts.error_summary;
    default:
      return std::nullopt;
  }
}

void LogFormat::append(std::string& line, const LogRecord& record, const LogParts& parts) const {
  for (const Piece& piece : pieces_) {
    if (const auto known = known_value(piece, record, parts))
      append_padded(line, *known, piece.width, piece.zeros);
    else
      append_padded(line, value(piece, record), piece.width, piece.zeros);
  }
}

std::string LogFormat::filled(const std::function<std::string(std::string_view)>& value_of) const {
  std::string text;
  for (const Piece& piece : pieces_)
    append_padded(text, piece.field == Field::kText ? piece.text : value_of(piece.text),
                  piece.width, piece.zeros);
  return text;
}

}  // namespace base
